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
 * all in the current transaction.  Does nothing when there is no baseline.
 * Returns the number of open drifts.
 */
extern int	sd_watch_run(void);

#endif							/* SD_WATCH_H */
