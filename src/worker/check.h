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

/* Milliseconds until a failed check is tried again, -1 = none failed. */
extern int64 sd_check_retry_in(void);

#endif							/* SD_WORKER_CHECK_H */
