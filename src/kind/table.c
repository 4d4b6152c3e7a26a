/*
 * table.c
 *	  Kind: ordinary and partitioned tables, partitions included.
 *
 * Columns are parts (column.c) written inline by CREATE TABLE.  A partition is
 * created like any table and attached late, when its own indexes and checks
 * exist: ATTACH then takes those instead of making new ones under other names.
 */
#include "postgres.h"

#include "kind/relation.h"

#define INDEX_NAME(condition) \
	"(SELECT pg_catalog.quote_ident(ic.relname) FROM pg_catalog.pg_index i" \
	" JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid" \
	" WHERE i.indrelid = c.oid AND " condition ")"

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
	SD_RELATION_PROPERTIES,
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
	{NULL}
};

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
	sd_relation_attach(ddl, object);
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
	sd_relation_append_columns(&buf, ddl, object);
	sd_relation_append_parents(&buf, ddl, object);
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

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	char	   *prefix = psprintf("ALTER TABLE %s", change->to->identity);

	if (sd_change_has(change, "options"))
		sd_ddl_options(ddl, prefix, "", sd_object_value(change->from, "options"),
					   sd_object_value(change->to, "options"));
	if (sd_change_has(change, "toast_options"))
		sd_ddl_options(ddl, prefix, "toast.", sd_object_value(change->from, "toast_options"),
					   sd_object_value(change->to, "toast_options"));
	sd_relation_alter(ddl, change);
	return true;
}

SdKind		sd_kind_table = {
	.name = "table",
	.keyword = "TABLE",
	.traits = SD_K_HOLDS_DATA,
	.catalog = "pg_class",
	.sorts = "rp",
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
