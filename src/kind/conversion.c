/*
 * conversion.c
 *	  Kind: conversions between encodings.  No part of one can be altered.
 */
#include "postgres.h"

#include "kind/kind.h"

static const SdProperty properties[] = {
	{.name = "source",
		.expr = "pg_catalog.pg_encoding_to_char(c.conforencoding)",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "target",
		.expr = "pg_catalog.pg_encoding_to_char(c.contoencoding)",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "function",
		.expr = "c.conproc::pg_catalog.regproc",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "default",
		.expr = SD_FLAG("c.condefault"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_addf(ddl, "CREATE%s CONVERSION %s", sd_object_flag(object, "default") ? " DEFAULT" : "",
				sd_ddl_fill("{identity} FOR '{source}' TO '{target}' FROM {function}", object, NULL, NULL));
}

SdKind		sd_kind_conversion = {
	.name = "conversion",
	.keyword = "CONVERSION",
	.catalog = "pg_conversion",
	.from = "FROM pg_catalog.pg_conversion c"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace"
	" WHERE " SD_USER_SCHEMA("n"),
	.oid = "c.oid",
	.identity = SD_QUALIFIED("n", "c.conname"),
	.owner = "c.conowner",
	.form = 2,
	.has_comment = true,
	.own = properties,
	.removed = SD_CLASS_RISKY,
	.create = create,
};
