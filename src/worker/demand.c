/*
 * demand.c
 *	  Wakes the workers at commit; starts one where there is no launcher.
 *
 * Preloaded: the commit marks the database dirty in shared memory and sets one
 * latch, that of the worker attached to the database or else the launcher's.
 *
 * Not preloaded: just before the commit a worker of this database is looked
 * for by its lock.  One that is there is woken after the commit, and until
 * then kept from leaving by a lock that is shared; else one is started, which
 * waits until the transaction has ended.  When the server has no place for it,
 * the message waits for the next occasion: nothing here may fail the user's
 * transaction.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "storage/lock.h"
#include "storage/proc.h"

#include "base/compat.h"
#include "base/lock.h"
#include "base/wake.h"
#include "worker/demand.h"
#include "worker/pool.h"
#include "worker/shared.h"

/* Whom to wake after the commit; found before it, where one may allocate. */
static uint32 attached = 0;

static bool
register_worker(void)
{
	SdWorkerStart start = {.database = MyDatabaseId, .place = -1};
	BackgroundWorker worker;

	start.after = GetTopTransactionIdIfAny();
	sd_worker_describe(&worker, &start);
	return RegisterDynamicBackgroundWorker(&worker, NULL);
}

/* The attached worker, kept there until our transaction ends; 0 = none stays. */
static uint32
keep_attached(void)
{
	LOCKTAG		tag;

	sd_lock_tag(&tag, SD_LOCK_COMMIT);
	return SD_LOCK_TRY(&tag, ShareLock, false) ? sd_worker_attached() : 0;
}

static void
before_commit(void)
{
	attached = 0;
	if (sd_shared() != NULL)
	{
		/* the slot must exist before the commit, where nothing may go wrong */
		(void) sd_slot(MyDatabaseId, true);
		return;
	}
	/* a worker's own commits need no other worker, nor do a standby's */
	if (SD_AM_BACKGROUND_WORKER && strcmp(MyBgworkerEntry->bgw_type, "schemadrift worker") == 0)
		return;
	attached = keep_attached();
	if (attached == 0 && !register_worker())
		ereport(DEBUG1,
				(errmsg("schemadrift could not start a worker: no background worker slot is free")));
}

static void
mark_dirty(void)
{
	SdShared   *shared = sd_shared();
	SdSlot	   *slot = sd_slot(MyDatabaseId, false);
	uint32		worker = 0;

	if (slot != NULL)
	{
		pg_atomic_fetch_add_u32(&slot->dirty, 1);
		worker = pg_atomic_read_u32(&slot->worker);
	}
	/* without a slot the launcher's poll finds the work */
	sd_wake_process(worker != 0 ? worker : pg_atomic_read_u32(&shared->launcher));
}

static void
at_commit(void)
{
	if (sd_shared() != NULL)
		mark_dirty();
	else
		sd_wake_process(attached);
}

SdStartResult
sd_demand_start(void)
{
	if (sd_shared() != NULL)
	{
		(void) sd_slot(MyDatabaseId, true);
		mark_dirty();
		return SD_START_WOKEN;
	}
	attached = keep_attached();
	if (attached != 0)
	{
		sd_wake_process(attached);
		return SD_START_WOKEN;
	}
	return register_worker() ? SD_START_STARTED : SD_START_NO_PLACE;
}

void
sd_demand_install(void)
{
	sd_wake_hooks.before_commit = before_commit;
	sd_wake_hooks.commit = at_commit;
}
