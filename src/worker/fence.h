/*
 * fence.h
 *	  May this database send and check?
 */
#ifndef SD_FENCE_H
#define SD_FENCE_H

#include "postgres.h"

typedef enum SdFence
{
	SD_FENCE_OPEN,				/* armed here: everything */
	SD_FENCE_TESTS,				/* never armed: only what
								 * drift_channel_test() asked for */
	SD_FENCE_SHUT,				/* quarantined: nothing at all */
	SD_FENCE_GONE				/* the extension is gone */
} SdFence;

/*
 * Look at the arming row in a transaction of its own.  After a promotion it
 * takes over the new timeline and parks messages older than an hour; whatever
 * keeps the fence shut is logged once.
 */
extern SdFence sd_fence(void);

#endif							/* SD_FENCE_H */
