/*
 * domain_constraint.c
 *	  Kind: CHECK constraints of domains, parts of their domain.
 *
 * They are added after the domain instead of being written into it, so that a
 * check may call a function that takes the domain.  NOT NULL is a property of
 * the domain, although later servers keep a constraint for it too.
 */
#include "postgres.h"

#include "kind/kind.h"

static const SdProperty properties[] = {
	{.name = "name",
		.expr = "pg_catalog.quote_ident(k.conname)",
		.flags = SD_P_DETAIL},
	{.name = "definition",
		.expr = "pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(k.oid), ' NOT VALID$', '')",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "not_valid",
		.expr = SD_FLAG("NOT k.convalidated"),
		.class = SD_CLASS_RISKY,
		.unset = "ALTER DOMAIN {parent} VALIDATE CONSTRAINT {name}"},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_addf(ddl, "%s%s",
				sd_ddl_fill("ALTER DOMAIN {parent} ADD CONSTRAINT {name} {definition}", object, NULL, NULL),
				sd_object_flag(object, "not_valid") ? " NOT VALID" : "");
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_add(ddl, sd_ddl_fill("ALTER DOMAIN {parent} DROP CONSTRAINT {name}", object, NULL, NULL));
}

SdKind		sd_kind_domain_constraint = {
	.name = "domain_constraint",
	.keyword = "CONSTRAINT",
	.traits = SD_K_WITH_WHOLE,
	.catalog = "pg_constraint",
	.sorts = "d",
	.from = "FROM pg_catalog.pg_constraint k"
	" JOIN pg_catalog.pg_type t ON t.oid = k.contypid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
	" WHERE k.contype = 'c' AND " SD_USER_SCHEMA("n"),
	.oid = "k.oid",
	.identity = "pg_catalog.quote_ident(k.conname) || ' ON DOMAIN ' || " SD_QUALIFIED("n", "t.typname"),
	.parent = "'domain ' || " SD_QUALIFIED("n", "t.typname"),
	.member = "pg_type t.oid",
	.has_comment = true,
	.own = properties,
	.added = SD_CLASS_BREAKING,
	.removed = SD_CLASS_RISKY,
	.create = create,
	.drop = drop,
};
