/*
 * unfired_shared.c
 *	  Names databases, tablespaces and parameters that a command is about.
 *
 * They stand in the log and explain nothing here, except of this database
 * itself: model/event.h has the types that say so.
 */
#include "postgres.h"

#include "catalog/pg_database.h"
#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "utils/builtins.h"

#include "capture/objects.h"
#include "capture/unfired_shared.h"
#include "model/event.h"

List *
sd_unfired_add_database(List *objects, const char *name, bool dropped)
{
	if (get_database_oid(name, true) == MyDatabaseId)
		return sd_objects_add(objects, DatabaseRelationId, MyDatabaseId, 0);
	return sd_objects_add_named(objects, SD_OTHER_DATABASE, quote_identifier(name), dropped);
}

List *
sd_unfired_add_shared(List *objects, ObjectType type, Node *object)
{
	const char *name;

	if (object == NULL || !IsA(object, String))
		return objects;
	name = strVal(object);
	switch (type)
	{
		case OBJECT_DATABASE:
			return sd_unfired_add_database(objects, name, false);
		case OBJECT_TABLESPACE:
			return sd_objects_add_named(objects, SD_TABLESPACE, quote_identifier(name), false);
		case OBJECT_PARAMETER_ACL:
			return sd_objects_add_named(objects, SD_PARAMETER, name, false);
		default:
			return sd_objects_add_named(objects, type == OBJECT_ROLE ? "role" : "event trigger",
										quote_identifier(name), false);
	}
}

List *
sd_unfired_add_granted(List *objects, const GrantStmt *stmt)
{
	ListCell   *cell;

	foreach(cell, stmt->objects)
		objects = sd_unfired_add_shared(objects, stmt->objtype, lfirst(cell));
	return objects;
}
