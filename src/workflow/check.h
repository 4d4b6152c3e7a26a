/*
 * check.h
 *	  One check: live against its baseline, stage by stage.
 */
#ifndef SD_CHECK_H
#define SD_CHECK_H

#include "postgres.h"

#include "model/change.h"
#include "model/snapshot.h"
#include "store/baseline.h"
#include "workflow/attribute.h"

/* One check, from snapshot to messages. */
typedef struct SdCheck
{
	SdBaseline *stored;
	SdSnapshot *baseline;		/* NULL where nothing differs; what is absorbed is in it */
	SdSnapshot *live;			/* as baseline, only what may differ in a partial check */
	List	   *changes;		/* SdChange *, from baseline to live */
	SdAttributor *attributor;
	bool		is_building;	/* a command that commits before its event does was at work */
	int64		horizon;		/* events up to here are decided */
	bool		may_write;		/* it is not only looked at */
	int64		settled;		/* deploys up to here excuse nothing any more */

	/* for the history */
	SdSnapshot *compared;		/* the baseline before anything was absorbed */
	List	   *seen;			/* SdChange *, from that to live */
	bool		is_part;		/* only these were looked at: */
	List	   *keys;			/* char * */
	struct SdObservation *observed; /* the newest, if it is a partial check */
} SdCheck;

/*
 * Wait until no other check of this database runs, and keep others away until
 * the transaction ends.  Raises an error where the transaction looks at one
 * fixed snapshot: it cannot see what the check before it recorded, and would
 * compare catalogs of then with definitions of now.
 */
extern void sd_check_take_turn(void);

/* The same without waiting; false when a check goes on. */
extern bool sd_check_try_turn(void);

/*
 * All stages, in one's turn.  What has not changed since the last check is not
 * looked at unless want_everything.  How many drifts are open, -1 without a
 * baseline.
 */
extern int	sd_check_run(SdCheck *check, bool want_everything);

/* The first two stages: both sides and what differs, all of it. */
extern void sd_check_read(SdCheck *check, SdBaseline *stored);

/*
 * The changes that a recorded drift is about, as SdAccepted: one, or two where
 * a part moved to another whole.  backwards: the changes lead to how it was
 * before the drift.
 */
extern List *sd_check_find(List *changes, const char *object_type, const char *object, const char *attribute,
						   bool backwards);

#endif							/* SD_CHECK_H */
