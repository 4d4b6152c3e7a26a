/*
 * table.c
 *	  Kind: ordinary and partitioned tables, partitions included.
 *
 * Columns are parts (column.c) written inline by CREATE TABLE.  A partition is
 * created like any table and attached late, when its own indexes and checks
 * exist: ATTACH then takes those instead of making new ones under other names.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/column.h"
#include "kind/inherit.h"
#include "kind/kind.h"
#include "kind/names.h"

#define INDEX_NAME(condition) \
	"(SELECT pg_catalog.quote_ident(ic.relname) FROM pg_catalog.pg_index i" \
	" JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid" \
	" WHERE i.indrelid = c.oid AND " condition ")"

/*
 * Only the order of the columns that both sides have counts: a column that
 * comes or goes is a difference of its own.
 */
static bool
same_order(const SdObject *from, const SdObject *to, int property)
{
	return sd_column_order_equal(from->values[property], to->values[property]);
}

static const SdProperty properties[] = {
	{.name = "unlogged",
		.expr = SD_FLAG("c.relpersistence = 'u'"),
		.class = SD_CLASS_RISKY,
		.set = "ALTER TABLE {identity} SET UNLOGGED",
		.unset = "ALTER TABLE {identity} SET LOGGED"},
	{.name = "partition_key",
		.expr = "CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "partition_of",
		.expr = "CASE WHEN c.relispartition THEN (SELECT " SD_QUALIFIED("rn", "r.relname")
		" FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class r ON r.oid = h.inhparent"
		" JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace WHERE h.inhrelid = c.oid) END",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN},
	{.name = "partition_bound",
		.expr = "CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN},
	{.name = "inherits",
		.expr = "CASE WHEN NOT c.relispartition THEN (SELECT pg_catalog.string_agg("
		SD_QUALIFIED("rn", "r.relname") ", ', ' ORDER BY h.inhseqno)"
		" FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class r ON r.oid = h.inhparent"
		" JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace WHERE h.inhrelid = c.oid) END",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN},
	{.name = "of_type",
		.expr = "CASE WHEN c.reloftype <> 0 THEN " SD_TYPE("c.reloftype", "NULL") " END",
		.class = SD_CLASS_RISKY,
		.set = "ALTER TABLE {identity} OF {value}",
		.unset = "ALTER TABLE {identity} NOT OF"},
	/* a partitioned table has one only to hand on, and then heap counts too */
	{.name = "access_method",
		.expr = "(SELECT pg_catalog.quote_ident(am.amname) FROM pg_catalog.pg_am am"
		" WHERE am.oid = c.relam AND (am.amname <> 'heap' OR c.relkind = 'p'))",
		.class = SD_CLASS_RISKY,
		.set = "ALTER TABLE {identity} SET ACCESS METHOD {value}",
		.unset = "ALTER TABLE {identity} SET ACCESS METHOD {no_access_method}"},
	{.name = "no_access_method",
		.expr = "CASE c.relkind WHEN 'p' THEN 'DEFAULT' ELSE 'heap' END",
		.flags = SD_P_DETAIL},
	{.name = "tablespace",
		.expr = "(SELECT pg_catalog.quote_ident(ts.spcname) FROM pg_catalog.pg_tablespace ts"
		" WHERE ts.oid = c.reltablespace)",
		.class = SD_CLASS_RISKY,
		.set = "ALTER TABLE {identity} SET TABLESPACE {value}",
		.unset = "ALTER TABLE {identity} SET TABLESPACE pg_default"},
	{.name = "options",
		.expr = SD_OPTIONS("c.reloptions"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "toast_options",
		.expr = "(SELECT " SD_OPTIONS("tc.reloptions")
		" FROM pg_catalog.pg_class tc WHERE tc.oid = c.reltoastrelid)",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "row_security",
		.expr = SD_FLAG("c.relrowsecurity"),
		.class = SD_CLASS_SECURITY,
		.set = "ALTER TABLE {identity} ENABLE ROW LEVEL SECURITY",
		.unset = "ALTER TABLE {identity} DISABLE ROW LEVEL SECURITY"},
	{.name = "force_row_security",
		.expr = SD_FLAG("c.relforcerowsecurity"),
		.class = SD_CLASS_SECURITY,
		.set = "ALTER TABLE {identity} FORCE ROW LEVEL SECURITY",
		.unset = "ALTER TABLE {identity} NO FORCE ROW LEVEL SECURITY"},
	{.name = "replica_identity",
		.expr = "CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING'"
		" WHEN 'i' THEN 'USING INDEX ' || " INDEX_NAME("i.indisreplident") " END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_LATE,
		.set = "ALTER TABLE ONLY {identity} REPLICA IDENTITY {value}",
		.unset = "ALTER TABLE ONLY {identity} REPLICA IDENTITY DEFAULT"},
	{.name = "clustered_on",
		.expr = INDEX_NAME("i.indisclustered"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_LATE,
		.set = "ALTER TABLE {identity} CLUSTER ON {value}",
		.unset = "ALTER TABLE {identity} SET WITHOUT CLUSTER"},
	{.name = "column_order",
		.expr = "(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)"
		" FROM pg_catalog.pg_attribute a"
		" WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.equal = same_order},
	{NULL}
};

static bool
is_partition(const SdObject *object)
{
	return sd_object_value(object, "partition_of") != NULL;
}

/* "(a integer, b text)"; for a typed or inheriting table only what is its own */
static void
append_columns(StringInfo buf, const SdDdl *ddl, const SdObject *object)
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
	if (texts || sd_object_value(object, "of_type") == NULL)
		appendStringInfo(buf, " (%s%s)", sd_join(texts, ","), texts ? "\n" : "");
}

static void
attach(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_latef(ddl, "ALTER TABLE ONLY %s ATTACH PARTITION %s %s",
				 sd_object_value(object, "partition_of"), object->identity,
				 sd_object_value(object, "partition_bound"));
}

/* Late properties of a new table: statements only where they have a value. */
static void
create_rest(SdDdl *ddl, const SdObject *object)
{
	int			i;

	for (i = 0; i < object->kind->nproperties; i++)
	{
		const SdProperty *p = &object->kind->properties[i];
		bool		security = strstr(p->name, "row_security") != NULL;

		if (object->values[i] == NULL || !((p->flags & SD_P_LATE) || security))
			continue;
		ddl->to_late = !security;
		sd_ddl_add(ddl, sd_ddl_fill(p->set, object, object->values[i], NULL));
		ddl->to_late = false;
	}
	if (is_partition(object))
		attach(ddl, object);
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	StringInfoData buf;
	const char *value;
	char	   *prefix = psprintf("ALTER TABLE %s", object->identity);

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE %sTABLE %s",
					 sd_object_flag(object, "unlogged") ? "UNLOGGED " : "", object->identity);
	if ((value = sd_object_value(object, "of_type")) != NULL)
		appendStringInfo(&buf, " OF %s", value);
	append_columns(&buf, ddl, object);
	if ((value = sd_object_value(object, "inherits")) != NULL)
		appendStringInfo(&buf, " INHERITS (%s)", value);
	if ((value = sd_object_value(object, "partition_key")) != NULL)
		appendStringInfo(&buf, " PARTITION BY %s", value);
	if ((value = sd_object_value(object, "access_method")) != NULL)
		appendStringInfo(&buf, " USING %s", value);
	if ((value = sd_object_value(object, "options")) != NULL)
		appendStringInfo(&buf, " WITH (%s)", value);
	if ((value = sd_object_value(object, "tablespace")) != NULL)
		appendStringInfo(&buf, " TABLESPACE %s", value);
	sd_ddl_add(ddl, buf.data);
	sd_ddl_options(ddl, prefix, "toast.", NULL, sd_object_value(object, "toast_options"));
	create_rest(ddl, object);
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
	if (is_partition(change->to))
		attach(ddl, change->to);
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

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const char *identity = change->to->identity;
	char	   *prefix = psprintf("ALTER TABLE %s", identity);

	if (sd_change_has(change, "options"))
		sd_ddl_options(ddl, prefix, "", sd_object_value(change->from, "options"),
					   sd_object_value(change->to, "options"));
	if (sd_change_has(change, "toast_options"))
		sd_ddl_options(ddl, prefix, "toast.", sd_object_value(change->from, "toast_options"),
					   sd_object_value(change->to, "toast_options"));
	if (sd_change_has(change, "partition_of") || sd_change_has(change, "partition_bound"))
		alter_partition(ddl, change);
	if (sd_change_has(change, "inherits"))
	{
		const char *from = sd_object_value(change->from, "inherits");
		const char *to = sd_object_value(change->to, "inherits");

		/* before columns are dropped, and after they were added */
		ddl->to_first = true;
		alter_parents(ddl, identity, from, to, "NO INHERIT");
		ddl->to_first = false;
		ddl->to_late = true;
		alter_parents(ddl, identity, to, from, "INHERIT");
		ddl->to_late = false;
	}
	if (sd_change_has(change, "column_order"))
		sd_ddl_impossible(ddl, "The columns of %s stand in another order, which only a new table can change.",
						  identity);
	return true;
}

SdKind		sd_kind_table = {
	.name = "table",
	.keyword = "TABLE",
	.traits = SD_K_HOLDS_DATA,
	.catalog = "pg_class",
	.from = "FROM pg_catalog.pg_class c"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" WHERE c.relkind IN ('r', 'p') AND " SD_USER_SCHEMA("n"),
	.oid = "c.oid",
	.identity = SD_QUALIFIED("n", "c.relname"),
	.owner = "c.relowner",
	.acl = "c.relacl",
	.acl_type = "r",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
