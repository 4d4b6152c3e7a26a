/*
 * pattern.c
 *	  Object patterns, parsed and held against objects.
 *
 * Pure: text in, an answer out.  Every text that is not a pattern is refused
 * with the place, rather than taken for something that never matches: a rule
 * that hides nothing, or a route that is never taken, would go unnoticed.
 * Matching follows all possibilities at once, so that no pattern takes longer
 * than its length times that of the identity.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

#include "base/pattern.h"

typedef enum TokenKind
{
	TOKEN_CHARACTER,
	TOKEN_ONE,					/* ? */
	TOKEN_PART,					/* * */
	TOKEN_ANY					/* ** */
} TokenKind;

typedef struct Token
{
	TokenKind	kind;
	const char *text;			/* of a character, length bytes */
	int			length;
} Token;

typedef struct Selector
{
	int			field;			/* in fields[] */
	List	   *globs;			/* of List of Token * */
} Selector;

typedef struct Item
{
	bool		excepts;
	List	   *glob;			/* Token *, NIL = every object */
	List	   *selectors;
} Item;

struct SdPattern
{
	List	   *items;
};

static const struct
{
	const char *name;
	size_t		offset;
	bool		bounds;			/* a value of it says what a pattern is about */
}			fields[] =
{
	{"kind", offsetof(SdPatternSubject, kind), true},
	{"class", offsetof(SdPatternSubject, class), false},
	{"change", offsetof(SdPatternSubject, change), false},
	{"attribute", offsetof(SdPatternSubject, attribute), true},
};

/* -- parsing ---------------------------------------------------------------- */

typedef struct Parser
{
	const char *text;
	const char *p;
	SdPatternProblem *problem;
} Parser;

static bool
fail_at(Parser *parser, const char *place, const char *detail)
{
	parser->problem->detail = detail;
	parser->problem->place = 1 + pg_mbstrlen_with_len(parser->text, place - parser->text);
	return false;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void
skip_blanks(Parser *parser)
{
	while (is_blank(*parser->p))
		parser->p++;
}

static List *
add_token(List *tokens, TokenKind kind, const char *text, int length)
{
	Token	   *token = palloc(sizeof(Token));

	token->kind = kind;
	token->text = text;
	token->length = length;
	return lappend(tokens, token);
}

/* The character at p, as it stands. */
static List *
take_character(Parser *parser, List *tokens)
{
	int			length = pg_mblen(parser->p);

	tokens = add_token(tokens, TOKEN_CHARACTER, parser->p, length);
	parser->p += length;
	return tokens;
}

/* A wildcard, an escaped character or a plain one. */
static bool
take_token(Parser *parser, List **tokens)
{
	const char *start = parser->p;

	if (*start == '*')
	{
		bool		is_any = start[1] == '*';

		parser->p += is_any ? 2 : 1;
		*tokens = add_token(*tokens, is_any ? TOKEN_ANY : TOKEN_PART, NULL, 0);
		return true;
	}
	if (*start == '?')
	{
		parser->p++;
		*tokens = add_token(*tokens, TOKEN_ONE, NULL, 0);
		return true;
	}
	if (*start == '\\' && *++parser->p == '\0')
		return fail_at(parser, start, "A backslash stands before the character that is meant literally.");
	*tokens = take_character(parser, *tokens);
	return true;
}

/* "…", literal with its quotes, as in an identity; a doubled one is two in a row. */
static bool
take_quoted(Parser *parser, List **tokens)
{
	const char *start = parser->p;

	do
	{
		*tokens = take_character(parser, *tokens);
		if (*parser->p == '\0')
			return fail_at(parser, start, "This quotation mark has no counterpart.");
	} while (*parser->p != '"');
	*tokens = take_character(parser, *tokens);
	return true;
}

/* Blanks at the end are not meant, unless escaped or quoted. */
static List *
strip_blanks(List *tokens, int meant)
{
	while (list_length(tokens) > meant)
	{
		const Token *last = llast(tokens);

		if (last->kind != TOKEN_CHARACTER || !is_blank(*last->text))
			break;
		tokens = list_delete_last(tokens);
	}
	return tokens;
}

static bool
take_field(Parser *parser, Selector *selector)
{
	const char *start = parser->p;
	size_t		length;

	while ((*parser->p >= 'a' && *parser->p <= 'z') || *parser->p == '_')
		parser->p++;
	length = parser->p - start;
	for (selector->field = 0; selector->field < lengthof(fields); selector->field++)
		if (strlen(fields[selector->field].name) == length &&
			strncmp(fields[selector->field].name, start, length) == 0)
			break;
	if (selector->field == lengthof(fields))
		return fail_at(parser, start, "A bracket begins [kind=…], [class=…], [change=…] or [attribute=…];"
					   " \\[ is a literal one.");
	skip_blanks(parser);
	if (*parser->p != '=')
		return fail_at(parser, parser->p, "Here \"=\" and a value are expected.");
	parser->p++;
	return true;
}

/* [field=value,value] */
static bool
take_selector(Parser *parser, List **selectors)
{
	const char *start = parser->p++;
	Selector   *selector = palloc0(sizeof(Selector));

	skip_blanks(parser);
	if (!take_field(parser, selector))
		return false;
	do
	{
		List	   *glob = NIL;
		const char *value;

		skip_blanks(parser);
		value = parser->p;
		while (*parser->p && *parser->p != ',' && *parser->p != ']')
			if (!take_token(parser, &glob))
				return false;
		if (*parser->p == '\0')
			return fail_at(parser, start, "This bracket is not closed.");
		glob = strip_blanks(glob, 0);
		if (glob == NIL)
			return fail_at(parser, value, "Here a value is expected.");
		selector->globs = lappend(selector->globs, glob);
	} while (*parser->p++ == ',');
	*selectors = lappend(*selectors, selector);
	return true;
}

/* Selectors in a row, with blanks between. */
static bool
take_selectors(Parser *parser, Item *item)
{
	skip_blanks(parser);
	while (parser->p[0] == '[' && parser->p[1] != ']')
	{
		if (!take_selector(parser, &item->selectors))
			return false;
		skip_blanks(parser);
	}
	return true;
}

/* Is the item's glob over here, outside of parentheses? */
static bool
ends_glob(const Parser *parser)
{
	return *parser->p == ',' || *parser->p == '\n' || (parser->p[0] == '[' && parser->p[1] != ']');
}

static bool
take_glob(Parser *parser, Item *item)
{
	const char *open = NULL;
	int			depth = 0;
	int			meant = 0;

	while (*parser->p && (depth > 0 || !ends_glob(parser)))
	{
		const char *start = parser->p;

		if (*start == '[' && start[1] != ']')
			return fail_at(parser, start, "A bracket cannot stand in parentheses; \\[ is a literal one.");
		if (*start == '(' && depth++ == 0)
			open = start;
		if (*start == ')' && --depth < 0)
			return fail_at(parser, start, "This parenthesis has no counterpart; \\) is a literal one.");
		if (*start == '"' ? !take_quoted(parser, &item->glob) : !take_token(parser, &item->glob))
			return false;
		if (*start == '"' || *start == '\\')
			meant = list_length(item->glob);
	}
	if (depth > 0)
		return fail_at(parser, open, "This parenthesis has no counterpart; \\( is a literal one.");
	item->glob = strip_blanks(item->glob, meant);
	return true;
}

static bool
take_item(Parser *parser, SdPattern *pattern)
{
	Item	   *item = palloc0(sizeof(Item));
	const char *start = parser->p;

	if (*parser->p == '!')
	{
		item->excepts = true;
		parser->p++;
	}
	if (!take_selectors(parser, item) || !take_glob(parser, item) || !take_selectors(parser, item))
		return false;
	if (item->glob == NIL && item->selectors == NIL)
		return fail_at(parser, start, "Here an object or a bracket is expected.");
	if (*parser->p && *parser->p != ',' && *parser->p != '\n')
		return fail_at(parser, parser->p, "After the bracket behind an object a comma or a new line is expected.");
	pattern->items = lappend(pattern->items, item);
	return true;
}

static void
skip_empty_lines(Parser *parser)
{
	while (is_blank(*parser->p) || *parser->p == '\n')
		parser->p++;
}

SdPattern *
sd_pattern_parse(const char *text, SdPatternProblem *problem)
{
	Parser		parser = {text, text, problem};
	SdPattern  *pattern = palloc0(sizeof(SdPattern));

	if (pg_mbstrlen(text) > SD_PATTERN_MOST_CHARACTERS)
	{
		problem->detail = "It is too long.";
		problem->place = SD_PATTERN_MOST_CHARACTERS;
		return NULL;
	}
	do
	{
		skip_empty_lines(&parser);
		if (!take_item(&parser, pattern))
			return NULL;
		if (*parser.p == '\n')
			skip_empty_lines(&parser);
		else if (*parser.p == ',')
		{
			parser.p++;
			skip_empty_lines(&parser);
			if (*parser.p == '\0')
			{
				(void) fail_at(&parser, parser.p, "Here an object or a bracket is expected.");
				return NULL;
			}
		}
	} while (*parser.p);
	return pattern;
}

/* -- matching --------------------------------------------------------------- */

/* Where in a glob matching has got to: one flag for each place. */
typedef struct Places
{
	int			count;
	const Token **tokens;		/* [count - 1] */
	bool	   *now;			/* [count] */
	bool	   *next;
} Places;

/* A place before a wildcard for any number of characters is one behind it, too. */
static void
reach(bool *flags, const Places *places, int place)
{
	flags[place] = true;
	while (place < places->count - 1 &&
		   (places->tokens[place]->kind == TOKEN_PART || places->tokens[place]->kind == TOKEN_ANY))
		flags[++place] = true;
}

static void
start_places(Places *places, const List *glob)
{
	ListCell   *cell;

	places->count = list_length(glob) + 1;
	places->tokens = palloc(sizeof(Token *) * places->count);
	places->now = palloc0(places->count);
	places->next = palloc0(places->count);
	foreach(cell, glob)
		places->tokens[foreach_current_index(cell)] = lfirst(cell);
	reach(places->now, places, 0);
}

static void
step(Places *places, const char *character, int length, bool is_end_of_part)
{
	bool	   *swap = places->now;
	int			i;

	memset(places->next, 0, places->count);
	for (i = 0; i < places->count - 1; i++)
	{
		const Token *token = places->tokens[i];

		if (!places->now[i])
			continue;
		if (token->kind == TOKEN_ANY || (token->kind == TOKEN_PART && !is_end_of_part))
			reach(places->next, places, i);
		else if (token->kind == TOKEN_CHARACTER ?
				 token->length == length && memcmp(token->text, character, length) == 0 :
				 token->kind == TOKEN_ONE && !is_end_of_part)
			reach(places->next, places, i + 1);
	}
	places->now = places->next;
	places->next = swap;
}

/* has_parts: is the text an identity, whose dots count? */
static bool
glob_matches(const List *glob, const char *text, bool has_parts)
{
	Places		places;
	bool		is_quoted = false;
	int			depth = 0;
	int			length;

	start_places(&places, glob);
	for (; *text; text += length)
	{
		length = pg_mblen(text);
		if (*text == '"')
			is_quoted = !is_quoted;
		else if (*text == '(' && !is_quoted)
			depth++;
		else if (*text == ')' && !is_quoted && depth > 0)
			depth--;
		step(&places, text, length, has_parts && *text == '.' && depth == 0 && !is_quoted);
	}
	return places.now[places.count - 1];
}

static bool
selector_matches(const Selector *selector, const SdPatternSubject *subject)
{
	const char *value = *(const char *const *) ((const char *) subject + fields[selector->field].offset);
	ListCell   *cell;

	foreach(cell, selector->globs)
		if (value && glob_matches(lfirst(cell), value, false))
			return true;
	return false;
}

static bool
item_matches(const Item *item, const SdPatternSubject *subject)
{
	ListCell   *cell;

	foreach(cell, item->selectors)
		if (!selector_matches(lfirst(cell), subject))
			return false;
	return item->glob == NIL || glob_matches(item->glob, subject->object, true);
}

bool
sd_pattern_matches(const SdPattern *pattern, const SdPatternSubject *subject)
{
	bool		matches = ((const Item *) linitial(pattern->items))->excepts;
	ListCell   *cell;

	foreach(cell, pattern->items)
	{
		const Item *item = lfirst(cell);

		if (matches == item->excepts && item_matches(item, subject))
			matches = !item->excepts;
	}
	return matches;
}

/* -- what a pattern is about -------------------------------------------------- */

/* A letter, a digit or the like: dots, blanks and parentheses stand in most identities. */
static bool
has_word(const List *glob)
{
	ListCell   *cell;

	foreach(cell, glob)
	{
		const Token *token = lfirst(cell);

		if (token->kind == TOKEN_CHARACTER && (token->length > 1 || strchr(" .()\",", *token->text) == NULL))
			return true;
	}
	return false;
}

static bool
is_bounded(const Selector *selector)
{
	ListCell   *cell;

	if (!fields[selector->field].bounds)
		return false;
	foreach(cell, selector->globs)
		if (!has_word(lfirst(cell)))
			return false;
	return true;
}

static bool
item_is_bounded(const Item *item)
{
	ListCell   *cell;

	if (has_word(item->glob))
		return true;
	foreach(cell, item->selectors)
		if (is_bounded(lfirst(cell)))
			return true;
	return false;
}

bool
sd_pattern_is_boundless(const SdPattern *pattern)
{
	ListCell   *cell;

	if (((const Item *) linitial(pattern->items))->excepts)
		return true;
	foreach(cell, pattern->items)
	{
		const Item *item = lfirst(cell);

		if (!item->excepts && !item_is_bounded(item))
			return true;
	}
	return false;
}

/* The text of a glob without wildcards; NULL where it has one. */
static char *
literal(const List *glob)
{
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	foreach(cell, glob)
	{
		const Token *token = lfirst(cell);

		if (token->kind != TOKEN_CHARACTER)
			return NULL;
		appendBinaryStringInfo(&buf, token->text, token->length);
	}
	return buf.data;
}

static List *
literals_of(const Selector *selector, List *values)
{
	ListCell   *cell;

	foreach(cell, selector->globs)
	{
		char	   *value = literal(lfirst(cell));

		if (value)
			values = lappend(values, value);
	}
	return values;
}

List *
sd_pattern_values(const SdPattern *pattern, const char *field)
{
	List	   *values = NIL;
	ListCell   *item;
	ListCell   *cell;

	foreach(item, pattern->items)
		foreach(cell, ((const Item *) lfirst(item))->selectors)
		{
			const Selector *selector = lfirst(cell);

			if (strcmp(fields[selector->field].name, field) == 0)
				values = literals_of(selector, values);
		}
	return values;
}
