/*
 * baselines.h
 *	  Baselines set, rolled back and brought in by people.
 */
#ifndef SD_BASELINES_H
#define SD_BASELINES_H

#include "postgres.h"

#include "model/snapshot.h"

/*
 * Store live (or another side) as the next version of a baseline; for the
 * default baseline all open drifts are accepted by that.  Returns the version.
 */
extern int	sd_baselines_set(const char *name, const char *reason, const char *side);

/*
 * Store an older version (0: the one before the newest) as the next one, and
 * return that.  Nothing is accepted, and deploys since then excuse nothing.
 */
extern int	sd_baselines_rollback(const char *name, int version, const char *reason);

/* The same with a snapshot of elsewhere. */
extern int	sd_baselines_import(const char *name, const char *reason, SdSnapshot *snapshot);

#endif							/* SD_BASELINES_H */
