/*
 * problem.h
 *	  What keeps capture from seeing what it is meant to see.
 */
#ifndef SD_PROBLEM_H
#define SD_PROBLEM_H

#include "postgres.h"

#include "nodes/pg_list.h"

typedef struct SdProblem
{
	const char *object;			/* what has it, always in the same words */
	const char *expected;
	const char *actual;			/* whole sentences */
	const char *subject;		/* an event that names an object of this
								 * identity may have done it; NULL */
	bool		is_server_wide; /* a setting of the server: took effect later
								 * than the command */
} SdProblem;

/*
 * Everything that is wrong now, as SdProblem; NIL is good.  Misses and the
 * preloading that was there before count only where drift_watch() watches.
 */
extern List *sd_capture_problems(void);

/* The first of them as a sentence, NULL = none. */
extern char *sd_capture_problem(void);

#endif							/* SD_PROBLEM_H */
