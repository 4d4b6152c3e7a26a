/*
 * html.c
 *	  Text as HTML.
 *
 * The five characters of markup are escaped everywhere, so that one function
 * is right for content and for attributes in quotes.  Text never becomes part
 * of a script or a style: those are constant.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "base/text.h"
#include "compare/html.h"

#define KEEP_LINES	0x01		/* line breaks and tabs are text */
#define NO_MARKS	0x02		/* no elements: for attributes */

static void
append_mark(StringInfo buf, const char *shown, int flags)
{
	appendStringInfo(buf, (flags & NO_MARKS) ? "%s" : "<b class=\"u\">%s</b>", shown);
}

static void
append_character(StringInfo buf, pg_wchar c, int flags)
{
	switch (c)
	{
		case '&':
			appendStringInfoString(buf, "&amp;");
			return;
		case '<':
			appendStringInfoString(buf, "&lt;");
			return;
		case '>':
			appendStringInfoString(buf, "&gt;");
			return;
		case '"':
			appendStringInfoString(buf, "&quot;");
			return;
		case '\'':
			appendStringInfoString(buf, "&#39;");
			return;
	}
	if ((c == '\n' || c == '\t') && (flags & KEEP_LINES))
		appendStringInfoChar(buf, (char) c);
	else if (sd_is_hidden(c))
		append_mark(buf, psprintf("\\u{%x}", (unsigned int) c), flags);
	else if (c < 0x80)
		appendStringInfoChar(buf, (char) c);
	else
		appendStringInfo(buf, "&#x%x;", (unsigned int) c);
}

/* Is a whole, well-formed character of UTF-8 at p, before end? */
static bool
is_utf8(const char *p, const char *end)
{
	int			length = pg_utf_mblen((const unsigned char *) p);

	return length <= end - p && pg_utf8_islegal((const unsigned char *) p, length);
}

/*
 * SQL_ASCII may hold anything; most of it is UTF-8, and what is not is shown
 * byte by byte.
 */
static void
append_text(StringInfo buf, const char *text, int length, int flags)
{
	const char *p = text;
	const char *end;

	if (GetDatabaseEncoding() != PG_UTF8 && GetDatabaseEncoding() != PG_SQL_ASCII)
	{
		p = pg_server_to_any(pnstrdup(text, length), length, PG_UTF8);
		length = strlen(p);
	}
	end = p + length;
	while (p < end)
	{
		if (!IS_HIGHBIT_SET(*p))
			append_character(buf, (unsigned char) *p++, flags);
		else if (is_utf8(p, end))
		{
			append_character(buf, utf8_to_unicode((const unsigned char *) p), flags);
			p += pg_utf_mblen((const unsigned char *) p);
		}
		else
			append_mark(buf, psprintf("\\x{%02x}", (unsigned char) *p++), flags);
	}
}

void
sd_html_text(StringInfo buf, const char *text)
{
	append_text(buf, text, strlen(text), 0);
}

void
sd_html_piece(StringInfo buf, const char *text, int length)
{
	append_text(buf, text, length, 0);
}

void
sd_html_lines(StringInfo buf, const char *text, int length)
{
	append_text(buf, text, length, KEEP_LINES);
}

void
sd_html_attribute(StringInfo buf, const char *name, const char *value)
{
	appendStringInfo(buf, " %s=\"", name);
	append_text(buf, value, strlen(value), NO_MARKS);
	appendStringInfoChar(buf, '"');
}
