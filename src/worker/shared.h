/*
 * shared.h
 *	  What the launcher, the workers and committing sessions tell each other.
 *
 * Numbers and flags only.  Present when the library is preloaded; otherwise
 * sd_shared() is NULL and everything here does nothing.
 */
#ifndef SD_SHARED_H
#define SD_SHARED_H

#include "postgres.h"

#include "port/atomics.h"
#include "storage/lwlock.h"
#include "utils/timestamp.h"

/* Databases that have the extension; one beyond that is served by the poll. */
#define SD_MAX_SLOTS 1024
/* Upper limit of schemadrift.workers. */
#define SD_MAX_POOL 16

/* How a worker left its database; 0 means it never told: it failed. */
typedef enum SdOutcome
{
	SD_OUTCOME_FAILED = 0,
	SD_OUTCOME_ABSENT,			/* the extension is not installed there */
	SD_OUTCOME_DRAINED			/* nothing more is due now */
} SdOutcome;

/*
 * One database.  dirty counts the wake-ups asked for, done is the count that
 * a worker had seen before it last looked; they differ while work may wait.
 */
typedef struct SdSlot
{
	pg_atomic_uint32 database;	/* Oid; assigned under the lock, 0 = free */
	pg_atomic_uint32 dirty;
	pg_atomic_uint32 done;
	pg_atomic_uint32 worker;	/* number of the attached worker's PGPROC plus
								 * one, 0 = none */
	pg_atomic_uint32 worker_pid;
	pg_atomic_uint32 fence_logged;	/* was it said that the fence is shut? */
	pg_atomic_uint64 blocked_until; /* TimestampTz before which nobody attaches */
	pg_atomic_uint64 last_drain;	/* TimestampTz of the last complete look */
	pg_atomic_uint64 next_due;	/* TimestampTz of the next known work, 0 = none */
	pg_atomic_uint64 last_cleanup;	/* TimestampTz of the last retention run */
	pg_atomic_uint64 checked_xmin;	/* see SdEventMark in check.c */
	pg_atomic_uint64 checked_count;
	pg_atomic_uint64 checked_misses;
	pg_atomic_uint64 checked_open_until;
} SdSlot;

typedef struct SdShared
{
	LWLock	   *lock;			/* protects the assignment of slots */
	pg_atomic_uint32 launcher;	/* PGPROC number plus one, 0 = not running */
	pg_atomic_uint32 launcher_pid;
	pg_atomic_uint32 waiting;	/* databases for which no worker was free */
	pg_atomic_uint32 no_worker_slot;	/* registrations refused by the server */
	pg_atomic_uint64 last_scan; /* TimestampTz of the last look at pg_database */
	pg_atomic_uint32 outcome[SD_MAX_POOL];	/* SdOutcome, by place in the pool */
	SdSlot		slots[SD_MAX_SLOTS];
} SdShared;

/* Called from _PG_init while preloading. */
extern void sd_shared_register(void);

/* NULL when the library was not preloaded. */
extern SdShared *sd_shared(void);

/*
 * The slot of a database, NULL when there is none (or no room).  Never raises;
 * with create it may wait for the lock for the time of a memory scan.
 */
extern SdSlot *sd_slot(Oid database, bool create);

/* Give back the slot of a database that no longer exists. */
extern void sd_slot_forget(Oid database);

/* Set the latch of the process with that number plus one; 0 = nobody. */
extern void sd_wake_process(uint32 number_plus_one);

#endif							/* SD_SHARED_H */
