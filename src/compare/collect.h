/*
 * collect.h
 *	  A snapshot from a source.
 */
#ifndef SD_COLLECT_H
#define SD_COLLECT_H

#include "postgres.h"

#include "model/snapshot.h"
#include "source/source.h"

/* Opens a source; called again for each try, since each needs a new snapshot. */
typedef SdSource *(*SdSourceOpen) (void *arg);

/*
 * Read all kinds, and what they depend on.  The server's deparse functions see
 * the newest catalogs, not our snapshot; when the catalogs moved meanwhile, the
 * collection is repeated until two agree.  Raises ERRCODE_SD_RACED when they do
 * not within a few tries.
 */
extern SdSnapshot *sd_collect(SdSourceOpen open, void *arg, MemoryContext parent);

#endif							/* SD_COLLECT_H */
