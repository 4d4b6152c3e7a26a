/*
 * absorb.h
 *	  What is expected goes into the baseline.
 */
#ifndef SD_ABSORB_H
#define SD_ABSORB_H

#include "postgres.h"

#include "compare/merge.h"
#include "workflow/check.h"

/* An accepted change, for sd_merge(); property -1 = all of it. */
extern SdAccepted *sd_absorb_accepted(const SdChange *change, int property);

/* What is expected, and whose it is. */
typedef struct SdExpected
{
	List	   *accepted;		/* SdAccepted * */
	int64		last;			/* the last event that says so, 0 = none does */
	const char *label;			/* of its deploy */
	int64		deploy_id;		/* of its window, 0 = it has none */
	List	   *deploys;		/* int64 *, of all windows, each once */
} SdExpected;

/* All that is expected. */
extern SdExpected sd_absorb_expected(const SdCheck *check);

/* Put it into the baseline; what is left stays in check->changes. */
extern void sd_absorb(SdCheck *check);

#endif							/* SD_ABSORB_H */
