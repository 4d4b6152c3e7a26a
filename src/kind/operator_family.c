/*
 * operator_family.c
 *	  Kind: operator families.  What is in a family but in none of its classes
 *	  are parts (family_operator.c, family_function.c).
 */
#include "postgres.h"

#include "kind/family.h"

static const SdProperty properties[] = {
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_addf(ddl, "CREATE OPERATOR FAMILY %s", object->identity);
}

SdKind		sd_kind_operator_family = {
	.name = "operator_family",
	.keyword = "OPERATOR FAMILY",
	.catalog = "pg_opfamily",
	.from = "FROM pg_catalog.pg_opfamily f" SD_FAMILY_JOINS " WHERE " SD_USER_SCHEMA("fn"),
	.oid = "f.oid",
	.identity = SD_FAMILY_IDENTITY,
	.owner = "f.opfowner",
	.form = 2,
	.has_comment = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
};
