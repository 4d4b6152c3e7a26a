/*
 * check.h
 *	  Runs the watch workflow when DDL was captured since the last time.
 */
#ifndef SD_WORKER_CHECK_H
#define SD_WORKER_CHECK_H

#include "postgres.h"

/*
 * Check if events were captured since the last check of this database.
 * Returns false when the extension is gone.  No transaction may be open.
 */
extern bool sd_check_if_due(void);

/*
 * Milliseconds until a check is due by itself: a failed one is tried again, or
 * an incident is to be told.  -1 = none is.  No transaction may be open.
 */
extern int64 sd_check_next_due(void);

#endif							/* SD_WORKER_CHECK_H */
