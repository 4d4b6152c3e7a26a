/*
 * schedule.h
 *	  Commands that pg_cron hands to the worker: schemadrift.schedule.
 */
#ifndef SD_STORE_SCHEDULE_H
#define SD_STORE_SCHEDULE_H

#include "postgres.h"

/* Store or replace the named schedule. */
extern void sd_schedule_put(const char *name, const char *schedule,
							const char *command, const char *run_as);

/* Keep the number that pg_cron gave to its job. */
extern void sd_schedule_set_job(const char *name, int64 cron_job_id);

/* The number of its job in pg_cron, 0 = none, and the role it runs as; false
 * when there is no such schedule. */
extern bool sd_schedule_get(const char *name, int64 *cron_job_id, char **run_as);

extern void sd_schedule_drop(const char *name);

/* Does pg_cron live in this database, with a schema that is its own? */
extern bool sd_schedule_has_cron(void);

#endif							/* SD_STORE_SCHEDULE_H */
