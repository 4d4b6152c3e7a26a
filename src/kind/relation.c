/*
 * relation.c
 *	  What tables and foreign tables have in common.
 *
 * ALTER TABLE does for both wherever ALTER FOREIGN TABLE would do for the one,
 * so nothing here asks which it is.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/column.h"
#include "kind/inherit.h"
#include "kind/names.h"
#include "kind/relation.h"

bool
sd_relation_same_order(const SdObject *from, const SdObject *to, int property)
{
	return sd_column_order_equal(from->values[property], to->values[property]);
}

bool
sd_relation_is_foreign(const SdObject *part)
{
	const char *prefix = "foreign_table ";

	return part->parent && strncmp(part->parent, prefix, strlen(prefix)) == 0;
}

static bool
is_partition(const SdObject *object)
{
	return sd_object_value(object, "partition_of") != NULL;
}

/* The columns in the order in which CREATE TABLE … INHERITS puts them. */
static List *
columns_beside_parents(const SdSnapshot *snapshot, const SdObject *object)
{
	List	   *columns = sd_column_list(snapshot, object);
	List	   *order = NIL;
	ListCell   *cell;
	ListCell   *inner;

	foreach(cell, sd_split_names(sd_object_value(object, "inherits")))
	{
		const SdObject *parent = sd_snapshot_find(snapshot, sd_object_key(object->kind->name, lfirst(cell)));

		foreach(inner, parent ? sd_column_list(snapshot, parent) : NIL)
		{
			SdObject   *column = unconstify(SdObject *, sd_inherit_column(snapshot, object->identity,
																		 lfirst(inner)));

			if (column)
				order = list_append_unique_ptr(order, column);
		}
	}
	foreach(cell, columns)
		order = list_append_unique_ptr(order, lfirst(cell));
	return order;
}

static bool
is_same_order(const List *a, const List *b)
{
	ListCell   *cell;

	foreach(cell, a)
		if (foreach_current_index(cell) >= list_length(b) ||
			lfirst(cell) != list_nth(b, foreach_current_index(cell)))
			return false;
	return list_length(a) == list_length(b);
}

bool
sd_relation_gets_parents_later(const SdSnapshot *snapshot, const SdObject *object)
{
	List	   *columns;
	ListCell   *cell;
	ListCell   *inner;

	if (sd_object_value(object, "inherits") == NULL)
		return false;
	columns = sd_column_list(snapshot, object);
	foreach(cell, columns)
	{
		const char *how = sd_object_value(lfirst(cell), "inherited");

		if (how && strcmp(how, "merged") != 0)
			return false;
	}
	foreach(cell, sd_split_names(sd_object_value(object, "inherits")))
		foreach(inner, sd_snapshot_parts(snapshot, sd_object_key(object->kind->name, lfirst(cell)), "constraint"))
			if (strcmp(sd_object_value(lfirst(inner), "type"), "CHECK") == 0)
				return false;
	return !is_same_order(columns, columns_beside_parents(snapshot, object));
}

void
sd_relation_append_columns(StringInfo buf, const SdDdl *ddl, const SdObject *object)
{
	List	   *columns = sd_column_list(ddl->snapshot, object);
	bool		later = sd_relation_gets_parents_later(ddl->snapshot, object);
	List	   *texts = NIL;
	ListCell   *cell;

	foreach(cell, columns)
	{
		char	   *text = later ? sd_column_inline(ddl, lfirst(cell), object) :
			sd_column_inline_beside(ddl, lfirst(cell), object);

		if (text)
			texts = lappend(texts, psprintf("\n    %s", text));
	}
	if (texts || sd_kind_property(object->kind, "of_type") < 0 ||
		sd_object_value(object, "of_type") == NULL)
		appendStringInfo(buf, " (%s%s)", sd_join(texts, ","), texts ? "\n" : "");
}

void
sd_relation_append_parents(StringInfo buf, const SdDdl *ddl, const SdObject *object)
{
	const char *parents = sd_object_value(object, "inherits");

	if (parents && !sd_relation_gets_parents_later(ddl->snapshot, object))
		appendStringInfo(buf, " INHERITS (%s)", parents);
}

static void
attach_partition(SdDdl *ddl, const SdObject *object)
{
	if (is_partition(object))
		sd_ddl_latef(ddl, "ALTER TABLE ONLY %s ATTACH PARTITION %s %s",
					 sd_object_value(object, "partition_of"), object->identity,
					 sd_object_value(object, "partition_bound"));
}

void
sd_relation_attach(SdDdl *ddl, const SdObject *object)
{
	ListCell   *cell;

	if (sd_relation_gets_parents_later(ddl->snapshot, object))
		foreach(cell, sd_split_names(sd_object_value(object, "inherits")))
			sd_ddl_latef(ddl, "ALTER TABLE %s INHERIT %s", object->identity, (char *) lfirst(cell));
	attach_partition(ddl, object);
}

static void
alter_partition(SdDdl *ddl, const SdChange *change)
{
	const char *parent = sd_object_value(change->from, "partition_of");

	if (parent && !ddl->is_detached)
	{
		ddl->to_first = ddl->other && sd_inherit_keeps_lost(ddl->other, ddl->snapshot, change->to, parent);
		sd_ddl_addf(ddl, "ALTER TABLE ONLY %s DETACH PARTITION %s", parent, change->to->identity);
		ddl->to_first = false;
	}
	attach_partition(ddl, change->to);
}

void
sd_relation_detach(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_addf(ddl, "ALTER TABLE ONLY %s DETACH PARTITION %s", sd_object_value(object, "partition_of"),
				object->identity);
}

/* Parents in "a, b" that the other list has not. */
static void
alter_parents(SdDdl *ddl, const char *identity, const char *list, const char *other, const char *verb)
{
	List	   *names = sd_split_names(list);
	List	   *others = sd_split_names(other);
	ListCell   *cell;

	foreach(cell, names)
		if (!sd_names_contain(others, lfirst(cell)))
			sd_ddl_addf(ddl, "ALTER TABLE %s %s %s", identity, verb, (char *) lfirst(cell));
}

/* NO INHERIT comes before columns are dropped, INHERIT after they were added. */
static void
alter_inheritance(SdDdl *ddl, const SdChange *change)
{
	const char *from = sd_object_value(change->from, "inherits");
	const char *to = sd_object_value(change->to, "inherits");

	sd_column_hold_inherited(ddl, change->to);
	ddl->to_first = true;
	alter_parents(ddl, change->to->identity, from, to, "NO INHERIT");
	ddl->to_first = false;
	ddl->to_late = true;
	alter_parents(ddl, change->to->identity, to, from, "INHERIT");
	ddl->to_late = false;
}

void
sd_relation_alter(SdDdl *ddl, const SdChange *change)
{
	if (sd_change_has(change, "partition_of") || sd_change_has(change, "partition_bound"))
		alter_partition(ddl, change);
	if (sd_change_has(change, "inherits"))
		alter_inheritance(ddl, change);
	if (sd_change_has(change, "column_order"))
		sd_ddl_impossible(ddl, "The columns of %s stand in another order, which only a new table can change.",
						  change->to->identity);
}
