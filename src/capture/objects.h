/*
 * objects.h
 *	  Which objects a command touched, as a List of SdEventObject *.
 *
 * Functions add to a list in the current memory context.  Temporary objects
 * are left out, each address is listed once, and an address that no longer
 * exists is left out too (what was dropped is told by its own event).
 */
#ifndef SD_OBJECTS_H
#define SD_OBJECTS_H

#include "postgres.h"

#include "nodes/pg_list.h"

extern List *sd_objects_add(List *objects, Oid classid, Oid objid, int32 subid);

/* An object that has no address here, or not any more. */
extern List *sd_objects_add_named(List *objects, const char *type,
								  const char *identity, bool dropped);

/* What the command collected; only inside a ddl_command_end trigger. */
extern List *sd_objects_add_commands(List *objects);

/* What it dropped; only inside a sql_drop trigger. */
extern List *sd_objects_add_dropped(List *objects);

/*
 * The same of an object of which only these properties (names and
 * SD_OTHER_PARTS, with blanks; NULL = all) may have changed.
 */
extern List *sd_objects_add_aspects(List *objects, Oid classid, Oid objid, int32 subid, const char *aspects);

/* A deep copy in the current memory context. */
extern List *sd_objects_copy(const List *objects);

#endif							/* SD_OBJECTS_H */
