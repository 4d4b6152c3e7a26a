/*
 * view_column.c
 *	  Kind: columns of views and materialized views that carry something of
 *	  their own: a default, privileges, a comment, storage.
 *
 * The columns themselves follow from the view's definition.  So this object
 * comes when the first such thing is set, and dropping it takes all away; for
 * a grant among them both count as security.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/aspects.h"
#include "kind/kind.h"

#define ALTER_COLUMN "ALTER {whole} {parent} ALTER COLUMN {name} "

static const SdProperty properties[] = {
	{.name = "name",
		.expr = "pg_catalog.quote_ident(a.attname)",
		.flags = SD_P_DETAIL},
	{.name = "whole",
		.expr = "CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END",
		.flags = SD_P_DETAIL},
	{.name = "default",
		.expr = "pg_catalog.pg_get_expr(d.adbin, 0)",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_LATE,
		.set = ALTER_COLUMN "SET DEFAULT {value}",
		.unset = ALTER_COLUMN "DROP DEFAULT"},
	{.name = "statistics",
		.expr = "CASE WHEN c.relkind = 'm' AND a.attstattarget >= 0 THEN a.attstattarget END",
		.class = SD_CLASS_RISKY,
		.set = ALTER_COLUMN "SET STATISTICS {value}",
		.unset = ALTER_COLUMN "SET STATISTICS -1"},
	{.name = "storage",
		.expr = "CASE WHEN c.relkind = 'm' AND a.attstorage <> t.typstorage THEN CASE a.attstorage"
		" WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' WHEN 'x' THEN 'EXTENDED' END END",
		.class = SD_CLASS_RISKY,
		.set = ALTER_COLUMN "SET STORAGE {value}",
		.unset = ALTER_COLUMN "SET STORAGE {type_storage}"},
	{.name = "type_storage",
		.expr = "CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'"
		" WHEN 'm' THEN 'MAIN' WHEN 'x' THEN 'EXTENDED' END",
		.flags = SD_P_DETAIL},
	{.name = "compression",
		.expr = "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END",
		.class = SD_CLASS_RISKY,
		.set = ALTER_COLUMN "SET COMPRESSION {value}",
		.unset = ALTER_COLUMN "SET COMPRESSION default"},
	{.name = "options",
		/* the server's own mark, on nearly every column, is mostly alone */
		.expr = "CASE WHEN a.attoptions[2] IS NOT NULL"
		" OR NOT pg_catalog.starts_with(a.attoptions[1], 'pg_attver=') THEN "
		SD_OPTIONS_BUT("a.attoptions", "o !~ '^pg_attver='") " END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{NULL}
};

static char *
column_prefix(const SdObject *object)
{
	return sd_ddl_fill("ALTER {whole} {parent} ALTER COLUMN {name}", object, NULL, NULL);
}

/* Each own property of the object set, or taken away. */
static void
write_properties(SdDdl *ddl, const SdObject *object, bool set)
{
	const char *options = sd_object_value(object, "options");
	int			i;

	for (i = 0; properties[i].name; i++)
	{
		const SdProperty *p = &properties[i];
		int			place = sd_kind_property(object->kind, p->name);
		const char *value = object->values[place];

		if (value == NULL || p->set == NULL)
			continue;
		ddl->to_late = set && (p->flags & SD_P_LATE);
		sd_ddl_add(ddl, sd_ddl_fill(set ? p->set : p->unset, object, value, NULL));
		ddl->to_late = false;
	}
	sd_ddl_options(ddl, column_prefix(object), "", set ? NULL : options, set ? options : NULL);
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	write_properties(ddl, object, true);
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	write_properties(ddl, object, false);
	sd_aspects_drop(ddl, object);
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	sd_ddl_options(ddl, column_prefix(change->to), "", sd_object_value(change->from, "options"),
				   sd_object_value(change->to, "options"));
	return true;
}

SdKind		sd_kind_view_column = {
	.name = "view_column",
	.keyword = "COLUMN",
	.traits = SD_K_WITH_WHOLE | SD_K_CARRIER,
	.catalog = "pg_class",
	.sorts = "vm",
	.from = "FROM pg_catalog.pg_class c"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
	" JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
	" LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
	" WHERE c.relkind IN ('v', 'm') AND " SD_USER_SCHEMA("n")
	" AND (d.oid IS NOT NULL OR a.attacl IS NOT NULL OR dsc.objoid IS NOT NULL OR lbl.objoid IS NOT NULL"
	" OR (c.relkind = 'm' AND (a.attstattarget >= 0 OR a.attstorage <> t.typstorage"
	" OR a.attcompression <> '' OR EXISTS (SELECT FROM pg_catalog.unnest(a.attoptions) o"
	" WHERE o !~ '^pg_attver='))))",
	.oid = "c.oid",
	.subid = "a.attnum",
	.identity = SD_QUALIFIED("n", "c.relname") " || '.' || pg_catalog.quote_ident(a.attname)",
	.parent = "CASE c.relkind WHEN 'm' THEN 'matview ' ELSE 'view ' END || " SD_QUALIFIED("n", "c.relname"),
	.acl = "a.attacl",
	.acl_type = "c",
	.acl_keyword = "TABLE",
	.acl_owner = "c.relowner",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.added = SD_CLASS_SECURITY,
	.removed = SD_CLASS_SECURITY,
	.create = create,
	.drop = drop,
	.alter = alter,
};
