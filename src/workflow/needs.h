/*
 * needs.h
 *	  What is accepted must not stand on drift.
 */
#ifndef SD_NEEDS_H
#define SD_NEEDS_H

#include "postgres.h"

#include "workflow/check.h"

/*
 * Raise an error where something accepted (SdAccepted) needs what is only drift,
 * or what stays in the baseline needs something whose removal was accepted.
 * merged: the baseline that would come of it; id: of the drift, 0 = several.
 */
extern void sd_needs_check(const SdCheck *check, const SdSnapshot *merged, List *accepted, int64 id);

#endif							/* SD_NEEDS_H */
