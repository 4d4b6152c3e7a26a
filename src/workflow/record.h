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
 * drift, and close the drifts that are gone.  True when any is new or changed;
 * *nopen: how many are open.
 */
extern bool sd_record(const SdCheck *check, int *nopen);

#endif							/* SD_RECORD_H */
