/*
 * launcher.c
 *	  Sends workers to the databases that need one.
 *
 * Level-triggered: each turn compares what should run with what runs, from
 * pg_database, the slots and the handles of its own workers; a wake-up only
 * makes the turn come sooner, so a lost one costs time and nothing else.
 *
 * It is connected to no database, so it is in nobody's way, and it writes
 * nothing.  What it knows about a database (known.c) is its own memory and is
 * built anew after a restart, at the price of one look at each database.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "tcop/tcopprot.h"
#include "utils/memutils.h"

#include "base/compat.h"
#include "base/settings.h"
#include "worker/known.h"
#include "worker/launcher.h"
#include "worker/pool.h"
#include "worker/shared.h"
#include "worker/step.h"

/* Seconds until the server starts a launcher again that failed. */
#define RESTART_SECONDS 5
/* The server had no place for a worker: try again after that, ms. */
#define NO_PLACE_WAIT 1000
/* ... and say so at most that often, ms. */
#define NO_PLACE_LOG_INTERVAL 60000

typedef struct Place
{
	BackgroundWorkerHandle *handle; /* NULL = free */
	Oid			database;
} Place;

static Place pool[SD_MAX_POOL];
static bool no_place = false;	/* the last registration was refused */

static void
leave(int code, Datum arg)
{
	pg_atomic_write_u32(&sd_shared()->launcher, 0);
	pg_atomic_write_u32(&sd_shared()->launcher_pid, 0);
}

/* Learn how the workers that are gone left. */
static void
reap(void)
{
	pid_t		pid;
	int			i;

	for (i = 0; i < SD_MAX_POOL; i++)
	{
		BgwHandleStatus status;

		if (pool[i].handle == NULL)
			continue;
		status = GetBackgroundWorkerPid(pool[i].handle, &pid);
		if (status != BGWH_STOPPED && status != BGWH_POSTMASTER_DIED)
			continue;
		pfree(pool[i].handle);
		pool[i].handle = NULL;
		sd_known_left(pool[i].database, pg_atomic_read_u32(&sd_shared()->outcome[i]));
	}
}

static bool
is_attached(Oid database)
{
	int			i;

	for (i = 0; i < SD_MAX_POOL; i++)
		if (pool[i].handle != NULL && pool[i].database == database)
			return true;
	return false;
}

static int
free_place(void)
{
	int			i;

	for (i = 0; i < Min(sd_workers, SD_MAX_POOL); i++)
		if (pool[i].handle == NULL)
			return i;
	return -1;
}

static void
complain_no_place(void)
{
	static TimestampTz last = 0;
	TimestampTz now = GetCurrentTimestamp();

	pg_atomic_fetch_add_u32(&sd_shared()->no_worker_slot, 1);
	if (last != 0 && !TimestampDifferenceExceeds(last, now, NO_PLACE_LOG_INTERVAL))
		return;
	last = now;
	ereport(LOG,
			(errmsg("schemadrift could not start a worker: no background worker slot is free"),
			 errhint("Increase max_worker_processes.")));
}

/* Send a worker; false when the server has no place for one. */
static bool
send_worker(int place, Oid database)
{
	SdWorkerStart start = {.database = database, .place = place};
	BackgroundWorker worker;
	MemoryContext caller;
	bool		ok;

	sd_worker_describe(&worker, &start);
	worker.bgw_notify_pid = MyProcPid;
	pg_atomic_write_u32(&sd_shared()->outcome[place], SD_OUTCOME_FAILED);
	caller = MemoryContextSwitchTo(TopMemoryContext);
	ok = RegisterDynamicBackgroundWorker(&worker, &pool[place].handle);
	MemoryContextSwitchTo(caller);
	if (!ok)
	{
		pool[place].handle = NULL;
		complain_no_place();
		return false;
	}
	pool[place].database = database;
	return true;
}

/* Ask idle workers to make room. */
static void
tell_waiting(uint32 waiting)
{
	int			i;

	pg_atomic_write_u32(&sd_shared()->waiting, waiting);
	for (i = 0; waiting > 0 && i < SD_MAX_POOL; i++)
	{
		SdSlot	   *slot = pool[i].handle ? sd_slot(pool[i].database, false) : NULL;

		if (slot != NULL)
			sd_wake_process(pg_atomic_read_u32(&slot->worker));
	}
}

/* Send workers to whoever is due, the one that waits longest first. */
static void
dispatch(void)
{
	List	   *due = sd_known_due(is_attached);
	uint32		waiting = 0;
	ListCell   *cell;

	no_place = false;
	foreach(cell, due)
	{
		Oid			database = lfirst_oid(cell);
		int			place = free_place();

		if (place < 0 || no_place)
			waiting++;
		/* it may have been dropped since the last scan */
		else if (!sd_known_still_there(database))
			sd_known_forget(database);
		else if (!send_worker(place, database))
		{
			no_place = true;
			waiting++;
		}
	}
	/* where the server has no place, leaving would help nobody */
	tell_waiting(no_place ? 0 : waiting);
}

static long
time_to_wait(void)
{
	long		wait = sd_known_next(is_attached);

	if (no_place)
		wait = Min(wait, NO_PLACE_WAIT);
	return Max(Min(wait, sd_poll_interval), 1);
}

static void
init(void)
{
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	/* shared catalogs only */
	BackgroundWorkerInitializeConnection(NULL, NULL, 0);
	SetConfigOption("application_name", "schemadrift launcher", PGC_USERSET, PGC_S_SESSION);
	pg_atomic_write_u32(&sd_shared()->launcher_pid, (uint32) MyProcPid);
	pg_atomic_write_u32(&sd_shared()->launcher, (uint32) SD_MY_PROC_NUMBER + 1);
	before_shmem_exit(leave, 0);
	pgstat_report_activity(STATE_IDLE, NULL);
}

void
sd_launcher_main(Datum arg)
{
	MemoryContext turn;

	init();
	turn = AllocSetContextCreate(TopMemoryContext, "schemadrift launcher", ALLOCSET_DEFAULT_SIZES);
	for (;;)
	{
		MemoryContextReset(turn);
		MemoryContextSwitchTo(turn);
		ResetLatch(MyLatch);
		reap();
		sd_known_refresh();
		dispatch();
		MemoryContextSwitchTo(turn);
		sd_step_wait(time_to_wait());
	}
}

void
sd_launcher_register(void)
{
	BackgroundWorker worker;

	memset(&worker, 0, sizeof(worker));
	worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
	worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker.bgw_restart_time = RESTART_SECONDS;
	strlcpy(worker.bgw_library_name, "schemadrift", sizeof(worker.bgw_library_name));
	strlcpy(worker.bgw_function_name, "sd_launcher_main", sizeof(worker.bgw_function_name));
	strlcpy(worker.bgw_name, "schemadrift launcher", sizeof(worker.bgw_name));
	strlcpy(worker.bgw_type, "schemadrift launcher", sizeof(worker.bgw_type));
	RegisterBackgroundWorker(&worker);
}
