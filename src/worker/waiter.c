/*
 * waiter.c
 *	  Without a launcher: sends a worker again when a message is due.
 *
 * A worker that has nothing to do until the next attempt at a message leaves
 * the database, so that nobody's DROP DATABASE waits for it.  A waiter is a
 * process that remembers the time meanwhile, connected to no database.  A lock
 * sees to it that each database has but one; it never waits for long, so one
 * that began with a later time in mind does little harm.
 *
 * What only a waiter knows is lost when the server stops.  The message is not:
 * the next occasion finds it.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/lock.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "base/lock.h"
#include "worker/known.h"
#include "worker/pool.h"
#include "worker/step.h"
#include "worker/waiter.h"

/* Longest wait, ms. */
#define MAX_WAIT 30000
/* The server had no place for a worker: try again after that, ms. */
#define NO_PLACE_WAIT 1000

void
sd_waiter_start(int64 wait)
{
	SdWorkerStart start = {.database = MyDatabaseId, .place = -1};
	BackgroundWorker worker;

	start.not_before = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), Min(wait, MAX_WAIT));
	sd_worker_describe(&worker, &start);
	strlcpy(worker.bgw_function_name, "sd_waiter_main", sizeof(worker.bgw_function_name));
	snprintf(worker.bgw_name, BGW_MAXLEN, "schemadrift waiter for database %u", MyDatabaseId);
	strlcpy(worker.bgw_type, "schemadrift waiter", sizeof(worker.bgw_type));
	if (!RegisterDynamicBackgroundWorker(&worker, NULL))
		ereport(LOG,
				(errmsg("schemadrift leaves messages of database %u to the next occasion:"
						" no background worker slot is free", MyDatabaseId),
				 errhint("Increase max_worker_processes, or add schemadrift to shared_preload_libraries.")));
}

/* Be the only waiter of that database, until unlocked. */
static bool
is_only_waiter(Oid database)
{
	LOCKTAG		tag;
	bool		only;

	sd_lock_tag_of(&tag, database, SD_LOCK_RETURN);
	StartTransactionCommand();
	only = SD_LOCK_TRY(&tag, ExclusiveLock, true);
	CommitTransactionCommand();
	return only;
}

/* The worker may want to leave a waiter behind, too. */
static void
make_room(Oid database)
{
	LOCKTAG		tag;

	sd_lock_tag_of(&tag, database, SD_LOCK_RETURN);
	LockRelease(&tag, ExclusiveLock, true);
}

static void
wait_until(TimestampTz time)
{
	TimestampTz now;

	while ((now = GetCurrentTimestamp()) < time)
		sd_step_wait(Max(TimestampDifferenceMilliseconds(now, time), 1));
}

void
sd_waiter_main(Datum arg)
{
	SdWorkerStart start;
	BackgroundWorker worker;

	memcpy(&start, MyBgworkerEntry->bgw_extra, sizeof(start));
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	/* shared catalogs only */
	BackgroundWorkerInitializeConnection(NULL, NULL, 0);
	SetConfigOption("application_name", "schemadrift waiter", PGC_USERSET, PGC_S_SESSION);
	sd_step_idle(NULL);
	if (!is_only_waiter(start.database))
		proc_exit(0);
	wait_until(start.not_before);
	make_room(start.database);

	start.not_before = 0;
	sd_worker_describe(&worker, &start);
	while (sd_known_still_there(start.database) && !RegisterDynamicBackgroundWorker(&worker, NULL))
		sd_step_wait(NO_PLACE_WAIT);
	proc_exit(0);
}
