/*
 * selfcheck.h
 *	  What is wrong with the watch itself is drift, too.
 */
#ifndef SD_SELFCHECK_H
#define SD_SELFCHECK_H

#include "postgres.h"

#include "nodes/pg_list.h"

/* object_type of the drifts that say that DDL is not captured as it should be */
#define SD_CAPTURE_DRIFT "capture"

/*
 * Whatever keeps capture from being on where it is meant to be, as items, and
 * who did it, looked for among the events beyond the horizon.  Whoever it was
 * and during whatever deploy: what happens meanwhile would have no author.  No
 * rule hides it, and nobody can accept it: it is mended, or watching is stopped.
 */
extern List *sd_selfcheck(int64 horizon);

/* Is that another state than the open drifts tell of?  False where nobody watches. */
extern bool sd_selfcheck_is_news(void);

#endif							/* SD_SELFCHECK_H */
