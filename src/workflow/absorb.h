/*
 * absorb.h
 *	  What is expected goes into the baseline.
 */
#ifndef SD_ABSORB_H
#define SD_ABSORB_H

#include "postgres.h"

#include "compare/merge.h"
#include "model/event.h"
#include "workflow/check.h"

/* An accepted change, for sd_merge(); property -1 = all of it. */
extern SdAccepted *sd_absorb_accepted(const SdChange *change, int property);

/* All that is expected, as SdAccepted, and the last event that says so. */
extern List *sd_absorb_expected(const SdCheck *check, const SdEvent **last);

/* Put it into the baseline; what is left stays in check->changes. */
extern void sd_absorb(SdCheck *check);

#endif							/* SD_ABSORB_H */
