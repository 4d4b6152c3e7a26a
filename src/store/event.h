/*
 * event.h
 *	  schemadrift.event by SQL: reading.  Writing is event_write.h, pruning event_seal.h.
 */
#ifndef SD_STORE_EVENT_H
#define SD_STORE_EVENT_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/rows.h"
#include "model/event.h"

/* Committed events with a greater id, as SdEvent *, oldest first. */
extern List *sd_event_load_since(int64 horizon);

/* The newest of the last few thousand that touched that object, NULL = none. */
extern SdEvent *sd_event_last_about(const char *object_type, const char *identity);

/* One event, NULL when it is not there any more. */
extern SdEvent *sd_event_load(int64 id);

/*
 * The greatest id up to which every event has been decided: no transaction
 * that is still running has written a smaller one.  0 when there is none.
 */
extern int64 sd_event_last_id(void);

/*
 * The events that a deploy explains, and those that nothing explains since a
 * time: rows (tag, objects, session_role), objects being a short text.
 */
extern SdRows *sd_event_of_deploy(int64 deploy_id);
extern SdRows *sd_event_unexplained_since(const char *since);

#endif							/* SD_STORE_EVENT_H */
