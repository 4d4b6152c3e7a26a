/*
 * run.h
 *	  Scheduled work handed to the worker: schemadrift.run.
 */
#ifndef SD_STORE_RUN_H
#define SD_STORE_RUN_H

#include "postgres.h"

typedef struct SdRun
{
	int64		id;
	const char *schedule;		/* name, NULL = asked for by hand */
	const char *command;
	const char *run_as;			/* role */
} SdRun;

/*
 * Queue a run of the named schedule and wake the workers at commit.  Returns
 * its id; 0 when there is no such schedule, -1 when a run of it still waits.
 */
extern int64 sd_run_enqueue(const char *schedule);

/* Take the next queued run, NULL when there is none. */
extern SdRun *sd_run_claim(void);

/* Record how it ended. */
extern void sd_run_finish(int64 id, bool ok, const char *result);

/* Fail what a worker that is gone was running; as sd_delivery_release(). */
extern uint64 sd_run_release(void);

/* Does a queued run wait? */
extern bool sd_run_waits(void);

/* Delete up to batch finished runs older than 30 days. */
extern uint64 sd_run_expire(int batch);

#endif							/* SD_STORE_RUN_H */
