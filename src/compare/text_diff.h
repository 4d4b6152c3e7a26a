/*
 * text_diff.h
 *	  Which lines or words differ between two texts.
 */
#ifndef SD_TEXT_DIFF_H
#define SD_TEXT_DIFF_H

#include "postgres.h"

#include "nodes/pg_list.h"

/* A piece of a text that it does not own: a line without its end, or a word. */
typedef struct SdSlice
{
	const char *text;
	int			length;
} SdSlice;

/* Neighbouring pieces that are the same on both sides, or replace each other. */
typedef struct SdRun
{
	bool		same;			/* then both counts are equal */
	int			before;			/* first piece and number of them */
	int			nbefore;
	int			after;
	int			nafter;
} SdRun;

/* The pieces of a text; *count gets their number. */
extern SdSlice *sd_text_lines(const char *text, int *count);
extern SdSlice *sd_text_words(const char *text, int length, int *count);

/*
 * SdRun * from the first piece to the last.  Where the middle is too large to
 * compare piece by piece, it is one run that replaces all of it.
 */
extern List *sd_text_diff(const SdSlice *before, int nbefore, const SdSlice *after, int nafter);

#endif							/* SD_TEXT_DIFF_H */
