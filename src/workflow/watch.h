/*
 * watch.h
 *	  The watch workflow: live against its baseline, into drift and incidents.
 */
#ifndef SD_WATCH_H
#define SD_WATCH_H

#include "postgres.h"

#include "model/snapshot.h"

/* object_type of the drift that says that DDL is not captured as it should be */
#define SD_CAPTURE_DRIFT "capture"

/*
 * Compare live with the default baseline, absorb what recognised deploys
 * explain, record drift, and put the messages that follow into the outbox,
 * all in the current transaction.  Returns the number of open drifts, or -1 when
 * there is no baseline.  What has not changed since the last check is not
 * looked at, unless schemadrift.full_check_interval is over.
 */
extern int	sd_watch_run(void);

/*
 * Store live (or another side) as the next version of a baseline; for the
 * default baseline all open drifts are accepted by that.  Returns the version.
 */
extern int	sd_watch_set_baseline(const char *name, const char *reason, const char *side);

/*
 * Store an older version (0: the one before the newest) as the next one, and
 * return that.  Nothing is accepted, and deploys since then excuse nothing.
 */
extern int	sd_watch_rollback(const char *name, int version, const char *reason);

/* The same with a snapshot of elsewhere. */
extern int	sd_watch_import(const char *name, const char *reason, SdSnapshot *snapshot);

/*
 * Accept one open drift, or all of them for id 0, into the default baseline.
 * Raises an error when there is no such open drift, or when what it was about
 * has changed since.  Returns how many were accepted.
 */
extern int	sd_watch_accept(int64 id, const char *reason);

/*
 * The DDL that takes one drift back: object_type, object, attribute or NULL;
 * *loses_data: a statement of it drops something that holds data.
 */
extern char *sd_watch_revert_sql(const char *object_type, const char *object, const char *attribute,
								 bool *loses_data);

#endif							/* SD_WATCH_H */
