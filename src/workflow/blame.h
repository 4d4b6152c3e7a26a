/*
 * blame.h
 *	  Who gave an object each of its values.
 */
#ifndef SD_BLAME_H
#define SD_BLAME_H

#include "postgres.h"

#include "nodes/pg_list.h"

typedef struct SdBlame
{
	const char *object_type;
	const char *object;
	const char *attribute;		/* NULL = the object itself */
	const char *value;
	const char *who;			/* or "unknown: …" */
	const char *via;
	const char *at;				/* of the command, else when a check saw it; NULL = not known */
	const char *deploy;
	const char *statement;
	const char *event_id;
} SdBlame;

/*
 * SdBlame * of the object that is meant by a name and of its parts, as the last
 * check saw them.  Raises an error that tells which names are near when there is
 * no such object, or more than one.
 */
extern List *sd_blame(const char *name);

#endif							/* SD_BLAME_H */
