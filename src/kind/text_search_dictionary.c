/*
 * text_search_dictionary.c
 *	  Kind: text search dictionaries, a template with options each.
 *
 * The catalog keeps the options as the server itself wrote them, ready for
 * SQL: "language = 'english', stopwords = 'english'".
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/options.h"

static const SdProperty properties[] = {
	{.name = "template",
		.expr = SD_QUALIFIED("tn", "t.tmplname"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "options",
		.expr = "d.dictinitoption",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	const char *options = sd_object_value(object, "options");

	sd_ddl_addf(ddl, "CREATE TEXT SEARCH DICTIONARY %s (TEMPLATE = %s%s%s)", object->identity,
				sd_object_value(object, "template"), options ? ", " : "", options ? options : "");
}

/* All of them: an option that is set goes to the end, so their order comes out right. */
static bool
alter(SdDdl *ddl, const SdChange *change)
{
	List	   *after = sd_options_split(sd_object_value(change->to, "options"));
	List	   *steps = list_copy(after);
	ListCell   *cell;

	/* a name alone takes the option away */
	foreach(cell, sd_options_split(sd_object_value(change->from, "options")))
	{
		char	   *name = sd_option_name(lfirst(cell));

		if (sd_option_find(after, name) == NULL)
			steps = lappend(steps, name);
	}
	sd_ddl_addf(ddl, "ALTER TEXT SEARCH DICTIONARY %s (%s)", change->to->identity, sd_join(steps, ", "));
	return true;
}

SdKind		sd_kind_text_search_dictionary = {
	.name = "text_search_dictionary",
	.keyword = "TEXT SEARCH DICTIONARY",
	.catalog = "pg_ts_dict",
	.from = "FROM pg_catalog.pg_ts_dict d"
	" JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace"
	" JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate"
	" JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace"
	" WHERE " SD_USER_SCHEMA("n"),
	.oid = "d.oid",
	.identity = SD_QUALIFIED("n", "d.dictname"),
	.owner = "d.dictowner",
	.has_comment = true,
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
