/*
 * collation.c
 *	  Kind: collations.
 *
 * The version of the library that a collation was made with is the server's
 * affair as long as it is the one in use: a restored copy has another.  Only
 * one that is out of date counts, until it is refreshed.
 *
 * Later servers rewrite an ICU locale as a language tag when a collation is
 * made.  Of that the plain case is undone, so that a copy there is the same.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/text.h"
#include "kind/kind.h"

/* colliculocale was renamed in 17, collicurules came in 16 */
#define LOCALE \
	"CASE WHEN c.collprovider = 'c' THEN CASE WHEN c.collcollate = c.collctype THEN c.collcollate END" \
	" ELSE COALESCE(pg_catalog.to_jsonb(c) ->> 'colllocale', pg_catalog.to_jsonb(c) ->> 'colliculocale'," \
	" c.collcollate) END"

static const SdProperty properties[] = {
	{.name = "provider",
		.expr = "CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "locale",
		.expr = "CASE WHEN c.collprovider = 'i' THEN"
		" pg_catalog.regexp_replace(" LOCALE ", '^([a-z]+)_([A-Z]+)$', '\\1-\\2') ELSE " LOCALE " END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "written_locale",
		.expr = LOCALE,
		.flags = SD_P_DETAIL},
	{.name = "lc_collate",
		.expr = "CASE WHEN c.collprovider = 'c' AND c.collcollate <> c.collctype THEN c.collcollate END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "lc_ctype",
		.expr = "CASE WHEN c.collprovider = 'c' AND c.collcollate <> c.collctype THEN c.collctype END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "nondeterministic",
		.expr = SD_FLAG("NOT c.collisdeterministic"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "rules",
		.expr = "c.collicurules",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE,
		.since = 160000},
	{.name = "outdated_version",
		.expr = "CASE WHEN c.collversion <> pg_catalog.pg_collation_actual_version(c.oid) THEN c.collversion END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	static const char *const options[][2] = {
		{"written_locale", "locale"}, {"lc_collate", "lc_collate"}, {"lc_ctype", "lc_ctype"},
		{"rules", "rules"}, {"outdated_version", "version"}
	};
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE COLLATION %s (provider = %s", object->identity,
					 sd_object_value(object, "provider"));
	if (sd_object_flag(object, "nondeterministic"))
		appendStringInfoString(&buf, ", deterministic = false");
	for (i = 0; i < lengthof(options); i++)
		if (sd_object_value(object, options[i][0]))
			appendStringInfo(&buf, ", %s = %s", options[i][1],
							 sd_literal(sd_object_value(object, options[i][0])));
	appendStringInfoChar(&buf, ')');
	sd_ddl_add(ddl, buf.data);
}

/* The server only goes forward to the version in use. */
static bool
alter(SdDdl *ddl, const SdChange *change)
{
	if (sd_object_value(change->to, "outdated_version"))
		return false;
	sd_ddl_addf(ddl, "ALTER COLLATION %s REFRESH VERSION", change->to->identity);
	return true;
}

SdKind		sd_kind_collation = {
	.name = "collation",
	.keyword = "COLLATION",
	.catalog = "pg_collation",
	.from = "FROM pg_catalog.pg_collation c"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace"
	" WHERE c.collencoding IN (-1, pg_catalog.pg_char_to_encoding(pg_catalog.getdatabaseencoding()))"
	" AND " SD_USER_SCHEMA("n"),
	.oid = "c.oid",
	.identity = SD_QUALIFIED("n", "c.collname"),
	.owner = "c.collowner",
	.form = 2,
	.has_comment = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
