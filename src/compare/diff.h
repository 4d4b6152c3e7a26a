/*
 * diff.h
 *	  The changes from one snapshot to another, and their rows for people.
 */
#ifndef SD_DIFF_H
#define SD_DIFF_H

#include "postgres.h"

#include "model/change.h"
#include "model/snapshot.h"

/* Does nothing that counts differ between two states of an object? */
extern bool sd_objects_equal(const SdObject *from, const SdObject *to);

/* Has it kinds that are optional?  Where one side has none, they are not compared. */
extern bool sd_has_optional(const SdSnapshot *side);

/*
 * SdChange *: renames first, then the others in canonical order; parts of what
 * came or went are folded, what only follows a rename is none.
 */
extern List *sd_diff(const SdSnapshot *from, const SdSnapshot *to);

/* SdItem * of the changes that are not folded, most severe class first. */
extern List *sd_diff_items(const SdSnapshot *from, const SdSnapshot *to, List *changes);

#endif							/* SD_DIFF_H */
