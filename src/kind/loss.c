/*
 * loss.c
 *	  What statements destroy of the data.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/cast_path.h"
#include "kind/column.h"
#include "kind/loss.h"
#include "kind/relation.h"

/* Columns named in one text. */
#define MOST_NAMED 10

static bool
is_kind(const SdObject *object, const char *kind)
{
	return strcmp(object->kind->name, kind) == 0;
}

char *
sd_loss_of_position(const char *sequence)
{
	return psprintf("the position of sequence %s", sequence);
}

/* A foreign table's values are elsewhere, a generated column's are computed. */
static bool
keeps_values(const SdObject *column)
{
	return sd_object_value(column, "generated") == NULL && !sd_relation_is_foreign(column);
}

List *
sd_loss_made_of(const SdSnapshot *snapshot, const SdObject *attribute)
{
	const char *type = sd_object_parent_identity(attribute);
	List	   *columns = NIL;
	int			i;

	for (i = 0; i < snapshot->nobjects; i++)
	{
		const SdObject *table = snapshot->objects[i];
		const char *of_type = is_kind(table, "table") ? sd_object_value(table, "of_type") : NULL;
		SdObject   *column = of_type && strcmp(of_type, type) == 0 ?
			sd_snapshot_find(snapshot, psprintf("column %s.%s", table->identity, sd_object_value(attribute, "name"))) :
			NULL;

		if (column)
			columns = lappend(columns, column);
	}
	return columns;
}

/* The columns that tables made of the type have of the attribute, and those of the type. */
static char *
loss_of_attribute(const SdDdl *ddl, const SdObject *attribute)
{
	const char *type = sd_object_parent_identity(attribute);
	List	   *columns = sd_loss_keepers(ddl->snapshot, type);

	columns = list_concat(columns, sd_loss_made_of(ddl->snapshot, attribute));
	return columns ? psprintf("attribute %s of type %s in %s", sd_object_value(attribute, "name"), type,
							  sd_loss_names(columns)) : NULL;
}

/* Partitions are dropped, or detached, by statements of their own. */
char *
sd_loss_of_drop(const SdDdl *ddl, const SdObject *object)
{
	bool		is_anew = ddl->other && sd_snapshot_find(ddl->other, object->key) != NULL;

	if (is_kind(object, "table") && sd_object_value(object, "partition_key") == NULL)
		return psprintf("table %s%s", object->identity, is_anew ? ", which is created again empty" : "");
	if (is_kind(object, "column") && keeps_values(object))
		return psprintf("column %s of table %s%s", sd_object_value(object, "name"),
						sd_object_parent_identity(object), is_anew ? ", which is created again empty" : "");
	if (is_kind(object, "sequence"))
		return psprintf("%s%s", sd_loss_of_position(object->identity), is_anew ? ", which is created again" : "");
	/* one that is built anew is so with its type, from which columns are freed before */
	return is_kind(object, "attribute") && !is_anew ? loss_of_attribute(ddl, object) : NULL;
}

char *
sd_loss_of_type(const SdDdl *ddl, const SdObject *column, const char *from, const char *to, bool is_cast)
{
	if (!keeps_values(column) || sd_cast_keeps(ddl, from, to, is_cast))
		return NULL;
	return psprintf("values of column %s of table %s that %s cannot hold", sd_object_value(column, "name"),
					sd_object_parent_identity(column), to);
}

/* -- who keeps values of a type -------------------------------------------- */

static bool
is_among(List *types, const char *type)
{
	ListCell   *cell;

	foreach(cell, types)
		if (type && sd_column_type_is(type, lfirst(cell)))
			return true;
	return false;
}

static List *
add_type(List *types, const char *type)
{
	ListCell   *cell;

	foreach(cell, types)
		if (strcmp(lfirst(cell), type) == 0)
			return types;
	return lappend(types, unconstify(char *, type));
}

/* What the object adds to the types in whose values there are some of these. */
static List *
add_types_of(List *types, const SdObject *object)
{
	if (is_kind(object, "domain") && is_among(types, sd_object_value(object, "type")))
		return add_type(types, object->identity);
	/* the rows of a table are a type as well */
	if ((is_kind(object, "attribute") || is_kind(object, "column")) &&
		is_among(types, sd_object_value(object, "type")))
		return add_type(types, sd_object_parent_identity(object));
	if (is_kind(object, "range") && is_among(types, sd_object_value(object, "subtype")))
		return add_type(add_type(types, object->identity), sd_object_value(object, "multirange_type_name"));
	return types;
}

/* Has a parent the column as well, in which all that holds can be looked for? */
static bool
is_parents(const SdObject *column)
{
	const char *inherited = sd_object_value(column, "inherited");

	return inherited && strcmp(inherited, "type") != 0;
}

List *
sd_loss_keepers(const SdSnapshot *snapshot, const char *type)
{
	List	   *types = list_make1(unconstify(char *, type));
	List	   *columns = NIL;
	int			known;
	int			i;

	do
	{
		known = list_length(types);
		for (i = 0; i < snapshot->nobjects; i++)
			types = add_types_of(types, snapshot->objects[i]);
	} while (list_length(types) > known);
	for (i = 0; i < snapshot->nobjects; i++)
	{
		SdObject   *object = snapshot->objects[i];

		if (is_kind(object, "column") && keeps_values(object) && !is_parents(object) &&
			is_among(types, sd_object_value(object, "type")))
			columns = lappend(columns, object);
	}
	return columns;
}

char *
sd_loss_names(List *columns)
{
	List	   *names = NIL;
	int			n = list_length(columns);
	ListCell   *cell;

	foreach(cell, columns)
		if (foreach_current_index(cell) < MOST_NAMED)
			names = lappend(names, ((const SdObject *) lfirst(cell))->identity);
	return psprintf("%s%s", sd_join(names, ", "), n > MOST_NAMED ? psprintf(" and %d more", n - MOST_NAMED) : "");
}
