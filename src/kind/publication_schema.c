/*
 * publication_schema.c
 *	  Kind: schemas of a publication, parts of it: all tables in them, also
 *	  those to come, are published.
 */
#include "postgres.h"

#include "kind/kind.h"

static const SdProperty properties[] = {
	{.name = "schema",
		.expr = "pg_catalog.quote_ident(n.nspname)",
		.flags = SD_P_DETAIL},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_add(ddl, sd_ddl_fill("ALTER PUBLICATION {parent} ADD TABLES IN SCHEMA {schema}", object, NULL, NULL));
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_add(ddl, sd_ddl_fill("ALTER PUBLICATION {parent} DROP TABLES IN SCHEMA {schema}", object, NULL, NULL));
}

SdKind		sd_kind_publication_schema = {
	.name = "publication_schema",
	.keyword = "TABLES IN SCHEMA",
	.traits = SD_K_WITH_WHOLE | SD_K_NAMELESS,
	.catalog = "pg_publication_namespace",
	.from = "FROM pg_catalog.pg_publication_namespace r"
	" JOIN pg_catalog.pg_publication p ON p.oid = r.pnpubid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = r.pnnspid"
	" WHERE r.oid >= 16384",
	.oid = "r.oid",
	.identity = "pg_catalog.quote_ident(n.nspname) || ' IN ' || pg_catalog.quote_ident(p.pubname)",
	.parent = "'publication ' || pg_catalog.quote_ident(p.pubname)",
	.member = "pg_publication p.oid",
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.drop = drop,
};
