/*
 * pool.h
 *	  A worker: attaches to one database, drains what is due, leaves.
 */
#ifndef SD_POOL_H
#define SD_POOL_H

#include "postgres.h"

#include "postmaster/bgworker.h"
#include "storage/lock.h"

/* What a worker is started with, in bgw_extra. */
typedef struct SdWorkerStart
{
	Oid			database;
	int			place;			/* in the launcher's pool, -1 = on demand */
	TransactionId after;		/* wait until this has ended; Invalid = none */
	TimestampTz not_before;		/* of a waiter: when it sends a worker */
} SdWorkerStart;

/* Fill in a worker for RegisterDynamicBackgroundWorker(). */
extern void sd_worker_describe(BackgroundWorker *worker, const SdWorkerStart *start);

/* Number of the PGPROC of this database's worker plus one, 0 = there is none.
 * Looks at the lock, so it works without shared memory of ours. */
extern uint32 sd_worker_attached(void);

extern PGDLLEXPORT void sd_pool_worker_main(Datum arg);

#endif							/* SD_POOL_H */
