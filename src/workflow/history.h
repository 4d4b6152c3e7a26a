/*
 * history.h
 *	  What live looked like, and what changed in it, as checks saw it.
 */
#ifndef SD_WORKFLOW_HISTORY_H
#define SD_WORKFLOW_HISTORY_H

#include "postgres.h"

#include "workflow/check.h"

/*
 * Can a check of part of the schema, whose baseline is of that version, write
 * its history?  It cannot where the newest observation was made beside another.
 */
extern bool sd_history_goes_on(SdCheck *check);

/* Write what the check saw change since the last observation, if anything did. */
extern void sd_history_observe(SdCheck *check);

/* The same for a snapshot of live that is the newest version of the default baseline. */
extern void sd_history_observe_baseline(SdSnapshot *live, int version, int64 horizon);

#endif							/* SD_WORKFLOW_HISTORY_H */
