/*
 * shared.c
 *	  What the launcher, the workers and committing sessions tell each other.
 *
 * Fields are atomics, each meaningful by itself, so that a session can mark
 * its database in the middle of its commit without a lock.  The lock protects
 * only which slot belongs to which database: it is taken exclusively to assign
 * or free one.  A slot is found without it: its database cannot be dropped,
 * hence the slot not be freed, while the session that looks is attached to it.
 *
 * Latches are found through the number of a PGPROC, not through a pointer.  A
 * number may meanwhile belong to another process; that one is woken for
 * nothing, which every process of the server bears.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/shmem.h"

#include "base/compat.h"
#include "worker/shared.h"

static SdShared *shared = NULL;
static shmem_request_hook_type previous_request = NULL;
static shmem_startup_hook_type previous_startup = NULL;

static void
request(void)
{
	if (previous_request)
		previous_request();
	RequestAddinShmemSpace(MAXALIGN(sizeof(SdShared)));
	RequestNamedLWLockTranche("schemadrift", 1);
}

static void
init_slot(SdSlot *slot, Oid database)
{
	pg_atomic_init_u32(&slot->database, database);
	pg_atomic_init_u32(&slot->dirty, 0);
	pg_atomic_init_u32(&slot->done, 0);
	pg_atomic_init_u32(&slot->worker, 0);
	pg_atomic_init_u32(&slot->worker_pid, 0);
	pg_atomic_init_u32(&slot->fence_logged, 0);
	pg_atomic_init_u64(&slot->blocked_until, 0);
	pg_atomic_init_u64(&slot->last_drain, 0);
	pg_atomic_init_u64(&slot->next_due, 0);
	pg_atomic_init_u64(&slot->last_cleanup, 0);
	pg_atomic_init_u64(&slot->checked_xmin, 0);
	pg_atomic_init_u64(&slot->checked_count, 0);
	pg_atomic_init_u64(&slot->checked_misses, 0);
	pg_atomic_init_u64(&slot->checked_open_until, 0);
}

static void
startup(void)
{
	bool		found;
	int			i;

	if (previous_startup)
		previous_startup();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	shared = ShmemInitStruct("schemadrift", sizeof(SdShared), &found);
	if (!found)
	{
		shared->lock = &GetNamedLWLockTranche("schemadrift")->lock;
		pg_atomic_init_u32(&shared->launcher, 0);
		pg_atomic_init_u32(&shared->launcher_pid, 0);
		pg_atomic_init_u32(&shared->waiting, 0);
		pg_atomic_init_u32(&shared->no_worker_slot, 0);
		pg_atomic_init_u64(&shared->last_scan, 0);
		for (i = 0; i < SD_MAX_POOL; i++)
			pg_atomic_init_u32(&shared->outcome[i], SD_OUTCOME_FAILED);
		for (i = 0; i < SD_MAX_SLOTS; i++)
			init_slot(&shared->slots[i], InvalidOid);
	}
	LWLockRelease(AddinShmemInitLock);
}

void
sd_shared_register(void)
{
	previous_request = shmem_request_hook;
	shmem_request_hook = request;
	previous_startup = shmem_startup_hook;
	shmem_startup_hook = startup;
}

SdShared *
sd_shared(void)
{
	return shared;
}

/* Slots are filled from the front but freed anywhere, so look at all. */
static SdSlot *
find(Oid database)
{
	int			i;

	for (i = 0; i < SD_MAX_SLOTS; i++)
		if (pg_atomic_read_u32(&shared->slots[i].database) == database)
			return &shared->slots[i];
	return NULL;
}

SdSlot *
sd_slot(Oid database, bool create)
{
	SdSlot	   *slot;

	if (shared == NULL || !OidIsValid(database))
		return NULL;
	slot = find(database);
	if (slot != NULL || !create)
		return slot;
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	slot = find(database);
	if (slot == NULL && (slot = find(InvalidOid)) != NULL)
		pg_atomic_write_u32(&slot->database, database);
	LWLockRelease(shared->lock);
	return slot;
}

void
sd_slot_forget(Oid database)
{
	SdSlot	   *slot;

	if (shared == NULL)
		return;
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	slot = find(database);
	if (slot != NULL)
		init_slot(slot, InvalidOid);
	LWLockRelease(shared->lock);
}

void
sd_wake_process(uint32 number_plus_one)
{
	if (number_plus_one > 0 && number_plus_one <= ProcGlobal->allProcCount)
		SetLatch(&ProcGlobal->allProcs[number_plus_one - 1].procLatch);
}
