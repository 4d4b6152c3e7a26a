/*
 * comparison.h
 *	  Two sides compared, with who made each difference where that is known.
 */
#ifndef SD_COMPARISON_H
#define SD_COMPARISON_H

#include "postgres.h"

#include "model/change.h"
#include "model/snapshot.h"

typedef struct SdComparison
{
	const char *from_name;		/* the sides, as the user wrote them */
	const char *to_name;
	SdSnapshot *from;
	SdSnapshot *to;
	List	   *changes;		/* SdChange * */
	List	   *items;			/* SdItem * */
} SdComparison;

/* For a plan too, or only for the differences.  Raises what sd_side_snapshot() raises. */
extern SdComparison *sd_compare_sides(const char *from, const char *to, bool only_differences);

#endif							/* SD_COMPARISON_H */
