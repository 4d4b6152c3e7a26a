/*
 * text_search_parser.c
 *	  Kind: text search parsers, five functions each.
 *
 * Superusers make them and nobody owns them; nothing of one can be altered.
 */
#include "postgres.h"

#include "kind/options.h"

/* a function that may be missing */
#define FUNCTION(column) "NULLIF(p." column "::pg_catalog.text, '-')"

static const SdProperty properties[] = {
	{.name = "start",
		.expr = FUNCTION("prsstart"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "gettoken",
		.expr = FUNCTION("prstoken"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "end",
		.expr = FUNCTION("prsend"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "headline",
		.expr = FUNCTION("prsheadline"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "lextypes",
		.expr = FUNCTION("prslextype"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_options_create(ddl, object, properties);
}

SdKind		sd_kind_text_search_parser = {
	.name = "text_search_parser",
	.keyword = "TEXT SEARCH PARSER",
	.catalog = "pg_ts_parser",
	.from = "FROM pg_catalog.pg_ts_parser p"
	" JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace"
	" WHERE " SD_USER_SCHEMA("n"),
	.oid = "p.oid",
	.identity = SD_QUALIFIED("n", "p.prsname"),
	.has_comment = true,
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_BREAKING,
	.create = create,
};
