/*
 * redact.c
 *	  Walks a statement as the server's lexer would and masks secrets.
 *
 * Only the lexical shapes matter (strings in their four spellings, quoted
 * identifiers, comments), so a text that does not parse is handled as well:
 * an unterminated string reaches to the end of the text.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

#include "base/fault.h"
#include "capture/redact.h"

/* Longest text that is looked at, in bytes. */
#define SD_READ_MAX (4 * SD_STATEMENT_MAX)

/* Inside a name, any of these makes its value a secret. */
static const char *const secret_words[] = {
	"password", "passwd", "passphrase", "secret", "token", "apikey", "api_key",
	"private_key", "access_key", "credential", "authorization"
};

/* Parameters of connection strings whose value is a secret. */
static const char *const secret_parameters[] = {
	"password=", "sslpassword=", "passwd=", "pwd=", "secret=", "token=",
	"api_key=", "apikey=", "access_key=", "routing_key="
};

static bool
is_word_char(char c)
{
	return IS_HIGHBIT_SET(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '_' || c == '$';
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/* Does the text begin with the word, which is in lower case?  The first letter mostly tells. */
static inline bool
begins_with(const char *text, const char *word, int length)
{
	return (text[0] | 0x20) == word[0] && pg_strncasecmp(text, word, length) == 0;
}

bool
sd_redact_is_secret_name(const char *name, int length)
{
	int			w;

	for (w = 0; w < (int) lengthof(secret_words); w++)
	{
		int			n = strlen(secret_words[w]);
		int			i;

		for (i = 0; i + n <= length; i++)
			if (begins_with(name + i, secret_words[w], n))
				return true;
	}
	return false;
}

/* Past the end of the string or identifier that opens at p with quote. */
static const char *
end_of_quoted(const char *p, char quote, bool backslashes)
{
	for (p++; *p != '\0'; p++)
	{
		if (backslashes && *p == '\\' && p[1] != '\0')
			p++;
		else if (*p == quote)
		{
			if (p[1] != quote)
				return p + 1;
			p++;
		}
	}
	return p;
}

/* Past the end of the dollar-quoted string that opens at p; p if none does. */
static const char *
end_of_dollar(const char *p)
{
	const char *tag_end = p + 1;
	const char *close;
	int			tag_length;

	if (*tag_end >= '0' && *tag_end <= '9')
		return p;
	while (*tag_end != '$' && is_word_char(*tag_end))
		tag_end++;
	if (*tag_end != '$')
		return p;
	tag_length = tag_end + 1 - p;
	for (close = tag_end + 1; *close != '\0'; close++)
		if (strncmp(close, p, tag_length) == 0)
			return close + tag_length;
	return close;
}

static const char *
end_of_comment(const char *p)
{
	int			nesting = 0;

	if (p[0] == '-')
		return p + strcspn(p, "\r\n");
	do
	{
		if (p[0] == '/' && p[1] == '*')
			nesting++, p += 2;
		else if (p[0] == '*' && p[1] == '/')
			nesting--, p += 2;
		else
			p++;
	} while (nesting > 0 && *p != '\0');
	return p;
}

/* If a secret parameter starts at p, the length of its "name=", else 0. */
static int
parameter_length(const char *begin, const char *p)
{
	int			i;

	if (p > begin && is_word_char(p[-1]))
		return 0;
	for (i = 0; i < (int) lengthof(secret_parameters); i++)
	{
		int			n = strlen(secret_parameters[i]);

		if (begins_with(p, secret_parameters[i], n))
			return n;
	}
	return 0;
}

/* How many quotes stand at p, up to most, each perhaps behind a backslash, and where they end. */
static int
count_quotes(const char *p, const char *end, int most, const char **after)
{
	int			n;

	for (n = 0; n < most; n++)
	{
		if (p < end && *p == '\'')
			p++;
		else if (p + 1 < end && p[0] == '\\' && p[1] == '\'')
			p += 2;
		else
			break;
	}
	*after = p;
	return n;
}

/*
 * The end of a connection string's value, which may be quoted.  Inside an SQL
 * string a quote is doubled or behind a backslash, at both ends, and in a
 * string inside a string once more.
 */
static const char *
end_of_value(const char *p, const char *end)
{
	const char *after;
	int			opening = count_quotes(p, end, end - p, &after);

	if (opening > 0)
	{
		for (p = after; p < end; p = Max(p + 1, after))
			if (count_quotes(p, end, opening, &after) == opening)
				return after;
		return end;
	}
	while (p < end && !is_blank(*p) && *p != '\'' && *p != '"' && *p != '&' &&
		   *p != ';' && *p != ',' && *p != ')' && *p != '$')
		p += *p == '\\' && p + 2 < end ? 2 : 1;
	return p;
}

/* If the name of a secret starts at p and a quoted value follows, where that opens; else NULL. */
static const char *
find_quoted_value(const char *begin, const char *p, const char *end)
{
	const char *q = p;
	const char *name_end;

	if (!is_word_char(*p) || (p > begin && is_word_char(p[-1])))
		return NULL;
	while (q < end && is_word_char(*q))
		q++;
	if (!sd_redact_is_secret_name(p, q - p))
		return NULL;
	name_end = q;
	while (q < end && (is_blank(*q) || strchr("=:>\"", *q) != NULL))
		q++;
	if (end - q > 3 && pg_strncasecmp(q, "to", 2) == 0 && is_blank(q[2]))
		for (q += 2; q < end && is_blank(*q);)
			q++;
	if (q == name_end || end - q < 3)
		return NULL;
	if (strchr("eEnN", *q) != NULL && (q[1] == '\'' || q[1] == '\\'))
		q++;
	else if ((*q == 'u' || *q == 'U') && q[1] == '&')
		q += 2;
	return *q == '\'' || (q[0] == '\\' && q[1] == '\'') ? q : NULL;
}

/* If "://user:password@" starts at p, where its password is. */
static bool
find_url_password(const char *p, const char *end, const char **from, const char **to)
{
	const char *colon = NULL;

	if (end - p < 3 || strncmp(p, "://", 3) != 0)
		return false;
	for (p += 3; p < end && !is_blank(*p) && strchr("/?#'\"<>", *p) == NULL; p++)
	{
		if (*p == ':' && colon == NULL)
			colon = p;
		else if (*p == '@' && colon != NULL)
		{
			*from = colon + 1;
			*to = p;
			return true;
		}
	}
	return false;
}

/* Copy a string's inside, masking what connection strings, URLs and SQL in it hold. */
static void
append_inside(StringInfo buf, const char *begin, const char *end)
{
	const char *p = begin;

	while (p < end)
	{
		int			n = parameter_length(begin, p);
		const char *opening = n > 0 ? NULL : find_quoted_value(begin, p, end);
		const char *from;
		const char *to;

		if (n > 0 && p + n <= end)
		{
			const char *value_end = end_of_value(p + n, end);

			appendBinaryStringInfo(buf, p, n);
			if (value_end > p + n)
				appendStringInfoString(buf, SD_REDACTED);
			p = value_end;
		}
		else if (opening)
		{
			appendBinaryStringInfo(buf, p, opening - p);
			appendStringInfoString(buf, SD_REDACTED);
			p = end_of_value(opening, end);
		}
		else if (*p == ':' && find_url_password(p, end, &from, &to))
		{
			appendBinaryStringInfo(buf, p, from - p);
			appendStringInfoString(buf, SD_REDACTED);
			p = to;
		}
		else
			appendStringInfoCharMacro(buf, *p++);
	}
}

/* Past the string constant that starts at p, whatever its spelling, else p. */
static const char *
end_of_string(const char *p, bool backslashes)
{
	if (*p == '\'')
		return end_of_quoted(p, '\'', backslashes);
	if ((*p == 'e' || *p == 'E') && p[1] == '\'')
		return end_of_quoted(p + 1, '\'', true);
	if (strchr("bBxXnN", *p) && p[1] == '\'')
		return end_of_quoted(p + 1, '\'', false);
	if ((*p == 'u' || *p == 'U') && p[1] == '&' && p[2] == '\'')
		return end_of_quoted(p + 2, '\'', false);
	if (*p == '$')
		return end_of_dollar(p);
	return p;
}

/*
 * Cut at a character, saying how much there was: total is the length of the
 * statement, of which text may hold only the beginning.
 */
static char *
cap(char *text, int length, int total)
{
	int			keep;

	if (length <= SD_STATEMENT_MAX && total <= SD_READ_MAX)
		return text;
	keep = pg_mbcliplen(text, length, SD_STATEMENT_MAX);
	return psprintf("%.*s... [cut, %d bytes in all]", keep, text, Max(length, total));
}

/*
 * The beginning of an overlong statement.  What masking makes of gigabytes
 * may be more than memory can hold, and a failure here is a missed event.  A
 * string that is cut reaches to the end, as an unterminated one does.
 */
static const char *
beginning(const char *statement, int total)
{
	if (total <= SD_READ_MAX)
		return statement;
	return pnstrdup(statement, pg_mbcliplen(statement, total, SD_READ_MAX));
}

char *
sd_redact(const char *statement, bool backslashes)
{
	StringInfoData buf;
	int			total = strlen(statement);
	const char *p = beginning(statement, total);
	bool		expecting = false;	/* the next string is a secret */

	SD_FAULT_POINT("capture.redact");
	initStringInfo(&buf);
	while (*p != '\0')
	{
		const char *start = p;
		const char *end = end_of_string(p, backslashes);

		if (end > start)
		{
			if (expecting)
				appendStringInfoString(&buf, "'" SD_REDACTED "'");
			else
				append_inside(&buf, start, end);
			p = end;			/* a continued string stays expected */
			continue;
		}
		if ((p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*'))
		{
			p = end_of_comment(p);
			append_inside(&buf, start, p);
			continue;
		}
		if (*p == '"' || is_word_char(*p))
		{
			if (*p == '"')
				p = end_of_quoted(p, '"', false);
			else
				while (is_word_char(*p))
					p++;
			if (!(expecting && p - start == 2 && pg_strncasecmp(start, "to", 2) == 0))
				expecting = sd_redact_is_secret_name(start, p - start);
		}
		else
		{
			if (!is_blank(*p) && *p != '=' && *p != ':' && *p != '>')
				expecting = false;
			p++;
		}
		appendBinaryStringInfo(&buf, start, p - start);
	}
	return cap(buf.data, buf.len, total);
}
