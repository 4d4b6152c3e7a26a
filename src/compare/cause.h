/*
 * cause.h
 *	  Which differences were brought about by another one.
 */
#ifndef SD_CAUSE_H
#define SD_CAUSE_H

#include "postgres.h"

#include "model/change.h"
#include "model/snapshot.h"

/*
 * Set the cause of the items (SdItem *, with their events): what one command
 * dropped together with something that it depended on, or made together with
 * what it serves, is that one's.  No cause has a cause itself.
 */
extern void sd_causes_find(const SdSnapshot *from, List *items);

#endif							/* SD_CAUSE_H */
