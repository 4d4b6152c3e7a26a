/*
 * inherit.c
 *	  Parents and children of tables.
 *
 * ADD and DROP COLUMN of a parent reach its children.  That saves statements
 * where the child goes the same way and must be held off where it does not, so
 * each question is asked of both sides.
 */
#include "postgres.h"

#include "kind/inherit.h"
#include "kind/names.h"

static const char *const tables[] = {"table", "foreign_table"};

const char *
sd_inherit_table(const char *key)
{
	int			i;

	for (i = 0; i < lengthof(tables); i++)
	{
		size_t		length = strlen(tables[i]);

		if (strncmp(key, tables[i], length) == 0 && key[length] == ' ')
			return key + length + 1;
	}
	return NULL;
}

List *
sd_inherit_parents(const SdObject *table)
{
	const char *partition_of;

	if (sd_kind_property(table->kind, "inherits") < 0)
		return NIL;
	partition_of = sd_object_value(table, "partition_of");
	return partition_of ? list_make1(pstrdup(partition_of)) :
		sd_split_names(sd_object_value(table, "inherits"));
}

static const SdObject *
find_table(const SdSnapshot *snapshot, const char *key)
{
	const SdObject *object = sd_snapshot_find(snapshot, key);

	return object && sd_kind_property(object->kind, "inherits") >= 0 ? object : NULL;
}

const SdObject *
sd_inherit_column(const SdSnapshot *snapshot, const char *table, const SdObject *column)
{
	return sd_snapshot_find(snapshot, psprintf("%s %s.%s", column->kind->name, table,
											   sd_object_value(column, "name")));
}

List *
sd_inherit_parent_columns(const SdSnapshot *snapshot, const SdObject *column)
{
	const SdObject *table = find_table(snapshot, column->parent);
	List	   *columns = NIL;
	ListCell   *cell;

	foreach(cell, table ? sd_inherit_parents(table) : NIL)
	{
		const SdObject *same = sd_inherit_column(snapshot, lfirst(cell), column);

		if (same)
			columns = lappend(columns, unconstify(SdObject *, same));
	}
	return columns;
}

bool
sd_inherit_from_kept(const SdSnapshot *side, const SdSnapshot *other, const SdObject *column)
{
	const SdObject *table = find_table(side, column->parent);
	const SdObject *there = find_table(other, column->parent);
	ListCell   *cell;

	if (table == NULL || there == NULL)
		return false;
	foreach(cell, sd_inherit_parents(table))
		if (sd_names_contain(sd_inherit_parents(there), lfirst(cell)) &&
			sd_inherit_column(side, lfirst(cell), column))
			return true;
	return false;
}

List *
sd_inherit_kept_children(const SdSnapshot *side, const SdSnapshot *other, const SdObject *column)
{
	const char *parent = sd_object_parent_identity(column);
	List	   *columns = NIL;
	int			i;

	for (i = 0; i < side->nobjects; i++)
	{
		const SdObject *table = find_table(side, side->objects[i]->key);
		const SdObject *there;
		const SdObject *same;

		if (table == NULL || !sd_names_contain(sd_inherit_parents(table), parent))
			continue;
		there = find_table(other, table->key);
		if (there == NULL || !sd_names_contain(sd_inherit_parents(there), parent))
			continue;
		same = sd_inherit_column(side, table->identity, column);
		if (same)
			columns = lappend(columns, unconstify(SdObject *, same));
	}
	return columns;
}

bool
sd_inherit_keeps_lost(const SdSnapshot *from, const SdSnapshot *to,
					  const SdObject *table, const char *parent)
{
	ListCell   *cell;
	int			i;

	for (i = 0; i < lengthof(tables); i++)
		foreach(cell, sd_snapshot_parts(from, sd_object_key(tables[i], parent), "column"))
		{
			const SdObject *column = lfirst(cell);

			if (sd_snapshot_find(to, column->key) == NULL &&
				sd_inherit_column(to, table->identity, column))
				return true;
		}
	return false;
}

bool
sd_inherit_repeats(const SdSnapshot *side, const SdObject *column, const char *property)
{
	const SdObject *table = find_table(side, column->parent);
	const char *value = sd_object_value(column, property);
	ListCell   *cell;

	foreach(cell, table && value ? sd_inherit_parents(table) : NIL)
	{
		const SdObject *same = sd_inherit_column(side, lfirst(cell), column);
		const char *theirs = same ? sd_object_value(same, property) : NULL;

		if (theirs && strcmp(theirs, value) == 0)
			return true;
	}
	return false;
}
