/*
 * selfcheck.h
 *	  What is wrong with the watch itself is drift, too.
 */
#ifndef SD_SELFCHECK_H
#define SD_SELFCHECK_H

#include "postgres.h"

#include "model/event.h"
#include "workflow/check.h"

/* object_type of the drifts that say that DDL is not captured as it should be */
#define SD_CAPTURE_DRIFT "capture"

/* One of them: item->is_self is set. */
typedef struct SdSelfFinding
{
	SdItem	   *item;
	const SdEvent *event;		/* who did it; NULL = not known */
} SdSelfFinding;

/*
 * Whatever keeps capture from being on where it is meant to be, as
 * SdSelfFinding, whoever did it and during whatever deploy: what happens
 * meanwhile would have no author.  No rule hides it, and nobody can accept it:
 * it is mended, or watching is stopped.
 */
extern List *sd_selfcheck(const SdCheck *check);

/* Is that another state than the open drifts tell of?  False where nobody watches. */
extern bool sd_selfcheck_is_news(void);

#endif							/* SD_SELFCHECK_H */
