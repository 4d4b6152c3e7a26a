/*
 * retry_after.h
 *	  The header Retry-After: seconds, or a date of HTTP.
 */
#ifndef SD_RETRY_AFTER_H
#define SD_RETRY_AFTER_H

#include "postgres.h"

#include <time.h>

/* Nobody makes us wait longer than this, in seconds. */
#define SD_RETRY_AFTER_MAX 86400

/*
 * Seconds to wait from now on (0 to SD_RETRY_AFTER_MAX), or -1 when the value
 * is neither a count of seconds nor a date.
 */
extern int	sd_retry_after(const char *value, time_t now);

#endif							/* SD_RETRY_AFTER_H */
