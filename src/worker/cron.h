/*
 * cron.h
 *	  Talks to pg_cron, whichever database it lives in.
 */
#ifndef SD_CRON_H
#define SD_CRON_H

#include "postgres.h"

/*
 * Have pg_cron run command in the current database by that schedule, as role;
 * returns the number of its job.  name is ours; pg_cron's is made unique per
 * database.  Raises a clear error when pg_cron cannot be used.
 */
extern int64 sd_cron_schedule(const char *name, const char *schedule,
							  const char *command, Oid role);

/* Remove that job; false when pg_cron no longer has it. */
extern bool sd_cron_unschedule(int64 job, Oid role);

/* Database that pg_cron lives in, NULL when pg_cron is not loaded. */
extern const char *sd_cron_database(void);

extern PGDLLEXPORT void sd_cron_worker_main(Datum arg);

#endif							/* SD_CRON_H */
