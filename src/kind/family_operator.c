/*
 * family_operator.c
 *	  Kind: operators in an operator family and in none of its classes, parts of
 *	  the family.
 */
#include "postgres.h"

#include "kind/family.h"

static const SdProperty properties[] = {
	{.name = "place",
		.expr = SD_FAMILY_PLACE("o.amopstrategy", "o.amoplefttype", "o.amoprighttype"),
		.flags = SD_P_DETAIL},
	{.name = "operator",
		.expr = "o.amopstrategy || ' ' || o.amopopr::pg_catalog.regoperator || " SD_FAMILY_ORDER_BY("o"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_add(ddl, sd_ddl_fill("ALTER OPERATOR FAMILY {parent} ADD OPERATOR {operator}", object, NULL, NULL));
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_add(ddl, sd_ddl_fill("ALTER OPERATOR FAMILY {parent} DROP OPERATOR {place}", object, NULL, NULL));
}

SdKind		sd_kind_family_operator = {
	.name = "family_operator",
	.keyword = "OPERATOR",
	.traits = SD_K_WITH_WHOLE | SD_K_NAMELESS,
	.catalog = "pg_amop",
	.from = SD_FAMILY_MEMBER_FROM("pg_amop", "o", "o.amopfamily"),
	.oid = "o.oid",
	.identity = SD_FAMILY_IDENTITY " || ' OPERATOR ' || "
	SD_FAMILY_PLACE("o.amopstrategy", "o.amoplefttype", "o.amoprighttype"),
	.parent = "'operator_family ' || " SD_FAMILY_IDENTITY,
	.member = "pg_opfamily f.oid",
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_RISKY,
	.create = create,
	.drop = drop,
};
