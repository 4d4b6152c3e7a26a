/*
 * record.h
 *	  What is left of a check becomes drift.
 */
#ifndef SD_RECORD_H
#define SD_RECORD_H

#include "postgres.h"

#include "workflow/check.h"

/*
 * Record what differs still, and what is wrong with the watch itself, as
 * drift, and close the drifts that are gone.  How many are open now.
 */
extern int	sd_record(const SdCheck *check);

#endif							/* SD_RECORD_H */
