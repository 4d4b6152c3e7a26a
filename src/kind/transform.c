/*
 * transform.c
 *	  Kind: transforms of a type for a language.
 *
 * Both functions can be replaced under the functions that use the transform.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/kind.h"

#define FUNCTION_SIGNATURE(oid) "CASE WHEN " oid " <> 0 THEN " oid "::pg_catalog.regprocedure END"

static const SdProperty properties[] = {
	{.name = "from_sql",
		.expr = FUNCTION_SIGNATURE("t.trffromsql"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.set = "FROM SQL WITH FUNCTION {value}"},
	{.name = "to_sql",
		.expr = FUNCTION_SIGNATURE("t.trftosql"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.set = "TO SQL WITH FUNCTION {value}"},
	{NULL}
};

static void
add_statement(SdDdl *ddl, const SdObject *transform, const char *verb)
{
	List	   *functions = NIL;
	int			i;

	for (i = 0; i < lengthof(properties) - 1; i++)
		if (transform->values[i])
			functions = lappend(functions, sd_ddl_fill(properties[i].set, transform, transform->values[i], NULL));
	sd_ddl_addf(ddl, "%s TRANSFORM %s (%s)", verb, transform->identity, sd_join(functions, ", "));
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	add_statement(ddl, object, "CREATE");
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	add_statement(ddl, change->to, "CREATE OR REPLACE");
	return true;
}

SdKind		sd_kind_transform = {
	.name = "transform",
	.keyword = "TRANSFORM",
	.traits = SD_K_NAMELESS,
	.catalog = "pg_transform",
	.from = "FROM pg_catalog.pg_transform t"
	" JOIN pg_catalog.pg_language l ON l.oid = t.trflang"
	" WHERE " SD_NOT_BUILTIN("t.oid"),
	.oid = "t.oid",
	.identity = "'FOR ' || " SD_TYPE("t.trftype", "NULL") " || ' LANGUAGE ' || pg_catalog.quote_ident(l.lanname)",
	.form = 2,
	.has_comment = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
