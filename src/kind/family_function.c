/*
 * family_function.c
 *	  Kind: support functions in an operator family and in none of its classes,
 *	  parts of the family.
 */
#include "postgres.h"

#include "kind/family.h"

static const SdProperty properties[] = {
	{.name = "place",
		.expr = SD_FAMILY_PLACE("p.amprocnum", "p.amproclefttype", "p.amprocrighttype"),
		.flags = SD_P_DETAIL},
	{.name = "function",
		.expr = "p.amproc::pg_catalog.regprocedure",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_add(ddl, sd_ddl_fill("ALTER OPERATOR FAMILY {parent} ADD FUNCTION {place} {function}",
								object, NULL, NULL));
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_add(ddl, sd_ddl_fill("ALTER OPERATOR FAMILY {parent} DROP FUNCTION {place}", object, NULL, NULL));
}

SdKind		sd_kind_family_function = {
	.name = "family_function",
	.keyword = "FUNCTION",
	.traits = SD_K_WITH_WHOLE | SD_K_NAMELESS,
	.catalog = "pg_amproc",
	.from = SD_FAMILY_MEMBER_FROM("pg_amproc", "p", "p.amprocfamily"),
	.oid = "p.oid",
	.identity = SD_FAMILY_IDENTITY " || ' FUNCTION ' || "
	SD_FAMILY_PLACE("p.amprocnum", "p.amproclefttype", "p.amprocrighttype"),
	.parent = "'operator_family ' || " SD_FAMILY_IDENTITY,
	.member = "pg_opfamily f.oid",
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_RISKY,
	.create = create,
	.drop = drop,
};
