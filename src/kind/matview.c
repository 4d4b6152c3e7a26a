/*
 * matview.c
 *	  Kind: materialized views.
 *
 * Whether one holds data is data, not schema, and never a difference; but a
 * plan creates it filled only where the wanted side's is.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "kind/kind.h"
#include "kind/query_text.h"

static const SdProperty properties[] = {
	{.name = "definition",
		.expr = "pg_catalog.btrim(pg_catalog.pg_get_viewdef(c.oid), ' ;')",
		.normal = sd_query_text_normal,
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE | SD_P_REQUIRED},
	{.name = "populated",
		.expr = SD_FLAG("c.relispopulated"),
		.flags = SD_P_DETAIL},
	{.name = "access_method",
		.expr = "CASE WHEN am.amname <> 'heap' THEN pg_catalog.quote_ident(am.amname) END",
		.class = SD_CLASS_RISKY,
		.set = "ALTER MATERIALIZED VIEW {identity} SET ACCESS METHOD {value}",
		.unset = "ALTER MATERIALIZED VIEW {identity} SET ACCESS METHOD heap"},
	{.name = "tablespace",
		.expr = "pg_catalog.quote_ident(ts.spcname)",
		.class = SD_CLASS_RISKY,
		.set = "ALTER MATERIALIZED VIEW {identity} SET TABLESPACE {value}",
		.unset = "ALTER MATERIALIZED VIEW {identity} SET TABLESPACE pg_default"},
	{.name = "options",
		.expr = SD_OPTIONS("c.reloptions"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "toast_options",
		.expr = SD_OPTIONS("tc.reloptions"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "clustered_on",
		.expr = "(SELECT pg_catalog.quote_ident(ic.relname) FROM pg_catalog.pg_index i"
		" JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid"
		" WHERE i.indrelid = c.oid AND i.indisclustered)",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_LATE,
		.set = "ALTER MATERIALIZED VIEW {identity} CLUSTER ON {value}",
		.unset = "ALTER MATERIALIZED VIEW {identity} SET WITHOUT CLUSTER"},
	{NULL}
};

/* Nothing is lost that could not be computed again, but somebody has to. */
static void
note_empty(SdDdl *ddl, const SdObject *object)
{
	const SdObject *before = ddl->other ? sd_snapshot_find(ddl->other, object->key) : NULL;

	if (before && sd_object_flag(before, "populated"))
		sd_ddl_note(ddl, "The materialized view %s holds data and is created again without; REFRESH MATERIALIZED VIEW"
					" fills it.", object->identity);
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	StringInfoData buf;
	const char *value;
	char	   *prefix = psprintf("ALTER MATERIALIZED VIEW %s", object->identity);

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE MATERIALIZED VIEW %s", object->identity);
	if ((value = sd_object_value(object, "access_method")) != NULL)
		appendStringInfo(&buf, " USING %s", value);
	if ((value = sd_object_value(object, "options")) != NULL)
		appendStringInfo(&buf, " WITH (%s)", value);
	if ((value = sd_object_value(object, "tablespace")) != NULL)
		appendStringInfo(&buf, " TABLESPACE %s", value);
	appendStringInfo(&buf, " AS\n%s", sd_object_value(object, "definition"));
	if (!sd_object_flag(object, "populated"))
	{
		appendStringInfoString(&buf, "\nWITH NO DATA");
		note_empty(ddl, object);
	}
	sd_ddl_add(ddl, buf.data);
	sd_ddl_options(ddl, prefix, "toast.", NULL, sd_object_value(object, "toast_options"));
	if ((value = sd_object_value(object, "clustered_on")) != NULL)
		sd_ddl_latef(ddl, "%s CLUSTER ON %s", prefix, value);
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	char	   *prefix = psprintf("ALTER MATERIALIZED VIEW %s", change->to->identity);

	if (sd_change_has(change, "options"))
		sd_ddl_options(ddl, prefix, "", sd_object_value(change->from, "options"),
					   sd_object_value(change->to, "options"));
	if (sd_change_has(change, "toast_options"))
		sd_ddl_options(ddl, prefix, "toast.", sd_object_value(change->from, "toast_options"),
					   sd_object_value(change->to, "toast_options"));
	return true;
}

SdKind		sd_kind_matview = {
	.name = "matview",
	.keyword = "MATERIALIZED VIEW",
	.traits = SD_K_TEXT_BOUND,
	.catalog = "pg_class",
	.sorts = "m",
	.from = "FROM pg_catalog.pg_class c"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam"
	" LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace"
	" LEFT JOIN pg_catalog.pg_class tc ON tc.oid = c.reltoastrelid"
	" WHERE c.relkind = 'm' AND " SD_USER_SCHEMA("n"),
	.oid = "c.oid",
	.identity = SD_QUALIFIED("n", "c.relname"),
	.owner = "c.relowner",
	.acl = "c.relacl",
	.acl_type = "r",
	.acl_keyword = "TABLE",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
