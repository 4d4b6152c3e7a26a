/*
 * view.c
 *	  Kind: views.
 *
 * A view is replaced in place while its columns stay, or grow at the end;
 * so its dependents, owner and privileges stay too.  Anything else drops it.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/kind.h"
#include "kind/query_text.h"

#define OPTION(name) \
	"(SELECT pg_catalog.substr(o, pg_catalog.strpos(o, '=') + 1) FROM pg_catalog.unnest(c.reloptions) o" \
	" WHERE pg_catalog.split_part(o, '=', 1) = '" name "')"

static bool same_columns(const SdObject *from, const SdObject *to, int property);

static const SdProperty properties[] = {
	{.name = "definition",
		.expr = "pg_catalog.btrim(pg_catalog.pg_get_viewdef(c.oid), ' ;')",
		.normal = sd_query_text_normal,
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REQUIRED},
	{.name = "columns",
		.expr = "(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || ' ' || "
		SD_TYPE("a.atttypid", "a.atttypmod") " || COALESCE(' COLLATE ' || CASE WHEN a.attcollation <> 100 THEN "
		SD_COLLATION("a.attcollation", "0") " END, ''), E'\\n' ORDER BY a.attnum)"
		" FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE,
		.equal = same_columns},
	{.name = "check_option",
		.expr = OPTION("check_option"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "security_barrier",
		.expr = OPTION("security_barrier"),
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_OWN},
	{.name = "security_invoker",
		.expr = OPTION("security_invoker"),
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_OWN},
	{NULL}
};

static const char *const options[] = {"check_option", "security_barrier", "security_invoker"};

/* Columns added at the end break nobody and need no new view. */
static bool
same_columns(const SdObject *from, const SdObject *to, int property)
{
	const char *before = from->values[property];
	const char *after = to->values[property];
	size_t		length;

	if (before == NULL || after == NULL)
		return before == after;
	length = strlen(before);
	return strncmp(before, after, length) == 0 && (after[length] == '\0' || after[length] == '\n');
}

static void
append_create(SdDdl *ddl, const SdObject *object, const char *verb)
{
	List	   *texts = NIL;
	char	   *with = "";
	int			i;

	for (i = 0; i < lengthof(options); i++)
	{
		const char *value = sd_object_value(object, options[i]);

		if (value)
			texts = lappend(texts, psprintf("%s=%s", options[i], sd_literal(value)));
	}
	if (texts)
		with = psprintf(" WITH (%s)", sd_join(texts, ", "));
	sd_ddl_addf(ddl, "%s VIEW %s%s AS\n%s", verb, object->identity, with,
				sd_object_value(object, "definition"));
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	append_create(ddl, object, "CREATE");
}

/* Replacing sets all options too; the old text may not bear the new ones. */
static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	int			i;

	if (sd_change_has(change, "definition"))
	{
		append_create(ddl, to, "CREATE OR REPLACE");
		return true;
	}
	for (i = 0; i < lengthof(options); i++)
	{
		const char *value = sd_object_value(to, options[i]);

		if (!sd_change_has(change, options[i]))
			continue;
		if (value)
			sd_ddl_addf(ddl, "ALTER VIEW %s SET (%s=%s)", to->identity, options[i], sd_literal(value));
		else
			sd_ddl_addf(ddl, "ALTER VIEW %s RESET (%s)", to->identity, options[i]);
	}
	return true;
}

SdKind		sd_kind_view = {
	.name = "view",
	.keyword = "VIEW",
	.traits = SD_K_TEXT_BOUND,
	.catalog = "pg_class",
	.sorts = "v",
	.from = "FROM pg_catalog.pg_class c"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" WHERE c.relkind = 'v' AND " SD_USER_SCHEMA("n"),
	.oid = "c.oid",
	.identity = SD_QUALIFIED("n", "c.relname"),
	.owner = "c.relowner",
	.acl = "c.relacl",
	.acl_type = "r",
	.acl_keyword = "TABLE",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
