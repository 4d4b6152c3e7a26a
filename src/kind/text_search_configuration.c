/*
 * text_search_configuration.c
 *	  Kind: text search configurations: a parser, and for each type of token
 *	  the dictionaries that it goes through.
 *
 * The mappings are one property with a line for each type of token,
 * "asciiword: pg_catalog.simple, public.names", in the parser's order.  Lines
 * are compared one by one; what changes alike is one ALTER.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/text.h"
#include "kind/kind.h"

static const SdProperty properties[] = {
	{.name = "parser",
		.expr = SD_QUALIFIED("pn", "p.prsname"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	/* the parser's own function is asked for the names, once for each configuration */
	{.name = "mappings",
		.expr = "(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(k.alias) || ': ' || m.dictionaries,"
		" E'\\n' ORDER BY k.tokid)"
		" FROM (SELECT mm.maptokentype, pg_catalog.string_agg(" SD_QUALIFIED("dn", "d.dictname")
		", ', ' ORDER BY mm.mapseqno) AS dictionaries"
		" FROM pg_catalog.pg_ts_config_map mm JOIN pg_catalog.pg_ts_dict d ON d.oid = mm.mapdict"
		" JOIN pg_catalog.pg_namespace dn ON dn.oid = d.dictnamespace"
		" WHERE mm.mapcfg = c.oid GROUP BY mm.maptokentype) m"
		" JOIN pg_catalog.ts_token_type(c.cfgparser) k ON k.tokid = m.maptokentype)",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{NULL}
};

/* One line of the mappings. */
typedef struct Mapping
{
	char	   *token;
	char	   *dictionaries;	/* NULL: the mapping goes */
	const char *verb;			/* ADD, ALTER or DROP */
} Mapping;

/* The end of what a character outside double quotes ends. */
static const char *
end_of(const char *p, char end)
{
	bool		quoted = false;

	for (; *p && (quoted || *p != end); p++)
		if (*p == '"')
			quoted = !quoted;
	return p;
}

static List *
read_mappings(const SdObject *object)
{
	const char *p = object ? sd_object_value(object, "mappings") : NULL;
	List	   *mappings = NIL;

	while (p && *p)
	{
		Mapping    *mapping = palloc0(sizeof(Mapping));
		const char *colon = end_of(p, ':');
		const char *end = end_of(colon, '\n');

		mapping->token = pnstrdup(p, colon - p);
		mapping->dictionaries = pnstrdup(colon + strlen(": "), end - colon - strlen(": "));
		mappings = lappend(mappings, mapping);
		p = *end ? end + 1 : end;
	}
	return mappings;
}

static const Mapping *
find_mapping(List *mappings, const char *token)
{
	ListCell   *cell;

	foreach(cell, mappings)
		if (strcmp(((Mapping *) lfirst(cell))->token, token) == 0)
			return lfirst(cell);
	return NULL;
}

/* What has to be done for each type of token. */
static List *
find_steps(const SdObject *from, const SdObject *to)
{
	List	   *before = read_mappings(from);
	List	   *after = read_mappings(to);
	List	   *steps = NIL;
	ListCell   *cell;

	foreach(cell, before)
	{
		Mapping    *mapping = lfirst(cell);

		if (find_mapping(after, mapping->token))
			continue;
		mapping->verb = "DROP";
		mapping->dictionaries = NULL;
		steps = lappend(steps, mapping);
	}
	foreach(cell, after)
	{
		Mapping    *mapping = lfirst(cell);
		const Mapping *old = find_mapping(before, mapping->token);

		if (old && strcmp(old->dictionaries, mapping->dictionaries) == 0)
			continue;
		mapping->verb = old ? "ALTER" : "ADD";
		steps = lappend(steps, mapping);
	}
	return steps;
}

static bool
is_alike(const Mapping *a, const Mapping *b)
{
	return strcmp(a->verb, b->verb) == 0 &&
		(a->dictionaries == NULL || strcmp(a->dictionaries, b->dictionaries) == 0);
}

/* One statement for all types of tokens with which the same is done. */
static void
add_steps(SdDdl *ddl, const SdObject *object, List *steps)
{
	while (steps)
	{
		const Mapping *first = linitial(steps);
		List	   *tokens = NIL;
		List	   *rest = NIL;
		ListCell   *cell;

		foreach(cell, steps)
		{
			if (is_alike(first, lfirst(cell)))
				tokens = lappend(tokens, ((Mapping *) lfirst(cell))->token);
			else
				rest = lappend(rest, lfirst(cell));
		}
		sd_ddl_addf(ddl, "ALTER TEXT SEARCH CONFIGURATION %s %s MAPPING FOR %s%s%s", object->identity,
					first->verb, sd_join(tokens, ", "),
					first->dictionaries ? " WITH " : "", first->dictionaries ? first->dictionaries : "");
		steps = rest;
	}
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_add(ddl, sd_ddl_fill("CREATE TEXT SEARCH CONFIGURATION {identity} (PARSER = {parser})",
								object, NULL, NULL));
	add_steps(ddl, object, find_steps(NULL, object));
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	add_steps(ddl, change->to, find_steps(change->from, change->to));
	return true;
}

SdKind		sd_kind_text_search_configuration = {
	.name = "text_search_configuration",
	.keyword = "TEXT SEARCH CONFIGURATION",
	.catalog = "pg_ts_config",
	.from = "FROM pg_catalog.pg_ts_config c"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace"
	" JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser"
	" JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace"
	" WHERE " SD_USER_SCHEMA("n"),
	.oid = "c.oid",
	.identity = SD_QUALIFIED("n", "c.cfgname"),
	.owner = "c.cfgowner",
	.has_comment = true,
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
