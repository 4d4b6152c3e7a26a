/*
 * shell_type.c
 *	  Kind: types that are declared and were never defined.  The server lets
 *	  nobody have privileges on one.
 */
#include "postgres.h"

#include "kind/kind.h"

static const SdProperty properties[] = {
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_addf(ddl, "CREATE TYPE %s", object->identity);
}

SdKind		sd_kind_shell_type = {
	.name = "shell_type",
	.keyword = "TYPE",
	.catalog = "pg_type",
	.sorts = "p",
	.from = "FROM pg_catalog.pg_type t"
	" JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
	" WHERE NOT t.typisdefined AND " SD_USER_SCHEMA("n"),
	.oid = "t.oid",
	.identity = SD_QUALIFIED("n", "t.typname"),
	.owner = "t.typowner",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_BREAKING,
	.create = create,
};
