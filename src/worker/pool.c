/*
 * pool.c
 *	  A worker: attaches to one database, drains what is due, leaves.
 *
 * A session lock (base/lock.h) makes it the only one of its database, with or
 * without the launcher; so whatever is marked as being sent or run when it
 * starts was left by one that is gone, and is settled at once.
 *
 * It stays while there is something to do, and then for
 * schemadrift.worker_linger, unless another database waits for its place.
 * Without a launcher nobody can ask it to make way for DROP DATABASE, so then
 * it leaves at once, and for a message that waits for its next attempt it
 * leaves a waiter behind, who is connected to no database (waiter.c).
 *
 * No transaction is open in any wait, and none during HTTP.  The signal
 * handlers only set flags; they are acted on by CHECK_FOR_INTERRUPTS().
 */
#include "postgres.h"

#include "access/xact.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "tcop/tcopprot.h"
#include "utils/memutils.h"

#include "base/compat.h"
#include "base/lock.h"
#include "base/settings.h"
#include "base/spi.h"
#include "http/transport.h"
#include "store/delivery.h"
#include "store/run.h"
#include "worker/check.h"
#include "worker/deliver.h"
#include "worker/fence.h"
#include "worker/pool.h"
#include "worker/runs.h"
#include "worker/shared.h"
#include "worker/step.h"
#include "worker/waiter.h"
#include "workflow/retention.h"

#define STEP_TIMEOUT 30000
/* Rows of the past deleted in one transaction, and ms between two cleanings. */
#define EXPIRE_BATCH 1000
#define CLEANUP_INTERVAL 3600000
/* Until it is looked whether an extension that was being dropped is gone, ms. */
#define GONE_WAIT 10000
/* Waits are cut into these slices, ms, though latches wake them anyway. */
#define MAX_WAIT 60000
/* A message is due but was not taken (locked): look again then, ms. */
#define BUSY_WAIT 1000
/* Without a launcher: what is due that soon is not worth leaving for, ms. */
#define STAY_FOR_DUE 1000
/* Longest slice in which sessions that are committing are waited for, ms. */
#define COMMIT_SLICE 100

static SdWorkerStart start;
static SdSlot *slot = NULL;		/* NULL without shared memory, or no room */

/* -- being the one worker -------------------------------------------------- */

static bool
try_session_lock(SdLock lock, LOCKMODE mode)
{
	LOCKTAG		tag;

	sd_lock_tag(&tag, lock);
	return SD_LOCK_TRY(&tag, mode, true);
}

static void
unlock_session(SdLock lock, LOCKMODE mode)
{
	LOCKTAG		tag;

	sd_lock_tag(&tag, lock);
	LockRelease(&tag, mode, true);
}

uint32
sd_worker_attached(void)
{
	LOCKTAG		tag;
	LockData   *locks;
	PGPROC	   *proc = NULL;
	int			i;

	sd_lock_tag(&tag, SD_LOCK_WORKER);
	/* GetLockConflicts() leaves out holders that are in no transaction */
	locks = GetLockStatusData();
	for (i = 0; i < locks->nelements && proc == NULL; i++)
		if (locks->locks[i].holdMask != 0 &&
			memcmp(&locks->locks[i].locktag, &tag, sizeof(tag)) == 0)
			proc = BackendPidGetProc(locks->locks[i].pid);
	return proc == NULL ? 0 : (uint32) (proc - ProcGlobal->allProcs) + 1;
}

/* Only numbers are left behind, and only our own. */
static void
leave(int code, Datum arg)
{
	if (slot != NULL && pg_atomic_read_u32(&slot->worker_pid) == (uint32) MyProcPid)
	{
		pg_atomic_write_u32(&slot->worker, 0);
		pg_atomic_write_u32(&slot->worker_pid, 0);
	}
}

static void
set_outcome(SdOutcome outcome)
{
	if (sd_shared() != NULL && start.place >= 0)
		pg_atomic_write_u32(&sd_shared()->outcome[start.place], outcome);
}

/*
 * Become the only worker.  Without a launcher the one that is there may be on
 * its way out, past its last look; if it is not, it has to look again, for
 * whoever started us did not see it.
 */
static bool
become_worker(void)
{
	LOCKTAG		commit;
	bool		alone = try_session_lock(SD_LOCK_WORKER, ExclusiveLock);

	if (alone || sd_shared() != NULL)
		return alone;
	sd_lock_tag(&commit, SD_LOCK_COMMIT);
	(void) LockAcquire(&commit, ShareLock, false, false);
	alone = try_session_lock(SD_LOCK_WORKER, ExclusiveLock);
	if (!alone)
		sd_wake_process(sd_worker_attached());
	return alone;
}

/*
 * Become the worker of this database.  False when the extension is not there
 * or another worker is.
 */
static bool
attach(void)
{
	bool		installed;
	bool		alone = false;
	uint32		seen;

	/* read first: a wake-up that comes while we look must bring us back */
	slot = sd_slot(MyDatabaseId, false);
	seen = slot ? pg_atomic_read_u32(&slot->dirty) : 0;
	StartTransactionCommand();
	installed = OidIsValid(get_extension_oid("schemadrift", true));
	if (installed)
		alone = become_worker();
	CommitTransactionCommand();
	if (!installed)
	{
		set_outcome(SD_OUTCOME_ABSENT);
		if (slot)
			pg_atomic_write_u32(&slot->done, seen);
	}
	else if (!alone)
		set_outcome(SD_OUTCOME_DRAINED);
	if (!alone)
		return false;
	slot = sd_slot(MyDatabaseId, true);
	if (slot != NULL)
	{
		pg_atomic_write_u32(&slot->worker_pid, (uint32) MyProcPid);
		pg_atomic_write_u32(&slot->worker, (uint32) SD_MY_PROC_NUMBER + 1);
	}
	return true;
}

/* An on-demand worker is started just before the commit it is to act upon. */
static void
wait_for_commit(void)
{
	long		slice = 1;

	while (TransactionIdIsValid(start.after) && TransactionIdIsInProgress(start.after))
	{
		sd_step_wait(slice);
		slice = Min(slice * 2, 100);
	}
}

/* -- the work -------------------------------------------------------------- */

static void
settle_step(void *arg)
{
	uint64		lost = sd_delivery_release();

	lost += sd_run_release();
	if (lost > 0)
		ereport(LOG, (errmsg("schemadrift takes over " UINT64_FORMAT " items of a worker that is gone",
							 lost)));
}

static void
expire_step(void *arg)
{
	*((uint64 *) arg) = sd_delivery_expire(EXPIRE_BATCH) + sd_run_expire(EXPIRE_BATCH) +
		sd_retention_apply(EXPIRE_BATCH);
}

/* Delete what is too old to keep, now and then. */
static void
clean_up(void)
{
	static TimestampTz own_last = 0;
	TimestampTz last = slot ? (TimestampTz) pg_atomic_read_u64(&slot->last_cleanup) : own_last;
	TimestampTz now = GetCurrentTimestamp();
	uint64		deleted;

	if (last != 0 && !TimestampDifferenceExceeds(last, now, CLEANUP_INTERVAL))
		return;
	own_last = now;
	if (slot)
		pg_atomic_write_u64(&slot->last_cleanup, (uint64) now);
	do
	{
		deleted = 0;
		if (sd_step("schemadrift: deleting old rows", STEP_TIMEOUT, expire_step, &deleted, NULL)
			!= SD_STEP_DONE)
			break;
		CHECK_FOR_INTERRUPTS();
	} while (deleted >= EXPIRE_BATCH);
}

/* Somebody wants this database for himself, or another one waits. */
static bool
should_yield(void)
{
	if (slot != NULL &&
		(TimestampTz) pg_atomic_read_u64(&slot->blocked_until) > GetCurrentTimestamp())
		return true;
	return false;
}

static bool
others_wait(void)
{
	return sd_shared() != NULL && pg_atomic_read_u32(&sd_shared()->waiting) > 0;
}

/* A wake-up came since the last look, or work has been left for later. */
static bool
is_dirty(void)
{
	return slot != NULL &&
		pg_atomic_read_u32(&slot->dirty) != pg_atomic_read_u32(&slot->done);
}

/*
 * Do everything that is due.  Returns the milliseconds until something is due
 * again, -1 = nothing known, or -2 when the extension is gone.
 */
static int64
drain(void)
{
	uint32		seen = slot ? pg_atomic_read_u32(&slot->dirty) : 0;
	SdFence		fence = sd_fence();
	int64		wait = -1;
	int64		check;

	if (fence == SD_FENCE_GONE)
		return -2;
	if (fence == SD_FENCE_OPEN && !sd_check_if_due())
		return -2;
	while (fence != SD_FENCE_SHUT && !should_yield() && sd_run_one())
		CHECK_FOR_INTERRUPTS();
	if (sd_delivery && fence != SD_FENCE_SHUT)
	{
		while (!should_yield() && sd_deliver_one(fence == SD_FENCE_TESTS))
		{
			CHECK_FOR_INTERRUPTS();
			/* DDL that commits meanwhile does not wait for a long queue */
			if (is_dirty() && fence == SD_FENCE_OPEN &&
				pg_atomic_read_u32(&slot->dirty) != seen)
			{
				seen = pg_atomic_read_u32(&slot->dirty);
				sd_check_if_due();
			}
		}
		wait = sd_deliver_next_due(fence == SD_FENCE_TESTS);
		if (wait == 0)
			wait = BUSY_WAIT;
	}
	check = fence == SD_FENCE_OPEN ? sd_check_next_due() : -1;
	if (check == 0)
		check = BUSY_WAIT;
	if (check >= 0)
		wait = wait < 0 ? check : Min(wait, check);
	clean_up();
	if (slot != NULL)
	{
		pg_atomic_write_u32(&slot->done, seen);
		pg_atomic_write_u64(&slot->last_drain, (uint64) GetCurrentTimestamp());
	}
	return wait;
}

/* When the launcher should send somebody here again. */
static void
tell_next_due(int64 wait)
{
	if (slot != NULL)
		pg_atomic_write_u64(&slot->next_due, wait < 0 ? 0 :
							(uint64) TimestampTzPlusMilliseconds(GetCurrentTimestamp(), wait));
}

/*
 * Wait for a wake-up or the time something is due.  False = leave: idle for
 * long enough, or wanted elsewhere.
 */
static bool
linger(int64 wait)
{
	bool		launched = sd_shared() != NULL;
	TimestampTz until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), launched ? sd_worker_linger : 0);
	TimestampTz due = wait < 0 ? 0 : TimestampTzPlusMilliseconds(GetCurrentTimestamp(), wait);
	bool		stay_for_due = !launched && wait >= 0 && wait <= STAY_FOR_DUE;

	for (;;)
	{
		TimestampTz now = GetCurrentTimestamp();
		TimestampTz end = stay_for_due ? due : until;
		long		slice;

		if (should_yield())
			return false;
		if (is_dirty() || (due != 0 && now >= due))
			return true;
		if (others_wait() || now >= end)
			return false;
		slice = TimestampDifferenceMilliseconds(now, due != 0 ? Min(due, end) : end);
		/* without shared memory a set latch is all we are told */
		if (sd_step_wait(Max(Min(slice, MAX_WAIT), 1)) && slot == NULL)
			return true;
	}
}

/*
 * Without a launcher a session that found us tells us after its commit.  Only
 * when none is in between, and none has told us since the last look, may we
 * let go of the lock; then later ones find nobody and start another worker.
 */
static bool
may_leave(void)
{
	long		slice = 1;

	if (sd_shared() != NULL)
		return true;
	while (!try_session_lock(SD_LOCK_COMMIT, ExclusiveLock))
	{
		sd_step_wait(slice);
		slice = Min(slice * 2, COMMIT_SLICE);
	}
	if (slice > 1 || sd_step_wait(0))
	{
		unlock_session(SD_LOCK_COMMIT, ExclusiveLock);
		return false;
	}
	/* the other lock goes with the process: who cannot share it finds nobody */
	unlock_session(SD_LOCK_WORKER, ExclusiveLock);
	return true;
}

static void
work(void)
{
	MemoryContext turn = AllocSetContextCreate(TopMemoryContext, "schemadrift worker",
											   ALLOCSET_DEFAULT_SIZES);
	int64		wait;

	MemoryContextSwitchTo(turn);
	sd_step("schemadrift: settling", STEP_TIMEOUT, settle_step, NULL, NULL);
	do
	{
		MemoryContextReset(turn);
		ResetLatch(MyLatch);
		wait = drain();
		tell_next_due(wait);
	} while (wait != -2 && (linger(wait) || !may_leave()));
	/*
	 * Whoever drops the extension has yet to commit: the next worker finds it
	 * gone, or there again, and is not to come at once and again and again.
	 */
	set_outcome(wait == -2 ? SD_OUTCOME_FAILED : SD_OUTCOME_DRAINED);
	if (sd_shared() == NULL && wait != -1)
		sd_waiter_start(wait == -2 ? GONE_WAIT : wait);
}

/* -- coming and going ------------------------------------------------------ */

void
sd_worker_describe(BackgroundWorker *worker, const SdWorkerStart *parameters)
{
	memset(worker, 0, sizeof(*worker));
	worker->bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
	worker->bgw_start_time = BgWorkerStart_RecoveryFinished;
	/* who restarts it is the launcher, which knows whether there is a reason */
	worker->bgw_restart_time = BGW_NEVER_RESTART;
	strlcpy(worker->bgw_library_name, "schemadrift", sizeof(worker->bgw_library_name));
	strlcpy(worker->bgw_function_name, "sd_pool_worker_main", sizeof(worker->bgw_function_name));
	snprintf(worker->bgw_name, BGW_MAXLEN, "schemadrift worker for database %u",
			 parameters->database);
	strlcpy(worker->bgw_type, "schemadrift worker", sizeof(worker->bgw_type));
	memcpy(worker->bgw_extra, parameters, sizeof(*parameters));
	StaticAssertStmt(sizeof(SdWorkerStart) <= BGW_EXTRALEN, "too much for bgw_extra");
}

void
sd_pool_worker_main(Datum arg)
{
	memcpy(&start, MyBgworkerEntry->bgw_extra, sizeof(start));
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, die);		/* sets flags only, unlike the default */
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnectionByOid(start.database, InvalidOid, 0);
	sd_step_prepare_session();
	sd_spi_keep_plans();
	wait_for_commit();
	before_shmem_exit(leave, 0);
	if (!attach())
		proc_exit(0);
	work();
	sd_http_shutdown();
	proc_exit(0);
}
