/*
 * extension.c
 *	  Kind: installed extensions, which stand for the objects they own.
 *
 * Left out are what initdb installs (plpgsql) and schemadrift itself: whether
 * a database is watched is no difference of its schema.
 */
#include "postgres.h"

#include "kind/default_privileges.h"
#include "kind/kind.h"

static const SdProperty properties[] = {
	{.name = "schema",
		.expr = "pg_catalog.quote_ident(n.nspname)",
		.class = SD_CLASS_BREAKING,
		.set = "ALTER EXTENSION {identity} SET SCHEMA {value}"},
	{.name = "version",
		.expr = "x.extversion",
		.class = SD_CLASS_RISKY,
		.set = "ALTER EXTENSION {identity} UPDATE TO {value:literal}"},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_default_privileges_suspend(ddl, true);
	sd_ddl_add(ddl, sd_ddl_fill("CREATE EXTENSION {identity} WITH SCHEMA {schema} VERSION {value:literal}",
								object, sd_object_value(object, "version"), NULL));
	sd_default_privileges_suspend(ddl, false);
}

SdKind		sd_kind_extension = {
	.name = "extension",
	.keyword = "EXTENSION",
	.catalog = "pg_extension",
	.from = "FROM pg_catalog.pg_extension x"
	" JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace"
	" WHERE x.oid >= 16384 AND x.extname <> 'schemadrift'",
	.oid = "x.oid",
	.identity = "pg_catalog.quote_ident(x.extname)",
	.has_comment = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
};
