/*
 * cast.c
 *	  Kind: casts between types.  No part of one can be altered.
 *
 * Nothing in the catalogs depends on a cast, although expressions are parsed
 * by way of it; so casts come before all that has expressions.  A range type's
 * cast to its multirange type is made with it.
 */
#include "postgres.h"

#include "kind/kind.h"

static const SdProperty properties[] = {
	{.name = "method",
		.expr = "CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::pg_catalog.regprocedure"
		" WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "context",
		.expr = "CASE c.castcontext WHEN 'a' THEN 'ASSIGNMENT' WHEN 'i' THEN 'IMPLICIT' END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	const char *context = sd_object_value(object, "context");

	sd_ddl_addf(ddl, "CREATE CAST %s %s%s%s", object->identity, sd_object_value(object, "method"),
				context ? " AS " : "", context ? context : "");
}

SdKind		sd_kind_cast = {
	.name = "cast",
	.keyword = "CAST",
	.traits = SD_K_NAMELESS,
	.catalog = "pg_cast",
	.from = "FROM pg_catalog.pg_cast c WHERE " SD_NOT_BUILTIN("c.oid")
	" AND NOT EXISTS (SELECT FROM pg_catalog.pg_range r"
	" WHERE r.rngtypid = c.castsource AND r.rngmultitypid = c.casttarget)",
	.oid = "c.oid",
	.identity = "'(' || " SD_TYPE("c.castsource", "NULL") " || ' AS ' || "
	SD_TYPE("c.casttarget", "NULL") " || ')'",
	.form = 2,
	.has_comment = true,
	.own = properties,
	.added = SD_CLASS_RISKY,
	.removed = SD_CLASS_BREAKING,
	.create = create,
};
