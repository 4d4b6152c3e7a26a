/*
 * possible.h
 *	  What may have been renamed, where addresses cannot tell.
 */
#ifndef SD_POSSIBLE_H
#define SD_POSSIBLE_H

#include "postgres.h"

#include "model/snapshot.h"

/*
 * Sentences about data that the changes would drop and that may be there under
 * another name: one object of a kind goes and one with the same definition
 * comes.
 */
extern List *sd_possible_renames(const SdSnapshot *from, const SdSnapshot *to, List *changes);

#endif							/* SD_POSSIBLE_H */
