/*
 * text.c
 *	  Small text helpers: SQL quoting, safe display, cutting at a character.
 *
 * All text of a catalog or a service is hostile: a table's name may hold line
 * breaks, terminal escapes and characters that reverse what the eye reads.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "nodes/pg_list.h"
#include "utils/builtins.h"

#include "base/text.h"

void
sd_append_literal(StringInfo buf, const char *value)
{
	char	   *literal = quote_literal_cstr(value);

	/* quote_literal_cstr() starts with " E" where the value has a backslash */
	appendStringInfoString(buf, literal[0] == ' ' ? literal + 1 : literal);
	pfree(literal);
}

char *
sd_literal(const char *value)
{
	StringInfoData buf;

	initStringInfo(&buf);
	sd_append_literal(&buf, value);
	return buf.data;
}

void
sd_append_dollar_quoted(StringInfo buf, const char *body)
{
	char		tag[32];
	int			n = 0;

	/* the closing tag may also be completed by a body ending in '$' */
	strlcpy(tag, "$$", sizeof(tag));
	while (strstr(body, tag) != NULL ||
		   (strcmp(tag, "$$") == 0 && body[0] != '\0' && body[strlen(body) - 1] == '$'))
	{
		if (n == 0)
			strlcpy(tag, "$_$", sizeof(tag));
		else
			snprintf(tag, sizeof(tag), "$_%d$", n);
		n++;
	}
	appendStringInfo(buf, "%s%s%s", tag, body, tag);
}

bool
sd_is_hidden(pg_wchar c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
		c == 0x00ad || c == 0x061c || c == 0xfeff ||
		(c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
		(c >= 0x2060 && c <= 0x206f) || (c >= 0xfff9 && c <= 0xfffb) ||
		(c >= 0xe0000 && c <= 0xe007f);
}

int
sd_utf8_length(const char *p)
{
	int			length = pg_utf_mblen((const unsigned char *) p);

	/* the text may end before the character does */
	return strnlen(p, length) == length && pg_utf8_islegal((const unsigned char *) p, length) ? length : 0;
}

const char *
sd_utf8(const char *text)
{
	const char *p = text;

	if (GetDatabaseEncoding() == PG_UTF8 || GetDatabaseEncoding() == PG_SQL_ASCII)
		return text;
	while (*p != '\0' && !IS_HIGHBIT_SET(*p))
		p++;
	return *p == '\0' ? text : pg_server_to_any(text, strlen(text), PG_UTF8);
}

/* Length of the character at p; 0 = a byte that is no text. */
static int
character_length(const char *p)
{
	return GetDatabaseEncoding() == PG_SQL_ASCII ? sd_utf8_length(p) : pg_mblen(p);
}

/* The code point at p; outside UTF-8 only ASCII can be told, the rest is 'x'. */
static pg_wchar
code_point(const char *p)
{
	unsigned char first = (unsigned char) *p;

	if (first < 0x80)
		return first;
	return GetDatabaseEncoding() == PG_UTF8 || GetDatabaseEncoding() == PG_SQL_ASCII ?
		utf8_to_unicode((const unsigned char *) p) : 'x';
}

char *
sd_display(const char *text, bool keep_lines)
{
	StringInfoData buf;
	const char *p;
	int			length;

	initStringInfo(&buf);
	for (p = text; *p != '\0'; p += Max(length, 1))
	{
		pg_wchar	c;

		length = character_length(p);
		c = length > 0 ? code_point(p) : 0;
		if (length == 0)
			appendStringInfo(&buf, "\\x{%02x}", (unsigned char) *p);
		else if (sd_is_hidden(c) && !(keep_lines && (c == '\n' || c == '\t')))
			appendStringInfo(&buf, "\\u{%x}", (unsigned int) c);
		else
			appendBinaryStringInfo(&buf, p, length);
	}
	return buf.data;
}

char *
sd_cut(const char *text, int max)
{
	int			length = strlen(text);
	int			keep;

	if (pg_mbstrlen(text) <= max)
		return pstrdup(text);
	keep = pg_mbcharcliplen(text, length, max - 3);
	return psprintf("%.*s...", keep, text);
}

char *
sd_short_time(const char *time)
{
	const char *dot = strchr(time, '.');

	if (dot == NULL)
		return pstrdup(time);
	return psprintf("%.*s%s", (int) (dot - time), time, dot + 1 + strspn(dot + 1, "0123456789"));
}

char *
sd_concat(const char *first,...)
{
	const char *text;
	size_t		length = 0;
	char	   *result;
	char	   *end;
	va_list		args;

	va_start(args, first);
	for (text = first; text; text = va_arg(args, const char *))
		length += strlen(text);
	va_end(args);
	end = result = palloc(length + 1);
	va_start(args, first);
	for (text = first; text; text = va_arg(args, const char *))
	{
		length = strlen(text);
		memcpy(end, text, length);
		end += length;
	}
	va_end(args);
	*end = '\0';
	return result;
}

char *
sd_join(List *texts, const char *separator)
{
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	foreach(cell, texts)
	{
		if (foreach_current_index(cell) > 0)
			appendStringInfoString(&buf, separator);
		appendStringInfoString(&buf, (char *) lfirst(cell));
	}
	return buf.data;
}

const char *const sd_new_words[] = {
	"json", "json_array", "json_arrayagg", "json_exists", "json_object", "json_objectagg", "json_query",
	"json_scalar", "json_serialize", "json_table", "json_value", "merge_action", "system_user", NULL
};

const char *
sd_quote_identifier(const char *name)
{
	int			i;

	if (name[0] == 'j' || name[0] == 'm' || name[0] == 's')
		for (i = 0; sd_new_words[i] != NULL; i++)
			if (strcmp(name, sd_new_words[i]) == 0)
				return psprintf("\"%s\"", name);
	return quote_identifier(name);
}
