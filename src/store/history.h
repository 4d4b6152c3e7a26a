/*
 * history.h
 *	  schemadrift.history: every change of live that a check saw.
 */
#ifndef SD_STORE_HISTORY_H
#define SD_STORE_HISTORY_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/rows.h"
#include "model/change.h"
#include "store/observation.h"

/* One change and the number of its event, 0 = none. */
typedef struct SdHistoryItem
{
	SdItem	   *item;
	int64		event_id;
} SdHistoryItem;

/* Write what an observation saw (SdHistoryItem *). */
extern void sd_history_insert(const SdObservation *observation, List *items);

/* Renames, latest first: id, object_type, object, old_value. */
extern SdRows *sd_history_renames(void);

/*
 * names: a JSON array of {"n", "type", "object", "below", "above"}; the changes of
 * these objects with above <= id < below: n, id, change, attribute, who, via, at,
 * deploy, statement, event_id.  Latest first; only what was seen after from and not
 * after to, unless these are NULL.
 */
extern SdRows *sd_history_of(const char *names, const char *from, const char *to);

/* The last removal of an object of that name, also without its schema: object_type, object, who, seen_at. */
extern SdRows *sd_history_removed(const char *name);

/* Since when everything is known that changed; NULL: nothing is. */
extern char *sd_history_begin(void);

#endif							/* SD_STORE_HISTORY_H */
