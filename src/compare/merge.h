/*
 * merge.h
 *	  A baseline with some changes accepted.
 */
#ifndef SD_MERGE_H
#define SD_MERGE_H

#include "postgres.h"

#include "model/change.h"
#include "model/snapshot.h"

/*
 * One accepted change; property -1 = all of it.  With left_out it is the
 * opposite: a new part, or a property of something new, that stays out
 * although the whole was accepted.
 */
typedef struct SdAccepted
{
	const SdChange *change;
	int			property;
	bool		left_out;
} SdAccepted;

/*
 * The snapshot that equals live in what was accepted and baseline in all else.
 * Objects are shared with both, which must outlive it.
 */
extern SdSnapshot *sd_merge(const SdSnapshot *baseline, const SdSnapshot *live,
							List *accepted, MemoryContext parent);

/*
 * A baseline of an older canonical form in the present one: what that form did
 * not have yet is taken as it is in live.  So are local objects where it is a
 * baseline of another database, and optional ones where it has none at all.  Objects are shared as above.
 */
extern SdSnapshot *sd_reseal(const SdSnapshot *baseline, const SdSnapshot *live,
							 MemoryContext parent);

#endif							/* SD_MERGE_H */
