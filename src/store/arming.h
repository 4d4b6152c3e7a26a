/*
 * arming.h
 *	  The fence: which cluster and database was armed (schemadrift.arming).
 *
 * A copy of a database carries this row, but lives under another system
 * identifier or another database oid; an older state of a cluster comes back
 * under another timeline.
 */
#ifndef SD_STORE_ARMING_H
#define SD_STORE_ARMING_H

#include "postgres.h"

typedef enum SdArmingState
{
	SD_ARMED,					/* this database, here */
	SD_UNARMED,					/* nobody called drift_watch() */
	SD_ARMED_MOVED,				/* this database, on a later timeline */
	SD_QUARANTINED				/* the row speaks of another place */
} SdArmingState;

/* Arm this database here and now; replaces an earlier arming. */
extern void sd_arming_write(void);

/* Is capture meant to be on: drift_watch() was called, drift_unwatch() not since? */
extern bool sd_arming_is_watching(void);
extern void sd_arming_stop_watching(void);

/* Was drift_watch() called within so many seconds? */
extern bool sd_arming_is_fresh(int seconds);

/* Take over the present timeline; only from SD_ARMED_MOVED. */
extern void sd_arming_advance(void);

/* What the row says; *problem (if not NULL) gets a sentence or NULL. */
extern SdArmingState sd_arming_state(char **problem);

/* NULL when this database may send and check, else a sentence. */
extern char *sd_arming_problem(void);

#endif							/* SD_STORE_ARMING_H */
