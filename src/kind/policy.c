/*
 * policy.c
 *	  Kind: row security policies of tables.
 *
 * Whether row security is on at all is a property of the table.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "kind/kind.h"

static const SdProperty properties[] = {
	{.name = "name",
		.expr = "pg_catalog.quote_ident(p.polname)",
		.flags = SD_P_DETAIL},
	{.name = "restrictive",
		.expr = SD_FLAG("NOT p.polpermissive"),
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_RECREATE},
	{.name = "command",
		.expr = "CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'"
		" WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END",
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_RECREATE},
	{.name = "roles",
		.expr = "(SELECT pg_catalog.string_agg(CASE o WHEN 0 THEN 'PUBLIC'"
		" ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(o)) END, ', '"
		" ORDER BY pg_catalog.pg_get_userbyid(o)::pg_catalog.text COLLATE pg_catalog.\"C\")"
		" FROM pg_catalog.unnest(p.polroles) o)",
		.class = SD_CLASS_SECURITY,
		.set = "ALTER POLICY {name} ON {parent} TO {value}"},
	{.name = "using",
		.expr = "pg_catalog.pg_get_expr(p.polqual, p.polrelid)",
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_OWN},
	{.name = "with_check",
		.expr = "pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)",
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_OWN},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	StringInfoData buf;
	const char *value;

	initStringInfo(&buf);
	appendStringInfoString(&buf, sd_ddl_fill("CREATE POLICY {name} ON {parent}", object, NULL, NULL));
	if (sd_object_flag(object, "restrictive"))
		appendStringInfoString(&buf, " AS RESTRICTIVE");
	appendStringInfoString(&buf, sd_ddl_fill(" FOR {command} TO {roles}", object, NULL, NULL));
	if ((value = sd_object_value(object, "using")) != NULL)
		appendStringInfo(&buf, " USING (%s)", value);
	if ((value = sd_object_value(object, "with_check")) != NULL)
		appendStringInfo(&buf, " WITH CHECK (%s)", value);
	sd_ddl_add(ddl, buf.data);
}

/* An expression can be changed but not taken away. */
static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const char *using = sd_object_value(change->to, "using");
	const char *with_check = sd_object_value(change->to, "with_check");
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "ALTER POLICY %s", change->to->identity);
	if (sd_change_has(change, "using"))
	{
		if (using == NULL)
			return false;
		appendStringInfo(&buf, " USING (%s)", using);
	}
	if (sd_change_has(change, "with_check"))
	{
		if (with_check == NULL)
			return false;
		appendStringInfo(&buf, " WITH CHECK (%s)", with_check);
	}
	sd_ddl_add(ddl, buf.data);
	return true;
}

SdKind		sd_kind_policy = {
	.name = "policy",
	.keyword = "POLICY",
	.traits = SD_K_WITH_WHOLE | SD_K_TEXT_BOUND,
	.catalog = "pg_policy",
	.from = "FROM pg_catalog.pg_policy p"
	" JOIN pg_catalog.pg_class c ON c.oid = p.polrelid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" WHERE c.relkind IN ('r', 'p') AND " SD_USER_SCHEMA("n"),
	.oid = "p.oid",
	.identity = "pg_catalog.quote_ident(p.polname) || ' ON ' || " SD_QUALIFIED("n", "c.relname"),
	.parent = "'table ' || " SD_QUALIFIED("n", "c.relname"),
	.member = "pg_class c.oid",
	.has_comment = true,
	.own = properties,
	.added = SD_CLASS_SECURITY,
	.removed = SD_CLASS_SECURITY,
	.create = create,
	.alter = alter,
};
