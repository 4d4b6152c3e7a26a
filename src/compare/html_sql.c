/*
 * html_sql.c
 *	  SQL as HTML with its words told apart by class.
 *
 * A scanner for the eye, not for the server: whatever it takes a piece of text
 * for, each byte is written once, escaped, in order.  The body of a dollar
 * quoted string is read as SQL too, which is what it mostly is; it cannot end
 * the string around it, since only that much is handed down.
 */
#include "postgres.h"

#include <ctype.h>

#include "common/keywords.h"

#include "compare/html.h"

/* Dollar quotes inside dollar quotes. */
#define MAX_DEPTH 4

static void append_sql(StringInfo buf, const char *p, const char *end, int depth);

static void
append_span(StringInfo buf, const char *class, const char *p, const char *end)
{
	appendStringInfo(buf, "<span class=\"%s\">", class);
	if (class[0] == 'q')
		sd_html_piece(buf, p, end - p);
	else
		sd_html_lines(buf, p, end - p);
	appendStringInfoString(buf, "</span>");
}

static bool
is_word_start(char c)
{
	return IS_HIGHBIT_SET(c) || isalpha((unsigned char) c) || c == '_';
}

static bool
is_word(char c)
{
	return is_word_start(c) || isdigit((unsigned char) c) || c == '$';
}

/* Words that begin or join DDL although the grammar does not reserve them. */
static bool
is_verb(const char *word)
{
	static const char *const verbs[] = {
		"add", "alter", "begin", "by", "cascade", "comment", "commit", "drop", "exists", "function",
		"if", "index", "inherit", "key", "language", "materialized", "of", "owner", "owned",
		"partition", "policy", "procedure", "rename", "replace", "restrict", "returns", "revoke",
		"rule", "schema", "sequence", "set", "statistics", "storage", "trigger", "type", "update",
		"validate", "view"
	};
	int			i;

	for (i = 0; i < lengthof(verbs); i++)
		if (strcmp(word, verbs[i]) == 0)
			return true;
	return false;
}

/* A keyword in capitals is one; in small letters it may well be a name. */
static bool
is_keyword(const char *p, const char *end)
{
	char		word[NAMEDATALEN];
	bool		capitals = true;
	int			number;
	int			i;

	if (end - p >= NAMEDATALEN)
		return false;
	for (i = 0; p + i < end; i++)
	{
		capitals = capitals && !islower((unsigned char) p[i]);
		word[i] = pg_ascii_tolower((unsigned char) p[i]);
	}
	word[i] = '\0';
	number = ScanKeywordLookup(word, &ScanKeywords);
	return number >= 0 &&
		(capitals || ScanKeywordCategories[number] == RESERVED_KEYWORD || is_verb(word));
}

/* Past a string or identifier in quotes; doubled quotes belong to it. */
static const char *
skip_quoted(const char *p, const char *end, bool backslashes)
{
	char		quote = *p++;

	while (p < end)
	{
		if (backslashes && *p == '\\' && p + 1 < end)
			p += 2;
		else if (*p != quote)
			p++;
		else if (p + 1 < end && p[1] == quote)
			p += 2;
		else
			return p + 1;
	}
	return end;
}

static const char *
skip_line(const char *p, const char *end)
{
	while (p < end && *p != '\n')
		p++;
	return p;
}

/* Comments nest. */
static const char *
skip_comment(const char *p, const char *end)
{
	int			depth = 0;

	while (p < end)
	{
		if (p + 1 < end && p[0] == '/' && p[1] == '*')
		{
			depth++;
			p += 2;
		}
		else if (p + 1 < end && p[0] == '*' && p[1] == '/')
		{
			p += 2;
			if (--depth == 0)
				return p;
		}
		else
			p++;
	}
	return end;
}

/* The end of the tag $tag$ at p, or NULL when it is none. */
static const char *
dollar_tag(const char *p, const char *end)
{
	const char *q = p + 1;

	if (q < end && isdigit((unsigned char) *q))
		return NULL;
	while (q < end && *q != '$' && is_word(*q))
		q++;
	return q < end && *q == '$' ? q + 1 : NULL;
}

/* Where the same tag comes again, or the end. */
static const char *
find_tag(const char *p, const char *end, const char *tag, int length)
{
	for (; end - p >= length; p++)
		if (*p == '$' && memcmp(p, tag, length) == 0)
			return p;
	return end;
}

static const char *
append_dollar_quoted(StringInfo buf, const char *p, const char *end, int depth)
{
	const char *body = dollar_tag(p, end);
	const char *close = find_tag(body, end, p, body - p);
	const char *after = Min(close + (body - p), end);

	append_span(buf, "s", p, body);
	if (depth < MAX_DEPTH)
		append_sql(buf, body, close, depth + 1);
	else
		sd_html_lines(buf, body, close - body);
	if (close < end)
		append_span(buf, "s", close, after);
	return after;
}

static const char *
append_word(StringInfo buf, const char *p, const char *end)
{
	const char *q = p;

	while (q < end && is_word(*q))
		q++;
	if (q - p == 1 && (*p == 'E' || *p == 'e') && q < end && *q == '\'')
	{
		q = skip_quoted(q, end, true);
		append_span(buf, "s", p, q);
	}
	else if (is_keyword(p, q))
		append_span(buf, "k", p, q);
	else
		sd_html_lines(buf, p, q - p);
	return q;
}

/* Whatever begins at p, written; where it ends. */
static const char *
append_token(StringInfo buf, const char *p, const char *end, int depth)
{
	const char *q;
	const char *class;

	if (is_word_start(*p))
		return append_word(buf, p, end);
	if (*p == '$' && dollar_tag(p, end))
		return append_dollar_quoted(buf, p, end, depth);
	if (*p == '\'' || *p == '"')
	{
		class = *p == '"' ? "q" : "s";
		q = skip_quoted(p, end, false);
	}
	else if (p + 1 < end && p[0] == '-' && p[1] == '-')
	{
		class = "c";
		q = skip_line(p, end);
	}
	else if (p + 1 < end && p[0] == '/' && p[1] == '*')
	{
		class = "c";
		q = skip_comment(p, end);
	}
	else if (isdigit((unsigned char) *p))
	{
		class = "n";
		for (q = p; q < end && (is_word(*q) || *q == '.'); q++)
			;
	}
	else
	{
		sd_html_lines(buf, p, 1);
		return p + 1;
	}
	append_span(buf, class, p, q);
	return q;
}

static void
append_sql(StringInfo buf, const char *p, const char *end, int depth)
{
	while (p < end)
		p = append_token(buf, p, end, depth);
}

void
sd_html_sql(StringInfo buf, const char *sql)
{
	append_sql(buf, sql, sql + strlen(sql), 0);
}
