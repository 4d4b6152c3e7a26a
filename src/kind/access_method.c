/*
 * access_method.c
 *	  Kind: access methods of tables and of indexes.
 *
 * The server has no ALTER for them; what uses one is built anew with it.
 */
#include "postgres.h"

#include "kind/kind.h"

static const SdProperty properties[] = {
	{.name = "type",
		.expr = "CASE am.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "handler",
		.expr = "am.amhandler::pg_catalog.regproc",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_add(ddl, sd_ddl_fill("CREATE ACCESS METHOD {identity} TYPE {type} HANDLER {handler}",
								object, NULL, NULL));
}

SdKind		sd_kind_access_method = {
	.name = "access_method",
	.keyword = "ACCESS METHOD",
	.catalog = "pg_am",
	.from = "FROM pg_catalog.pg_am am WHERE " SD_NOT_BUILTIN("am.oid"),
	.oid = "am.oid",
	.identity = "pg_catalog.quote_ident(am.amname)",
	.form = 2,
	.has_comment = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
};
