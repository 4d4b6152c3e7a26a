/*
 * sequence.h
 *	  What identity columns share with sequences.
 */
#ifndef SD_SEQUENCE_H
#define SD_SEQUENCE_H

#include "postgres.h"

#include "kind/ddl.h"

typedef struct SdSequenceBounds
{
	int64		start;
	int64		min;
	int64		max;
} SdSequenceBounds;

/*
 * Make room for new bounds where the old start lies outside them: adds a
 * statement to run before ALTER SEQUENCE, or returns what to write behind it.
 */
extern const char *sd_sequence_move(SdDdl *ddl, const char *sequence,
									SdSequenceBounds from, SdSequenceBounds to);

#endif							/* SD_SEQUENCE_H */
