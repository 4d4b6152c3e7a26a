/*
 * observation.h
 *	  The only SQL that writes schemadrift.observation and observed_object: what
 *	  live looked like each time that a check saw it change.
 *
 * An observation is a version of the default baseline and what was different
 * from it; objects that stay different stay stored once.  So what a deploy
 * changed costs nothing here, and what is accepted costs nothing any more.
 */
#ifndef SD_OBSERVATION_H
#define SD_OBSERVATION_H

#include "postgres.h"

#include "utils/hsearch.h"

#include "base/rows.h"
#include "model/snapshot.h"

typedef struct SdObservation
{
	int64		id;
	const char *seen_at;
	int			version;		/* of the default baseline */
	int64		event_horizon;
	int			server_version;
	int64		different;		/* objects that are not as in that version */
} SdObservation;

/* An object that is not as in the baseline. */
typedef struct SdObserved
{
	const char *key;			/* hash key, must be first */
	SdObject   *object;			/* NULL = live did not have it */
} SdObserved;

/* The newest, the last one up to a time, the first one; NULL when there is none. */
extern SdObservation *sd_observation_latest(void);
extern SdObservation *sd_observation_at(const char *time);
extern SdObservation *sd_observation_first(void);

/* When the next change was seen, NULL = none was. */
extern char *sd_observation_end(const SdObservation *observation);

/* What was different then: SdObserved by key. */
extern HTAB *sd_observation_load(const SdObservation *observation, MemoryContext parent);

/*
 * A side with these differences, those of the given keys (SdObserved by key)
 * only unless that is NULL.  Objects are shared.
 */
extern SdSnapshot *sd_observation_apply(const SdSnapshot *base, HTAB *different, HTAB *keys,
										MemoryContext parent);

/* All objects at that time, without another word about any of them. */
extern SdSnapshot *sd_observation_snapshot(const SdObservation *observation, int form, const char *database,
										   MemoryContext parent);

/* A new one: of that version, so far with the differences of the one before. */
extern SdObservation *sd_observation_insert(int version, int64 event_horizon, int server_version);

/* In it these objects (char *, keys) are as in the baseline, or as they are added then. */
extern void sd_observation_close(const SdObservation *observation, List *keys);

/* In it these (SdObserved *) are different. */
extern void sd_observation_add(const SdObservation *observation, List *different);

/* The object with that key, and if asked for its parts: rows (key, form), wholes first. */
extern SdRows *sd_observation_whole(const SdObservation *observation, const char *key, bool with_parts);

/*
 * Keys of the objects whose identity, or that without schema or arguments, is
 * like the name: rows (key, whole), where whole says that it is part of nothing.
 */
extern SdRows *sd_observation_named(const SdObservation *observation, const char *name);

/* Keys of all that is part of nothing. */
extern SdRows *sd_observation_names(const SdObservation *observation);

#endif							/* SD_OBSERVATION_H */
