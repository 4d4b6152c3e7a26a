/*
 * watch.h
 *	  The watch workflow: live against its baseline, into drift and incidents.
 */
#ifndef SD_WATCH_H
#define SD_WATCH_H

#include "postgres.h"

/*
 * Compare live with the default baseline, absorb what recognised deploys
 * explain, record drift, and put the messages that follow into the outbox,
 * all in the current transaction.  Returns the number of open drifts, or -1 when
 * there is no baseline.  What has not changed since the last check is not
 * looked at, unless schemadrift.full_check_interval is over.
 */
extern int	sd_watch_run(void);

#endif							/* SD_WATCH_H */
