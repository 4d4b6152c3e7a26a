/*
 * depend.h
 *	  What each object of a snapshot needs, from the source's pg_depend.
 */
#ifndef SD_DEPEND_H
#define SD_DEPEND_H

#include "postgres.h"

#include "model/snapshot.h"
#include "source/source.h"

/* Fill in object->depends of every object.  Rows about objects that no kind
 * collects are followed to the object that stands for them, or dropped. */
extern void sd_depend_collect(SdSource *source, SdSnapshot *snapshot);

/*
 * The same where a few objects were collected: addresses of all rows that play
 * a part, as arrays "{1,2}" of their classes and of their oids.
 */
extern void sd_depend_collect_some(SdSource *source, SdSnapshot *snapshot, const char *classes,
								   const char *oids);

#endif							/* SD_DEPEND_H */
