/*
 * rule.c
 *	  Kind: rewrite rules of tables and views, except the one that makes a view.
 */
#include "postgres.h"

#include "kind/kind.h"
#include "kind/query_text.h"

static const SdProperty properties[] = {
	{.name = "name",
		.expr = "pg_catalog.quote_ident(r.rulename)",
		.flags = SD_P_DETAIL},
	{.name = "definition",
		.expr = "pg_catalog.rtrim(pg_catalog.pg_get_ruledef(r.oid), ';')",
		.normal = sd_query_statements_normal,
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REQUIRED},
	{.name = "enabled",
		.expr = "CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'"
		" WHEN 'A' THEN 'ENABLE ALWAYS' END",
		.class = SD_CLASS_RISKY,
		.set = "ALTER TABLE {parent} {value} RULE {name}",
		.unset = "ALTER TABLE {parent} ENABLE RULE {name}"},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	const char *enabled = sd_object_value(object, "enabled");

	sd_ddl_addf(ddl, "%s", sd_object_value(object, "definition"));
	if (enabled)
		sd_ddl_add(ddl, sd_ddl_fill("ALTER TABLE {parent} {enabled} RULE {name}", object, NULL, NULL));
}

/* Replacing keeps the enabled state. */
static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const char *definition = sd_object_value(change->to, "definition");
	const char *plain = "CREATE RULE ";

	if (strncmp(definition, plain, strlen(plain)) != 0)
		return false;
	sd_ddl_addf(ddl, "CREATE OR REPLACE RULE %s", definition + strlen(plain));
	return true;
}

SdKind		sd_kind_rule = {
	.name = "rule",
	.keyword = "RULE",
	.traits = SD_K_WITH_WHOLE | SD_K_TEXT_BOUND,
	.catalog = "pg_rewrite",
	.from = "FROM pg_catalog.pg_rewrite r"
	" JOIN pg_catalog.pg_class c ON c.oid = r.ev_class"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" WHERE c.relkind IN ('r', 'p', 'v') AND NOT (r.ev_type = '1' AND r.is_instead) AND " SD_USER_SCHEMA("n"),
	.oid = "r.oid",
	.identity = "pg_catalog.quote_ident(r.rulename) || ' ON ' || " SD_QUALIFIED("n", "c.relname"),
	.parent = "CASE c.relkind WHEN 'v' THEN 'view ' ELSE 'table ' END || " SD_QUALIFIED("n", "c.relname"),
	.member = "pg_class c.oid",
	.has_comment = true,
	.own = properties,
	.added = SD_CLASS_RISKY,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
