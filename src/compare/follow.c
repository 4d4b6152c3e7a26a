/*
 * follow.c
 *	  SQL text in which names are replaced, or merely follow a rename.
 *
 * The server keeps expressions as trees of numbers and prints the names of
 * today, so a rename changes the text of whatever uses the thing.  Such a text
 * is the same as before when both have the same tokens but for old names in
 * the one where new names stand in the other.  A view may besides say
 * "t.new AS old" where it said "t.old", since its own columns keep their names.
 * Nothing is guessed: any other difference is one.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "compare/follow.h"

typedef enum TokenType
{
	TOKEN_END,
	TOKEN_NAME,					/* an identifier or a keyword */
	TOKEN_STRING,
	TOKEN_OTHER					/* one number or character */
} TokenType;

typedef struct Token
{
	TokenType	type;
	const char *start;
	size_t		length;
	const char *next;			/* where the following token is looked for */
} Token;

static bool
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || IS_HIGHBIT_SET(c);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* After a quoted piece; backslashes count only in an E'' string. */
static const char *
skip_quoted(const char *p, bool has_escapes)
{
	char		quote = *p++;

	for (; *p; p++)
	{
		if (has_escapes && *p == '\\' && p[1])
			p++;
		else if (*p == quote && p[1] == quote)
			p++;
		else if (*p == quote)
			return p + 1;
	}
	return p;
}

static Token
read_token(const char *p)
{
	Token		token = {TOKEN_OTHER, NULL, 0, NULL};
	const char *start;

	while (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r')
		p++;
	start = p;
	if (*p == '\0')
		token.type = TOKEN_END;
	else if (*p == '"')
	{
		token.type = TOKEN_NAME;
		p = skip_quoted(p, false);
	}
	else if (*p == '\'' || (*p == 'E' && p[1] == '\''))
	{
		token.type = TOKEN_STRING;
		p = skip_quoted(*p == 'E' ? p + 1 : p, *p == 'E');
	}
	else if (is_name_start(*p))
	{
		token.type = TOKEN_NAME;
		while (is_name_start(*p) || is_digit(*p) || *p == '$')
			p++;
	}
	else if (is_digit(*p))
		while (is_digit(*p) || is_name_start(*p) || *p == '.')
			p++;
	else
		p++;
	token.start = start;
	token.length = p - start;
	token.next = p;
	return token;
}

static bool
is_text(Token token, const char *text)
{
	return token.type != TOKEN_END && strlen(text) == token.length &&
		strncmp(token.start, text, token.length) == 0;
}

static bool
is_same(Token a, Token b)
{
	return a.type == b.type && a.length == b.length && strncmp(a.start, b.start, a.length) == 0;
}

/* Bytes of the token without the "_2" that makes a relation's alias unique. */
static size_t
length_of_stem(Token token)
{
	size_t		length = token.length;

	while (length > 0 && is_digit(token.start[length - 1]))
		length--;
	return length > 1 && length < token.length && token.start[length - 1] == '_' ? length - 1 : token.length;
}

static bool
is_stem(Token token, const char *name)
{
	size_t		length = length_of_stem(token);

	return is_text(token, name) || (strlen(name) == length && strncmp(token.start, name, length) == 0);
}

/* The new name that makes the one token the other, or NULL. */
static const SdNewName *
find_name(List *names, Token before, Token after)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		const SdNewName *name = lfirst(cell);

		if (name->is_label != (before.type == TOKEN_STRING))
			continue;
		if (is_stem(before, name->before) && is_stem(after, name->after))
			return name;
	}
	return NULL;
}

/* A string that holds a name: 'public.orders_seq'::regclass. */
static bool
string_follows(Token before, Token after, List *names)
{
	if (*before.start != '\'' || *after.start != '\'' || before.length < 2 || after.length < 2)
		return false;
	return sd_text_follows(pnstrdup(before.start + 1, before.length - 2),
						   pnstrdup(after.start + 1, after.length - 2), names);
}

/* After "AS name" where it stands, else unmoved. */
static Token
skip_alias(Token token, const char *name)
{
	Token		alias = read_token(token.next);

	return is_text(token, "AS") && is_text(alias, name) ? read_token(alias.next) : token;
}

bool
sd_text_follows(const char *before, const char *after, List *names)
{
	Token		a = read_token(before);
	Token		b = read_token(after);

	while (a.type != TOKEN_END || b.type != TOKEN_END)
	{
		const SdNewName *name = NULL;

		if (!is_same(a, b))
		{
			if (a.type != b.type || (a.type != TOKEN_NAME && a.type != TOKEN_STRING))
				return false;
			name = find_name(names, a, b);
			if (name == NULL && !(a.type == TOKEN_STRING && string_follows(a, b, names)))
				return false;
		}
		a = read_token(a.next);
		b = read_token(b.next);
		if (name && !name->is_label && !is_same(a, b))
		{
			a = skip_alias(a, name->after);
			b = skip_alias(b, name->before);
		}
	}
	return true;
}

char *
sd_text_identifier(const char *text, const char **rest)
{
	Token		token = read_token(text);

	*rest = token.next;
	return token.type == TOKEN_NAME ? pnstrdup(token.start, token.length) : NULL;
}

/* The next name after a dot that follows at once; an END token when none. */
static Token
read_qualified(Token token)
{
	Token		none = {TOKEN_END, NULL, 0, NULL};
	Token		name = *token.next == '.' ? read_token(token.next + 1) : none;

	return name.type == TOKEN_NAME && name.start == token.next + 1 ? name : none;
}

/* "schema.name" and a column of it where that follows; what comes after. */
static const char *
append_qualified(StringInfo buf, Token schema, Token name, SdNameLookup lookup, void *arg)
{
	Token		column = read_qualified(name);
	char	   *full = pnstrdup(schema.start, name.next - schema.start);
	const char *found = lookup(arg, full);

	if (found)
		appendStringInfoString(buf, found);
	else if ((found = lookup(arg, psprintf("%.*s.", (int) schema.length, schema.start))) != NULL)
		appendStringInfo(buf, "%s%.*s", found, (int) name.length, name.start);
	else
		appendStringInfoString(buf, full);
	if (column.type == TOKEN_END)
		return name.next;
	found = lookup(arg, psprintf("%s.%.*s", full, (int) column.length, column.start));
	if (found)
		appendStringInfo(buf, ".%s", found);
	else
		appendStringInfo(buf, ".%.*s", (int) column.length, column.start);
	return column.next;
}

char *
sd_text_replace(const char *text, SdNameLookup lookup, void *arg)
{
	StringInfoData buf;
	const char *p = text;

	initStringInfo(&buf);
	for (;;)
	{
		Token		token = read_token(p);
		Token		name = read_qualified(token);

		appendBinaryStringInfo(&buf, p, token.start - p);
		if (token.type == TOKEN_END)
			return buf.data;
		if (token.type == TOKEN_NAME && name.type == TOKEN_NAME)
			p = append_qualified(&buf, token, name, lookup, arg);
		else
		{
			appendBinaryStringInfo(&buf, token.start, token.length);
			p = token.next;
		}
	}
}

char *
sd_text_replace_plain(const char *text, SdWordLookup lookup, void *arg)
{
	StringInfoData buf;
	const char *p = text;
	char	   *word = "";

	initStringInfo(&buf);
	for (;;)
	{
		Token		token = read_token(p);
		Token		name = read_qualified(token);
		const char *end = name.type == TOKEN_NAME ? name.next : token.next;
		char	   *whole = pnstrdup(token.start, end - token.start);
		const char *found = NULL;

		appendBinaryStringInfo(&buf, p, token.start - p);
		if (token.type == TOKEN_END)
			return buf.data;
		if (token.type == TOKEN_NAME && name.type != TOKEN_NAME)
			found = lookup(arg, word, whole);
		appendStringInfoString(&buf, found ? found : whole);
		/* what was a name is no word: in "role role" the second is a role */
		word = found ? "." : whole;
		p = end;
	}
}
