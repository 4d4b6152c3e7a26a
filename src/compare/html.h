/*
 * html.h
 *	  Text and SQL as HTML.
 *
 * What is written is ASCII whatever the text: other characters become numeric
 * references, so that the page is right in every client encoding.  Characters
 * that a reader would not see or that reverse the direction become marks.
 */
#ifndef SD_HTML_H
#define SD_HTML_H

#include "postgres.h"

#include "lib/stringinfo.h"

/* As content of an element; line breaks become marks too. */
extern void sd_html_text(StringInfo buf, const char *text);
extern void sd_html_piece(StringInfo buf, const char *text, int length);

/* The same for pre: line breaks and tabs stay. */
extern void sd_html_lines(StringInfo buf, const char *text, int length);

/* As the value of an attribute, in double quotes; marks are plain text. */
extern void sd_html_attribute(StringInfo buf, const char *name, const char *value);

/*
 * SQL for pre, its words in spans: k keyword, s string, q identifier, c
 * comment, n number.  In an identifier a line break is a mark.
 */
extern void sd_html_sql(StringInfo buf, const char *sql);

#endif							/* SD_HTML_H */
