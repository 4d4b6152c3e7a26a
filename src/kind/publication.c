/*
 * publication.c
 *	  Kind: publications.
 *
 * The tables and schemas of a publication are its parts (publication_table.c,
 * publication_schema.c), so that each comes and goes by itself.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "kind/kind.h"

#define OPERATION(column, name) "CASE WHEN p." column " THEN '" name "' END"

static const SdProperty properties[] = {
	{.name = "all_tables",
		.expr = SD_FLAG("p.puballtables"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "publish",
		.expr = "pg_catalog.concat_ws(', ', " OPERATION("pubinsert", "insert") ", "
		OPERATION("pubupdate", "update") ", " OPERATION("pubdelete", "delete") ", "
		OPERATION("pubtruncate", "truncate") ")",
		.class = SD_CLASS_BREAKING,
		.set = "ALTER PUBLICATION {identity} SET (publish = {value:literal})"},
	{.name = "via_partition_root",
		.expr = SD_FLAG("p.pubviaroot"),
		.class = SD_CLASS_BREAKING,
		.set = "ALTER PUBLICATION {identity} SET (publish_via_partition_root = true)",
		.unset = "ALTER PUBLICATION {identity} SET (publish_via_partition_root = false)"},
	{.name = "generated_columns",
		.expr = "CASE p.pubgencols WHEN 's' THEN 'stored' END",
		.class = SD_CLASS_RISKY,
		.set = "ALTER PUBLICATION {identity} SET (publish_generated_columns = {value})",
		.unset = "ALTER PUBLICATION {identity} SET (publish_generated_columns = none)",
		.since = 180000},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE PUBLICATION %s", object->identity);
	if (sd_object_flag(object, "all_tables"))
		appendStringInfoString(&buf, " FOR ALL TABLES");
	appendStringInfo(&buf, " WITH (publish = '%s'", sd_object_value(object, "publish"));
	if (sd_object_flag(object, "via_partition_root"))
		appendStringInfoString(&buf, ", publish_via_partition_root = true");
	if (sd_object_value(object, "generated_columns"))
		appendStringInfo(&buf, ", publish_generated_columns = %s", sd_object_value(object, "generated_columns"));
	appendStringInfoChar(&buf, ')');
	sd_ddl_add(ddl, buf.data);
}

SdKind		sd_kind_publication = {
	.name = "publication",
	.keyword = "PUBLICATION",
	.catalog = "pg_publication",
	.from = "FROM pg_catalog.pg_publication p WHERE p.oid >= 16384",
	.oid = "p.oid",
	.identity = "pg_catalog.quote_ident(p.pubname)",
	.owner = "p.pubowner",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_BREAKING,
	.create = create,
};
