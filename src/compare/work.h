/*
 * work.h
 *	  What a plan has to do, object by object, before it is put in order.
 */
#ifndef SD_WORK_H
#define SD_WORK_H

#include "postgres.h"

#include "utils/hsearch.h"

#include "compare/sort.h"
#include "model/change.h"
#include "model/plan.h"
#include "model/snapshot.h"

typedef struct SdWork
{
	const char *key;
	const SdObject *from;		/* the object on each side, NULL = not there */
	const SdObject *to;
	const SdChange *change;		/* to be altered */
	bool		drop;
	bool		create;			/* with drop: built anew */
	bool		relate;			/* its late properties are taken off and set
								 * again around the rebuilding of another */
	const SdObject *released_from;	/* what is built anew while the object is
									 * freed from it, NULL = nothing */

	struct SdWork *taken_by;	/* its DROP drops this one too */
	SdStep	   *unlate_step;
	SdStep	   *drop_step;
	SdStep	   *build_step;
	SdStep	   *late_step;
} SdWork;

typedef struct SdWorks
{
	const SdSnapshot *from;
	const SdSnapshot *to;
	HTAB	   *by_key;
	List	   *list;			/* SdWork *, in order of creation */
	List	   *steps;			/* SdStep * */
	SdPlan	   *plan;
} SdWorks;

extern SdWorks *sd_works_create(const SdSnapshot *from, const SdSnapshot *to, List *changes);
extern SdWork *sd_work_find(const SdWorks *works, const char *key);

/* Add what must be rebuilt because something else is. */
extern void sd_works_spread(SdWorks *works);

#endif							/* SD_WORK_H */
