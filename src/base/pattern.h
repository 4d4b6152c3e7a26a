/*
 * pattern.h
 *	  Object patterns: which objects a rule, a route or a choice is about.
 *
 *		pattern  := item { ("," | newline) item }		the last item that matches decides
 *		item     := ["!"] { selector } glob { selector }	"!" excepts; all of an item must match
 *		selector := "[" field "=" value { "," value } "]"	one of the values must match
 *		field    := kind | class | change | attribute
 *
 *		*	any characters of one part of an identity		public.tmp_*
 *		?	one character of it
 *		**	any characters, of more parts too				public.**
 *		"…"	literal, as in the identity itself				public."Odd, *name*"
 *		\c	the character itself
 *
 * An identity is what SQL calls the object, as drift_item shows it.  Its parts
 * are what stands between its dots; a dot in quotes or parentheses is none.
 * Without a glob an item is about every object that its selectors choose.  A
 * pattern that begins with an exception is about everything else.  Case counts.
 */
#ifndef SD_PATTERN_H
#define SD_PATTERN_H

#include "postgres.h"

#include "nodes/pg_list.h"

#define SD_PATTERN_MOST_CHARACTERS 4000

typedef struct SdPattern SdPattern;

/* Why a text is no pattern. */
typedef struct SdPatternProblem
{
	const char *detail;			/* a sentence */
	int			place;			/* number of the character, from 1 */
} SdPatternProblem;

/* What is held against it; NULL = has none, which no value of a selector matches. */
typedef struct SdPatternSubject
{
	const char *kind;
	const char *class;
	const char *change;
	const char *object;
	const char *attribute;
} SdPatternSubject;

/* palloc'd; NULL where the text is no pattern, and then the problem. */
extern SdPattern *sd_pattern_parse(const char *text, SdPatternProblem *problem);

extern bool sd_pattern_matches(const SdPattern *pattern, const SdPatternSubject *subject);

/*
 * Does some item name neither a character of an identity nor a kind nor an
 * attribute, so that it is about whatever there is?
 */
extern bool sd_pattern_is_boundless(const SdPattern *pattern);

/* The values given for a field that hold no wildcard (char *), to be looked up. */
extern List *sd_pattern_values(const SdPattern *pattern, const char *field);

#endif							/* SD_PATTERN_H */
