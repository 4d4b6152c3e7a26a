/*
 * object_state.h
 *	  The only SQL on schemadrift.object_state: which objects had which address
 *	  when the last check ended.
 *
 * What is gone from the catalogs has no name there any more; only with this the
 * next check knows what it was.
 */
#ifndef SD_OBJECT_STATE_H
#define SD_OBJECT_STATE_H

#include "postgres.h"

#include "nodes/pg_list.h"
#include "utils/hsearch.h"

#include "model/snapshot.h"

/* Replace everything by the objects of a whole snapshot. */
extern void sd_object_state_replace(const SdSnapshot *live);

/* Keys (char *) of the objects that had one of the addresses (SdReached). */
extern List *sd_object_state_keys(HTAB *reached);

/* What has one of the addresses now is what the snapshot has with it. */
extern void sd_object_state_update(HTAB *reached, const SdSnapshot *live);

#endif							/* SD_OBJECT_STATE_H */
