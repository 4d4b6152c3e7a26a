/*
 * text.h
 *	  Small text helpers: SQL quoting, safe display, cutting at a character.
 */
#ifndef SD_TEXT_H
#define SD_TEXT_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "nodes/pg_list.h"

/* The value as an SQL literal, E'' only where it holds a backslash. */
extern void sd_append_literal(StringInfo buf, const char *value);
extern char *sd_literal(const char *value);

/* A string as a dollar-quoted body whose tag does not occur in it. */
extern void sd_append_dollar_quoted(StringInfo buf, const char *body);

/* Would this code point mislead a reader or a terminal? */
extern bool sd_is_hidden(pg_wchar c);

/*
 * For people to read: control characters, line breaks, zero-width and
 * bidirectional-override characters become \u{hex}; valid text is unchanged.
 * Line breaks survive where keep_lines is true.  In SQL_ASCII, bytes that are not
 * UTF-8 become \x{hex}.
 */
extern char *sd_display(const char *text, bool keep_lines);

/*
 * The text in UTF-8, whatever the database's encoding; the text itself where
 * that is nothing to do.  SQL_ASCII has no encoding: its bytes stay.
 */
extern const char *sd_utf8(const char *text);

/* Length of the well-formed character of UTF-8 at p; 0 = there is none. */
extern int	sd_utf8_length(const char *p);

/* At most max characters (not bytes), the last three being … when cut. */
extern char *sd_cut(const char *text, int max);

/* A time of timestamptz_to_str() without the fraction of its second. */
extern char *sd_short_time(const char *time);

/* All the texts, up to a NULL, one after another; where printf would be felt. */
extern char *sd_concat(const char *first,...);

/* printf into a palloc'd string is psprintf(); this joins a List of char *. */
extern char *sd_join(List *texts, const char *separator);

/*
 * Words that 16 and 17 made keywords to be quoted (18 added none), up to a
 * NULL, and the name as an identifier of SQL, quoted as the newest server does.
 */
extern const char *const sd_new_words[];
extern const char *sd_quote_identifier(const char *name);

#endif							/* SD_TEXT_H */
