/*
 * text_search_template.c
 *	  Kind: text search templates, the code behind dictionaries.
 *
 * Superusers make them and nobody owns them; nothing of one can be altered.
 */
#include "postgres.h"

#include "kind/options.h"

static const SdProperty properties[] = {
	{.name = "init",
		.expr = "NULLIF(t.tmplinit::pg_catalog.text, '-')",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "lexize",
		.expr = "NULLIF(t.tmpllexize::pg_catalog.text, '-')",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_options_create(ddl, object, properties);
}

SdKind		sd_kind_text_search_template = {
	.name = "text_search_template",
	.keyword = "TEXT SEARCH TEMPLATE",
	.catalog = "pg_ts_template",
	.from = "FROM pg_catalog.pg_ts_template t"
	" JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace"
	" WHERE " SD_USER_SCHEMA("n"),
	.oid = "t.oid",
	.identity = SD_QUALIFIED("n", "t.tmplname"),
	.has_comment = true,
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_BREAKING,
	.create = create,
};
