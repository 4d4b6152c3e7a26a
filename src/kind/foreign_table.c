/*
 * foreign_table.c
 *	  Kind: foreign tables, partitions among them.
 *
 * Columns, checks and triggers are those of any table.  A foreign table holds
 * no data itself: what cannot be altered, its server, is built anew.
 */
#include "postgres.h"

#include "kind/options.h"
#include "kind/relation.h"

static const SdProperty properties[] = {
	SD_RELATION_PROPERTIES,
	{.name = "server",
		.expr = "pg_catalog.quote_ident(s.srvname)",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	SD_FOREIGN_PROPERTIES("f.ftoptions"),
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE FOREIGN TABLE %s", object->identity);
	sd_relation_append_columns(&buf, ddl, object);
	sd_relation_append_parents(&buf, ddl, object);
	appendStringInfo(&buf, " SERVER %s%s", sd_object_value(object, "server"),
					 sd_options_foreign(ddl, object, "options"));
	sd_ddl_add(ddl, buf.data);
	sd_relation_attach(ddl, object);
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	sd_relation_alter(ddl, change);
	if (sd_change_has(change, "options"))
		sd_options_foreign_alter(ddl, change, "options",
								 sd_ddl_fill("ALTER FOREIGN TABLE {identity}", change->to, NULL, NULL));
	return true;
}

SdKind		sd_kind_foreign_table = {
	.name = "foreign_table",
	.keyword = "FOREIGN TABLE",
	.catalog = "pg_class",
	.sorts = "f",
	.from = "FROM pg_catalog.pg_foreign_table f"
	" JOIN pg_catalog.pg_class c ON c.oid = f.ftrelid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver"
	" WHERE " SD_USER_SCHEMA("n"),
	.oid = "c.oid",
	.identity = SD_QUALIFIED("n", "c.relname"),
	.owner = "c.relowner",
	.acl = "c.relacl",
	.acl_type = "r",
	.acl_keyword = "TABLE",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
