/*
 * decision.h
 *	  The only SQL on schemadrift.decision: who decided what, when and why.
 *
 * Rows are added, never changed: taking one back is a decision, too.
 */
#ifndef SD_STORE_DECISION_H
#define SD_STORE_DECISION_H

#include "postgres.h"

#include "base/rows.h"

/* action */
#define SD_DECIDED_ACCEPT "accept"
#define SD_DECIDED_IGNORE "ignore"
#define SD_DECIDED_UNIGNORE "unignore"
#define SD_DECIDED_ACKNOWLEDGE "acknowledge"
#define SD_DECIDED_SNOOZE "snooze"
#define SD_DECIDED_COMMENT "comment"
#define SD_DECIDED_UNDO "undo"
#define SD_DECIDED_BASELINE "baseline"

typedef struct SdDecision
{
	const char *action;
	int64		drift_id;		/* 0 = about none */
	int64		rule_id;		/* 0 = about none */
	const char *object;			/* a baseline's name or a pattern where there is no drift */
	const char *reason;
	const char *until;			/* NULL = for good */
	int			baseline_version;	/* 0 = made none */
	int64		undoes;			/* 0 = none */
} SdDecision;

/* The session's user decided this now; what the drift is about is kept with it.  Its id. */
extern int64 sd_decision_record(const SdDecision *decision);

/*
 * One, or no row: id, by, action, drift_id, rule_id, object_type, object,
 * attribute, baseline_version, undone_by (the decision that took it back).
 */
extern SdRows *sd_decision_one(int64 id);

/* What was decided about a drift, oldest first: id, at, by, action, reason, until. */
extern SdRows *sd_decision_of_drift(int64 drift_id);

#endif							/* SD_STORE_DECISION_H */
