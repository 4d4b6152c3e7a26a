/*
 * follow.h
 *	  SQL text in which names are replaced, or merely follow a rename.
 */
#ifndef SD_FOLLOW_H
#define SD_FOLLOW_H

#include "postgres.h"

#include "nodes/pg_list.h"

/* One name that may have become another in a text. */
typedef struct SdNewName
{
	const char *before;			/* as SQL writes it */
	const char *after;
	bool		is_label;		/* a string literal, not an identifier */
} SdNewName;

/*
 * Does the text after say the same as the one before under new names
 * (SdNewName *), as the server prints it once something it uses was renamed?
 */
extern bool sd_text_follows(const char *before, const char *after, List *names);

/* What stands for a qualified name; NULL = the same. */
typedef const char *(*SdNameLookup) (void *arg, const char *name);

/*
 * The text with each name replaced by what lookup gives for "schema.name", for
 * "schema." or for "schema.name.column".
 */
extern char *sd_text_replace(const char *text, SdNameLookup lookup, void *arg);

/* What stands for an unqualified name after a word ("" at the start); NULL = no name is there. */
typedef const char *(*SdWordLookup) (void *arg, const char *word, const char *name);

/* The text with each such name replaced by what lookup gives. */
extern char *sd_text_replace_plain(const char *text, SdWordLookup lookup, void *arg);

/* The first identifier of a text, and where it ends. */
extern char *sd_text_identifier(const char *text, const char **rest);

#endif							/* SD_FOLLOW_H */
