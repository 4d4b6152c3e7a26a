/*
 * query_text.c
 *	  What servers of different majors print differently of the same view.
 *
 * From 16 on a view that reads a single thing is printed with plain column
 * names; before, with "alias.column", because the view itself was in the range
 * table then.  That concerns the outermost query alone, never its subqueries,
 * set operations or WITH: those are printed alike.  So the alias is taken off
 * where, and only where, the newer servers leave it out.
 *
 * Can that make different views equal?  An unqualified name in the printed text
 * of such a view never is a column of the outermost query before 16 and always
 * is one after, save for names that stand in places of their own (AS, OVER,
 * types, functions); output columns are never referred to by name.  So taking
 * the alias off maps each text to exactly one other.  Where the text is not
 * understood for certain, it stays as it is: at worst a difference between
 * majors is reported that is none.
 *
 * What else differs is a word that means nothing: from 16 on XMLSERIALIZE says
 * NO INDENT where 15 knew nothing else, and UPDATE and DELETE leave the AS out
 * before the alias of their table.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "kind/kind.h"
#include "kind/query_text.h"
#include "kind/quoting.h"

typedef struct Token
{
	const char *start;
	int			length;			/* 0 = taken off */
	const char *gap;			/* white space before it: */
	int			gap_length;
	bool		is_name;		/* identifier, quoted or not, or keyword */
	int			depth;			/* parentheses around it */
	int			query;			/* number of the query that it belongs to, 0 =
								 * the outermost */
	int			match;			/* of "(": place of its ")" */
} Token;

typedef struct Text
{
	Token	   *tokens;
	int			count;
} Text;

static bool
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || IS_HIGHBIT_SET(c);
}

/* End of the token that starts here. */
static const char *
skip_token(const char *p, bool *is_name)
{
	const char *start = p;

	*is_name = *p == '"' || is_name_start(*p);
	if (*p == '"' || *p == '\'')
		return sd_quoting_skip(p, false);
	if (is_name_start(*p))
	{
		while (is_name_start(*p) || (*p >= '0' && *p <= '9') || *p == '$')
			p++;
		if (*p != '\'')
			return p;
		/* E'…', B'…', X'…' */
		*is_name = false;
		return sd_quoting_skip(p, *start == 'E' || *start == 'e');
	}
	if (*p >= '0' && *p <= '9')
	{
		while ((*p >= '0' && *p <= '9') || *p == '.' || is_name_start(*p))
			p++;
		return p;
	}
	return p[0] == ':' && p[1] == ':' ? p + 2 : p + 1;
}

static Text
split(const char *query)
{
	Text		text = {palloc(sizeof(Token) * (strlen(query) + 1)), 0};
	const char *p = query;

	for (;;)
	{
		Token	   *token = &text.tokens[text.count];

		memset(token, 0, sizeof(Token));
		token->gap = p;
		token->gap_length = strspn(p, " \t\r\n");
		p += token->gap_length;
		if (*p == '\0')
			break;
		token->start = p;
		p = skip_token(p, &token->is_name);
		token->length = p - token->start;
		text.count++;
	}
	return text;
}

/* The token at a place; there is an empty one on either side of the text. */
static const Token *
at(const Text *text, int i)
{
	static const Token none = {""};

	return i >= 0 && i < text->count ? &text->tokens[i] : &none;
}

static bool
is(const Text *text, int i, const char *word)
{
	const Token *token = at(text, i);

	return token->length == strlen(word) && strncmp(token->start, word, token->length) == 0;
}

static bool
is_any(const Text *text, int i, const char *const words[])
{
	for (; *words; words++)
		if (is(text, i, *words))
			return true;
	return false;
}

/* Number depths and queries; false where parentheses do not match. */
static bool
nest(Text *text)
{
	static const char *const openers[] = {"SELECT", "VALUES", "WITH", NULL};
	int		   *open = palloc(sizeof(int) * (text->count + 1));
	int			depth = 0;
	int			queries = 0;
	int			query = 0;
	int			i;

	for (i = 0; i < text->count; i++)
	{
		Token	   *token = &text->tokens[i];

		if (is(text, i, ")"))
		{
			if (depth == 0)
				return false;
			text->tokens[open[--depth]].match = i;
			query = text->tokens[open[depth]].query;
		}
		token->depth = depth;
		token->query = query;
		if (is(text, i, "("))
		{
			open[depth++] = i;
			if (is_any(text, i + 1, openers))
				query = ++queries;
		}
	}
	return depth == 0;
}

/* Next place from i on, outside of parentheses, with one of the words; or count. */
static int
find(const Text *text, int i, const char *const words[])
{
	while (i < text->count && !(at(text, i)->depth == 0 && is_any(text, i, words)))
		i++;
	return i;
}

/* The FROM of the outermost SELECT; count where there is none. */
static int
find_from(const Text *text)
{
	static const char *const select[] = {"SELECT", NULL};
	static const char *const from[] = {"FROM", NULL};
	static const char *const set_operations[] = {"UNION", "INTERSECT", "EXCEPT", NULL};
	int			i = find(text, 0, select);

	if (i == text->count || find(text, i, set_operations) < text->count)
		return text->count;
	do
		i = find(text, i + 1, from);
	while (i < text->count && is(text, i - 1, "DISTINCT") && is(text, i - 2, "IS"));
	return i;
}

/* Is more than one thing read?  Joins are printed in parentheses. */
static bool
is_join(const Text *text, int start, int end)
{
	int			depth = is(text, start, "(") ? 1 : 0;
	int			i;

	for (i = start; i < end; i++)
		if ((is(text, i, "JOIN") && at(text, i)->depth <= depth) || (is(text, i, ",") && at(text, i)->depth == 0))
			return true;
	return false;
}

/*
 * The alias that columns of the one thing read bear, of length 0 where that is
 * not clear.  "(query) a", "s.t", "ONLY s.t a", "s.f(…) WITH ORDINALITY a(x)",
 * "ROWS FROM(…) a", and XMLTABLE(…), whose own name is not printed.
 */
static Token
find_alias(const Text *text, int start, int end)
{
	static const Token xmltable = {"\"xmltable\"", 10};
	static const char *const prefixes[] = {"ONLY", "LATERAL", NULL};
	static const char *const no_alias[] = {"TABLESAMPLE", "WITH", "AS", NULL};
	bool		is_xmltable;
	int			name = -1;
	int			i = start;

	while (is_any(text, i, prefixes))
		i++;
	is_xmltable = is(text, i, "XMLTABLE");
	if (is(text, i, "ROWS") && is(text, i + 1, "FROM"))
		i += 2;
	else if (at(text, i)->is_name)
	{
		name = i++;
		while (is(text, i, ".") && at(text, i + 1)->is_name)
		{
			name = i + 1;
			i += 2;
		}
	}
	if (is(text, i, "("))
	{
		i = at(text, i)->match + 1;
		name = -1;
	}
	if (is(text, i, "WITH") && is(text, i + 1, "ORDINALITY"))
		i += 2;
	if (i < end && at(text, i)->is_name && !is_any(text, i, no_alias))
		return *at(text, i);
	return is_xmltable ? xmltable : *at(text, name);
}

/* Is the "alias" of "alias.name" at i, a column of the outermost query? */
static bool
is_column(const Text *text, int i, const Token *alias)
{
	static const char *const others[] = {".", "::", "COLLATE", "AS", "RETURNING", NULL};
	static const char *const calls[] = {"(", ".", NULL};

	return at(text, i)->query == 0 && at(text, i)->is_name && at(text, i)->length == alias->length &&
		strncmp(at(text, i)->start, alias->start, alias->length) == 0 &&
		is(text, i + 1, ".") && at(text, i + 2)->is_name &&
		!is_any(text, i - 1, others) && !is_any(text, i + 3, calls);
}

/* Take the alias off all columns but in FROM itself. */
static void
drop_alias(Text *text, int from, int end, const Token *alias)
{
	int			i;

	for (i = 0; i < text->count; i++)
		if ((i < from || i >= end) && is_column(text, i, alias))
		{
			text->tokens[i].length = text->tokens[i + 1].length = 0;
			text->tokens[i + 2].gap = text->tokens[i].gap;
			text->tokens[i + 2].gap_length = text->tokens[i].gap_length;
		}
}

static void
drop_no_indent(Text *text)
{
	int			i;
	int			j;

	for (i = 0; i < text->count; i++)
		if (is(text, i, "XMLSERIALIZE") && is(text, i + 1, "("))
		{
			j = at(text, i + 1)->match;
			if (is(text, j - 2, "NO") && is(text, j - 1, "INDENT"))
				text->tokens[j - 2].length = text->tokens[j - 1].length = 0;
		}
}

/* UPDATE and DELETE print "table AS alias" before 16, and "table alias" after. */
static void
drop_target_as(Text *text)
{
	int			i;
	int			j;

	for (i = 0; i < text->count; i++)
	{
		if (is(text, i, "UPDATE"))
			j = i + 1;
		else if (is(text, i, "DELETE") && is(text, i + 1, "FROM"))
			j = i + 2;
		else
			continue;
		if (is(text, j, "ONLY"))
			j++;
		while (at(text, j)->is_name && is(text, j + 1, "."))
			j += 2;
		if (at(text, j)->is_name && is(text, j + 1, "AS") && at(text, j + 2)->is_name)
			text->tokens[j + 1].length = 0;
	}
}

/* The text again, but for what was taken off and the space before that. */
static char *
put_together(const Text *text)
{
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	for (i = 0; i < text->count; i++)
	{
		const Token *token = &text->tokens[i];

		if (token->length == 0)
			continue;
		appendBinaryStringInfo(&buf, token->gap, token->gap_length);
		appendBinaryStringInfo(&buf, token->start, token->length);
	}
	return buf.data;
}

char *
sd_query_text(const char *query)
{
	static const char *const after_from[] = {
		"WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", NULL
	};
	Text		text = split(query);
	char	   *result;
	int			from;
	int			end;
	Token		alias;

	if (!nest(&text))
		return pstrdup(query);
	from = find_from(&text);
	end = find(&text, from + 1, after_from);
	if (from < text.count && !is_join(&text, from + 1, end))
	{
		alias = find_alias(&text, from + 1, end);
		if (alias.length > 0)
			drop_alias(&text, from, end, &alias);
	}
	drop_no_indent(&text);
	result = put_together(&text);
	pfree(text.tokens);
	return result;
}

char *
sd_query_statements(const char *statements)
{
	Text		text = split(statements);
	char	   *result;

	if (!nest(&text))
		return pstrdup(statements);
	drop_target_as(&text);
	drop_no_indent(&text);
	result = put_together(&text);
	pfree(text.tokens);
	return result;
}

const char *
sd_query_text_normal(const SdObject *object, int property)
{
	return sd_query_text(object->values[property]);
}

const char *
sd_query_statements_normal(const SdObject *object, int property)
{
	return sd_query_statements(object->values[property]);
}
