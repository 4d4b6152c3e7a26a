/*
 * schema.c
 *	  Kind: schemas.
 *
 * The schema "public" counts like any other, except that its comment and its
 * privileges of a fresh database are what the server made.
 */
#include "postgres.h"

#include "kind/kind.h"

static const SdProperty properties[] = {
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_addf(ddl, "CREATE SCHEMA %s", object->identity);
}

SdKind		sd_kind_schema = {
	.name = "schema",
	.keyword = "SCHEMA",
	.traits = SD_K_HOLDS_DATA,
	.catalog = "pg_namespace",
	.from = "FROM pg_catalog.pg_namespace n WHERE " SD_USER_SCHEMA("n"),
	.oid = "n.oid",
	.identity = "pg_catalog.quote_ident(n.nspname)",
	.owner = "n.nspowner",
	.acl = "n.nspacl",
	.acl_type = "n",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
};
