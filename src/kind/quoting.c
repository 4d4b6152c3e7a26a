/*
 * quoting.c
 *	  Words that only some majors quote as identifiers, made the same.
 *
 * Each major brings keywords, and servers quote names that are keywords to
 * them.  A column called json is json on 16 and "json" on 17.  In names that
 * we quote ourselves (identities, keys) every server is made to quote what the
 * newest quotes, which is valid everywhere.  In text that servers deparse the
 * quotes of these words are taken off for comparing: where a word stands for
 * an identifier they change nothing, and what is no identifier (the type json,
 * JSON_OBJECT) is never printed with them.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/text.h"
#include "kind/quoting.h"

#define SD_QUOTING_ALL_KNOWN 170000

/* "quote_ident(x.y)" at p: the length of "x.y", 0 where it is something else. */
static int
column_length(const char *argument)
{
	int			length = strspn(argument, "abcdefghijklmnopqrstuvwxyz0123456789_");

	if (length == 0 || argument[length] != '.')
		return 0;
	length++;
	length += strspn(argument + length, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return argument[length] == ')' ? length : 0;
}

char *
sd_quoting_query(char *sql, int server_version)
{
	static const char call[] = "pg_catalog.quote_ident(";
	StringInfoData buf;
	const char *rest = sql;
	const char *found;
	int			i;

	if (server_version >= SD_QUOTING_ALL_KNOWN)
		return sql;
	initStringInfo(&buf);
	while ((found = strstr(rest, call)) != NULL)
	{
		const char *argument = found + strlen(call);
		int			length = column_length(argument);

		appendBinaryStringInfo(&buf, rest, found - rest);
		rest = argument + length + 1;
		if (length == 0)
		{
			appendStringInfoString(&buf, call);
			rest = argument;
			continue;
		}
		appendStringInfo(&buf, "CASE WHEN %.*s IN (", length, argument);
		for (i = 0; sd_new_words[i] != NULL; i++)
			appendStringInfo(&buf, "%s'%s'", i ? ", " : "", sd_new_words[i]);
		appendStringInfo(&buf, ") THEN '\"' || %.*s || '\"' ELSE %s%.*s) END",
						 length, argument, call, length, argument);
	}
	appendStringInfoString(&buf, rest);
	return buf.data;
}

/* Length of the word quoted at p, without quotes; 0 where it is none of ours. */
static int
quoted_word(const char *p)
{
	int			i;

	for (i = 0; sd_new_words[i] != NULL; i++)
	{
		int			length = strlen(sd_new_words[i]);

		if (strncmp(p + 1, sd_new_words[i], length) == 0 && p[length + 1] == '"' && p[length + 2] != '"')
			return length;
	}
	return 0;
}

const char *
sd_quoting_skip(const char *p, bool backslashes)
{
	char		quote = *p++;

	while (*p)
	{
		if (backslashes && p[0] == '\\' && p[1])
			p += 2;
		else if (p[0] == quote && p[1] == quote)
			p += 2;
		else if (*p++ == quote)
			break;
	}
	return p;
}

const char *
sd_quoting_normal(const char *sql)
{
	StringInfoData buf;
	const char *p = sql;

	if (strchr(sql, '"') == NULL ||
		!(strstr(sql, "\"json") || strstr(sql, "\"merge_action\"") || strstr(sql, "\"system_user\"")))
		return sql;
	initStringInfo(&buf);
	while (*p)
	{
		const char *end = p + 1;
		int			length = *p == '"' ? quoted_word(p) : 0;

		if (length > 0)
		{
			appendBinaryStringInfo(&buf, p + 1, length);
			p += length + 2;
			continue;
		}
		if (*p == '"' || *p == '\'')
			end = sd_quoting_skip(p, *p == '\'' && p > sql && p[-1] == 'E');
		appendBinaryStringInfo(&buf, p, end - p);
		p = end;
	}
	return buf.data;
}
