/*
 * decide.c
 *	  What people decide about drifts.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/error.h"
#include "base/text.h"
#include "compare/choose.h"
#include "compare/diff.h"
#include "compare/merge.h"
#include "compare/plan.h"
#include "kind/kind.h"
#include "store/baseline.h"
#include "store/decision.h"
#include "store/drift.h"
#include "workflow/check.h"
#include "workflow/claims.h"
#include "workflow/decide.h"
#include "workflow/incident.h"
#include "workflow/needs.h"
#include "workflow/side.h"

static List *
find_changes(const SdCheck *check, const SdRows *drifts, int r)
{
	return sd_check_find(check->changes, sd_rows_value(drifts, r, "object_type"),
						 sd_rows_value(drifts, r, "object"), sd_rows_value(drifts, r, "attribute"), false);
}

SdRows *
sd_decide_standing(int64 id)
{
	SdRows	   *drift = sd_drift_one(id);

	if (drift->nrows == 0 || !sd_rows_bool(drift, 0, "is_standing"))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("there is no open drift " INT64_FORMAT, id),
				 drift->nrows == 0 ? 0 :
				 errdetail("It is %s: %s.", sd_rows_value(drift, 0, "state"),
						   sd_rows_value(drift, 0, "close_reason")),
				 errhint("SELECT * FROM drift_check() lists the open ones.")));
	return drift;
}

/* The open drift as it was before this check, which must have left it so. */
static SdRows *
one_to_accept(int64 id, const SdRows *before)
{
	SdRows	   *drift = sd_decide_standing(id);

	if (before->nrows > 0 && sd_rows_bool(before, 0, "is_standing") &&
		strcmp(sd_rows_value(before, 0, "content_digest"), sd_rows_value(drift, 0, "content_digest")) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("drift " INT64_FORMAT " has changed since it was last checked", id),
				 errhint("Look at it with SELECT * FROM drift_check(), then accept it.")));
	return drift;
}

/* Has a drift this class, and is the pattern about it?  NULL = any. */
static bool
is_chosen(const SdRows *drifts, int r, const char *class, const SdPattern *pattern)
{
	SdPatternSubject subject;

	subject.kind = sd_rows_value(drifts, r, "object_type");
	subject.class = sd_rows_value(drifts, r, "class");
	subject.change = sd_rows_value(drifts, r, "change");
	subject.object = sd_rows_value(drifts, r, "object");
	subject.attribute = sd_rows_value(drifts, r, "attribute");
	return (class == NULL || strcmp(class, subject.class) == 0) &&
		(pattern == NULL || sd_pattern_matches(pattern, &subject));
}

/* The changes that the chosen drifts are about; *ids: which drifts have any. */
static List *
accepted_of(const SdCheck *check, const SdRows *drifts, const char *class, const SdPattern *pattern, List **ids)
{
	List	   *accepted = NIL;
	int			r;

	for (r = 0; r < drifts->nrows; r++)
	{
		List	   *changes;

		if (!is_chosen(drifts, r, class, pattern))
			continue;
		changes = find_changes(check, drifts, r);
		if (changes == NIL && strcmp(sd_rows_value(drifts, r, "object_type"), SD_CLAIM_DRIFT) != 0)
			continue;
		accepted = list_concat(accepted, changes);
		*ids = lappend(*ids, psprintf("%s", sd_rows_value(drifts, r, "id")));
	}
	return accepted;
}

static void
close_accepted(List *ids, const char *reason, int version)
{
	const char *by = GetUserNameFromId(GetSessionUserId(), false);
	ListCell   *cell;

	foreach(cell, ids)
	{
		SdDecision	decision = {.action = SD_DECIDED_ACCEPT};

		decision.drift_id = strtoll(lfirst(cell), NULL, 10);
		decision.reason = reason;
		decision.baseline_version = version;
		(void) sd_decision_record(&decision);
		sd_drift_accept(decision.drift_id, by, reason);
	}
	sd_incident_update("watch");
}

/*
 * Take them into the baseline, as one version; which one.  What is no
 * difference of the schema, as a claim, makes no version: 0.  id: of the one
 * drift, 0 = several.
 */
static int
accept(const SdCheck *check, List *accepted, List *ids, int64 id, const char *reason)
{
	int			version = 0;

	if (accepted != NIL)
	{
		SdSnapshot *merged = sd_merge(check->baseline, check->live, accepted, CurrentMemoryContext);

		sd_needs_check(check, merged, accepted, id);
		version = sd_baseline_save(SD_DEFAULT_BASELINE, merged, reason, 0,
								   sd_snapshot_equal(merged, check->live) ?
								   check->horizon : check->stored->event_horizon);
	}
	if (ids != NIL)
		close_accepted(ids, reason, version);
	return version;
}

int
sd_decide_accept(int64 id, const char *reason)
{
	SdCheck		check = {0};
	SdRows	   *before;
	SdRows	   *drift;
	List	   *accepted;
	List	   *ids = NIL;

	/* what is accepted is what is there now, so look again first */
	sd_check_take_turn();
	before = sd_drift_one(id);
	(void) sd_check_run(&check, true);
	drift = one_to_accept(id, before);
	accepted = accepted_of(&check, drift, NULL, NULL, &ids);
	/* what it brought about goes with it */
	accepted = list_concat(accepted, accepted_of(&check, sd_drift_folded(id), NULL, NULL, &ids));
	if (ids != NIL)
		return accept(&check, accepted, ids, id, reason);
	if (sd_kind_find(sd_rows_value(drift, 0, "object_type")) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("what is wrong with the watch itself cannot be accepted"),
				 errdetail("%s", sd_rows_value(drift, 0, "actual")),
				 errhint("drift_watch() mends it; drift_unwatch() stops watching.")));
	elog(ERROR, "drift " INT64_FORMAT " is open but nothing differs", id);
	return 0;					/* keep compilers quiet */
}

/* A pattern that is about nothing is most often one that means more: names have parts. */
static void
tell_if_none(const SdRows *drifts, const SdPattern *pattern, const char *text)
{
	int			r;

	for (r = 0; r < drifts->nrows; r++)
		if (is_chosen(drifts, r, NULL, pattern))
			return;
	if (drifts->nrows > 0)
		ereport(NOTICE,
				(errmsg("pattern \"%s\" is about none of the %d open drifts", sd_display(text, false), drifts->nrows),
				 errhint("* stands for characters of one part of a name, ** for any parts:"
						 " public.** is about everything in public.")));
}

int
sd_decide_accept_all(const char *reason, const char *class, const char *pattern)
{
	SdPattern  *chosen = pattern ? sd_choose_pattern(pattern) : NULL;
	SdCheck		check = {0};
	List	   *ids = NIL;
	List	   *accepted;
	SdRows	   *drifts;

	if (class)
		sd_choose_check_class(class);
	sd_check_take_turn();
	(void) sd_check_run(&check, true);
	drifts = sd_drift_open();
	if (chosen)
		tell_if_none(drifts, chosen, pattern);
	accepted = accepted_of(&check, drifts, class, chosen, &ids);
	(void) accept(&check, accepted, ids, 0, reason);
	return list_length(ids);
}

/* -- DDL for chosen drifts ---------------------------------------------------- */

/* Live and baseline, and the baseline with just these changes. */
static SdSnapshot *
with_changes(const SdCheck *check, List *changes)
{
	return sd_merge(check->baseline, check->live, changes, CurrentMemoryContext);
}

/* All changes that the drifts are about, and what these brought about; each must be there still. */
static List *
changes_of(const SdCheck *check, List *ids)
{
	List	   *changes = NIL;
	ListCell   *cell;

	foreach(cell, ids)
	{
		int64		id = *(int64 *) lfirst(cell);
		SdRows	   *drift = sd_decide_standing(id);
		List	   *of_drift = find_changes(check, drift, 0);
		SdRows	   *folded = sd_drift_folded(id);
		int			r;

		if (of_drift == NIL && sd_kind_find(sd_rows_value(drift, 0, "object_type")) == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("drift " INT64_FORMAT " is about the watch itself and has no DDL", id),
					 errhint("SELECT drift_explain(" INT64_FORMAT ") tells what to do.", id)));
		if (of_drift == NIL)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("what drift " INT64_FORMAT " was about no longer differs", id),
					 errhint("SELECT * FROM drift_check() looks again.")));
		changes = list_concat(changes, of_drift);
		for (r = 0; r < folded->nrows; r++)
			changes = list_concat(changes, find_changes(check, folded, r));
	}
	return changes;
}

/* The same as accepting every other drift and then going back. */
char *
sd_decide_revert_all_sql(List *ids)
{
	SdCheck		check = {0};
	SdSnapshot *with;

	sd_check_read(&check, sd_side_default_baseline());
	with = with_changes(&check, changes_of(&check, ids));
	return sd_plan_script(sd_plan(with, check.baseline, sd_diff(with, check.baseline)));
}

char *
sd_decide_adopt_sql(List *ids)
{
	SdCheck		check = {0};
	SdSnapshot *with;

	sd_check_read(&check, sd_side_default_baseline());
	with = with_changes(&check, changes_of(&check, ids));
	return sd_plan_script(sd_plan(check.baseline, with, sd_diff(check.baseline, with)));
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
	of_drift = sd_check_find(check.changes, object_type, object, attribute, false);
	if (of_drift == NIL)
		return NULL;

	without = with_changes(&check, of_drift);
	plan = sd_plan(without, check.baseline, sd_diff(without, check.baseline));
	*loses_data = false;
	foreach(cell, plan->statements)
		*loses_data = *loses_data || ((SdStatement *) lfirst(cell))->loses_data != NULL;
	return sd_plan_script(plan);
}
