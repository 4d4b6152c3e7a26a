/*
 * stats.h
 *	  What drift_health() and drift_metrics() ask of the tables.
 */
#ifndef SD_STORE_STATS_H
#define SD_STORE_STATS_H

#include "postgres.h"

#include "base/rows.h"

typedef struct SdOutboxStats
{
	int64		pending;		/* pending or being sent */
	int64		failing;		/* of these, with a failed attempt */
	int64		oldest;			/* seconds for which the oldest of these waits */
	int64		dead;
	int64		delivered;
	int64		runs_queued;
	int64		oldest_run;		/* seconds for which the oldest of these waits */
	char	   *last_error;		/* of the latest message that failed, or NULL */
} SdOutboxStats;

extern SdOutboxStats *sd_stats_outbox(void);

/*
 * One row: since (NULL = nothing waits) and for how many seconds (age) a command
 * that was captured waits for a check; pid, xact_start: of the session whose
 * check goes on, or went on in its open transaction, NULL = none.
 */
extern SdRows *sd_stats_unchecked(void);

/* Rows (name, secret) of enabled channels that have a secret. */
extern SdRows *sd_stats_secrets(void);

/* Version of the installed extension, NULL = it is not installed. */
extern char *sd_stats_extension_version(void);

/* Number of schedules. */
extern int64 sd_stats_schedules(void);

/*
 * Names of schedules that pg_cron has no active job for, comma separated, or
 * NULL.  Only where pg_cron's tables are in this database.
 */
extern char *sd_stats_jobless(void);

/* Names of schedules whose last run failed, comma separated, or NULL. */
extern char *sd_stats_failed_runs(void);

#endif							/* SD_STORE_STATS_H */
