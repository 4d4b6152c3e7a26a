/*
 * decide.c
 *	  What people decide about drifts.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/error.h"
#include "compare/diff.h"
#include "compare/merge.h"
#include "compare/plan.h"
#include "store/baseline.h"
#include "store/drift.h"
#include "workflow/check.h"
#include "workflow/claims.h"
#include "workflow/decide.h"
#include "workflow/incident.h"
#include "workflow/selfcheck.h"
#include "workflow/side.h"

static List *
accepted_of(const SdCheck *check, const SdRows *drifts)
{
	List	   *accepted = NIL;
	int			r;

	for (r = 0; r < drifts->nrows; r++)
		accepted = list_concat(accepted,
							   sd_check_find(check->changes, sd_rows_value(drifts, r, "object_type"),
											sd_rows_value(drifts, r, "object"),
											sd_rows_value(drifts, r, "attribute")));
	return accepted;
}

static bool
is_open(const SdRows *drift)
{
	return drift->nrows > 0 && strcmp(sd_rows_value(drift, 0, "state"), "open") == 0;
}

static bool
has_same(const SdRows *before, const SdRows *after, const char *column)
{
	const char *a = sd_rows_value(before, 0, column);
	const char *b = sd_rows_value(after, 0, column);

	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The open drift as it was before this check, which must have left it so. */
static SdRows *
one_to_accept(int64 id, const SdRows *before)
{
	SdRows	   *drift = sd_drift_one(id);

	if (!is_open(drift))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("there is no open drift " INT64_FORMAT, id),
				 drift->nrows == 0 ? 0 :
				 errdetail("It is %s: %s.", sd_rows_value(drift, 0, "state"),
						   sd_rows_value(drift, 0, "close_reason")),
				 errhint("SELECT * FROM drift_check() lists the open ones.")));
	if (is_open(before) && !has_same(before, drift, "content_digest"))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("drift " INT64_FORMAT " has changed since it was last checked", id),
				 errhint("Look at it with SELECT * FROM drift_check(), then accept it.")));
	return drift;
}

int
sd_decide_accept(int64 id, const char *reason)
{
	SdCheck		check = {0};
	List	   *accepted;
	SdSnapshot *merged;
	SdRows	   *before;
	SdRows	   *drifts;

	/* what is accepted is what is there now, so look again first */
	sd_check_take_turn();
	before = sd_drift_one(id);
	(void) sd_check_run(&check, true);
	drifts = id ? one_to_accept(id, before) : sd_drift_open();
	accepted = check.changes ? accepted_of(&check, drifts) : NIL;
	if (accepted == NIL && id && strcmp(sd_rows_value(drifts, 0, "object_type"), SD_CAPTURE_DRIFT) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("capture that is off cannot be accepted"),
				 errhint("drift_watch() mends it; drift_unwatch() stops watching.")));
	if (accepted == NIL && id && strcmp(sd_rows_value(drifts, 0, "object_type"), SD_CLAIM_DRIFT) != 0)
		elog(ERROR, "drift " INT64_FORMAT " is open but nothing differs", id);
	if (accepted == NIL)
	{
		/* what is no difference of the schema, as a claim, makes no version */
		uint64		claims = sd_drift_accept(id, GetUserNameFromId(GetSessionUserId(), false), reason);

		sd_incident_update("watch", false, NULL);
		return (int) claims;
	}
	merged = sd_merge(check.baseline, check.live, accepted, CurrentMemoryContext);
	sd_baseline_save(SD_DEFAULT_BASELINE, merged, reason, 0,
					 sd_snapshot_equal(merged, check.live) ?
					 check.horizon : check.stored->event_horizon);
	(void) sd_drift_accept(id, GetUserNameFromId(GetSessionUserId(), false), reason);
	sd_incident_update("watch", false, NULL);
	return drifts->nrows;
}

char *
sd_decide_revert_sql(const char *object_type, const char *object, const char *attribute, bool *loses_data)
{
	SdPlan	   *plan;
	ListCell   *cell;

	SdCheck		check = {0};
	List	   *of_drift;
	SdSnapshot *without;

	sd_check_read(&check, sd_side_default_baseline());
	of_drift = sd_check_find(check.changes, object_type, object, attribute);
	if (of_drift == NIL)
		return NULL;

	/* the same as accepting every other drift and then going back */
	without = sd_merge(check.baseline, check.live, of_drift, CurrentMemoryContext);
	plan = sd_plan(without, check.baseline, sd_diff(without, check.baseline));
	*loses_data = false;
	foreach(cell, plan->statements)
		*loses_data = *loses_data || ((SdStatement *) lfirst(cell))->loses_data != NULL;
	return sd_plan_script(plan);
}
