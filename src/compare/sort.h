/*
 * sort.h
 *	  Ordering the steps of a plan: a graph sorted so that every step comes
 *	  after those it waits for, otherwise by preference.
 */
#ifndef SD_SORT_H
#define SD_SORT_H

#include "postgres.h"

#include "nodes/pg_list.h"

typedef struct SdStep
{
	List	   *statements;		/* SdStatement *; may be empty */
	int			phase;			/* 0 drop, 1 build, 2 late, 3 last */
	int			rank;			/* within its phase: smaller is earlier */
	int			position;		/* within its rank: a column's place */
	const char *key;			/* last tie-breaker */

	/* used by the sort */
	List	   *followers;		/* SdStep *: those that wait for this one */
	int			waits;			/* how many it still waits for */
	bool		done;
	bool		visited;		/* on the search for a circle */
	struct SdStep *blocker;		/* one of those that it still waits for */
} SdStep;

/* later must come after earlier; NULLs and equals are ignored. */
extern void sd_step_order(SdStep *earlier, SdStep *later);

/*
 * The steps in order.  A circle is broken at its most preferred step: where that
 * is wrong the plan fails visibly when run rather than not being given at all.
 */
extern List *sd_steps_sort(List *steps);

#endif							/* SD_SORT_H */
