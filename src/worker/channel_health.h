/*
 * channel_health.h
 *	  Which channels fail just now: a worker's circuit breaker.
 *
 * A service that does not answer costs the whole request timeout each time.
 * After the first such failure its channel comes after all others; after
 * several in a row it is held and tried again only now and then, so that it
 * does not delay what goes elsewhere.  Forgotten when the worker leaves.
 */
#ifndef SD_CHANNEL_HEALTH_H
#define SD_CHANNEL_HEALTH_H

#include "postgres.h"

/* The service took a message: whatever was held against it is forgotten. */
extern void sd_channel_works(const char *channel);

/* It failed; retry_after (seconds, -1 = none) is what it asked for. */
extern void sd_channel_fails(const char *channel, int retry_after);

/* JSON arrays of channel names, palloc'd. */
extern char *sd_channels_failing(void);
extern char *sd_channels_held(void);

/* Milliseconds until the first hold ends, -1 = none is held. */
extern int64 sd_channels_hold_ends(void);

#endif							/* SD_CHANNEL_HEALTH_H */
