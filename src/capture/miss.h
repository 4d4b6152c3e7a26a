/*
 * miss.h
 *	  miss: a DDL command that ran but could not be captured.
 */
#ifndef SD_MISS_H
#define SD_MISS_H

#include "postgres.h"

/*
 * Count a miss and warn, at most once a minute per session.  Never raises,
 * except for a cancelled query.
 */
extern void sd_capture_miss(const char *problem);

/* How many commands this database has missed since it was counted first. */
extern int64 sd_capture_misses(void);

#endif							/* SD_MISS_H */
