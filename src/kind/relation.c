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

void
sd_relation_append_columns(StringInfo buf, const SdDdl *ddl, const SdObject *object)
{
	List	   *columns = sd_column_list(ddl->snapshot, object);
	List	   *texts = NIL;
	ListCell   *cell;

	foreach(cell, columns)
	{
		char	   *text = sd_column_inline(ddl, lfirst(cell), object);

		if (text)
			texts = lappend(texts, psprintf("\n    %s", text));
	}
	if (texts || sd_kind_property(object->kind, "of_type") < 0 ||
		sd_object_value(object, "of_type") == NULL)
		appendStringInfo(buf, " (%s%s)", sd_join(texts, ","), texts ? "\n" : "");
}

void
sd_relation_append_parents(StringInfo buf, const SdObject *object)
{
	const char *parents = sd_object_value(object, "inherits");

	if (parents)
		appendStringInfo(buf, " INHERITS (%s)", parents);
}

void
sd_relation_attach(SdDdl *ddl, const SdObject *object)
{
	if (is_partition(object))
		sd_ddl_latef(ddl, "ALTER TABLE ONLY %s ATTACH PARTITION %s %s",
					 sd_object_value(object, "partition_of"), object->identity,
					 sd_object_value(object, "partition_bound"));
}

static void
alter_partition(SdDdl *ddl, const SdChange *change)
{
	const char *parent = sd_object_value(change->from, "partition_of");

	if (parent)
	{
		ddl->to_first = ddl->other && sd_inherit_keeps_lost(ddl->other, ddl->snapshot, change->to, parent);
		sd_ddl_addf(ddl, "ALTER TABLE ONLY %s DETACH PARTITION %s", parent, change->to->identity);
		ddl->to_first = false;
	}
	sd_relation_attach(ddl, change->to);
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
