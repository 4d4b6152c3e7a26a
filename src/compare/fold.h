/*
 * fold.h
 *	  Which changes only come along with another one.
 */
#ifndef SD_FOLD_H
#define SD_FOLD_H

#include "postgres.h"

#include "model/change.h"
#include "model/snapshot.h"

/*
 * Mark the changes that are not to be reported by themselves: parts that came
 * or went with their whole, and what a table's child or partition repeats of
 * its parent's change (their leader is set).
 */
extern void sd_fold(const SdSnapshot *from, const SdSnapshot *to, List *changes);

#endif							/* SD_FOLD_H */
