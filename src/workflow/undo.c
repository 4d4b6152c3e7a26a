/*
 * undo.c
 *	  Decisions taken back.
 *
 * An acceptance is taken back by another step forward: the newest version but
 * with the earlier form of what was accepted, so that nothing that was accepted
 * or deployed later is lost.  Where something later builds on it, this is
 * refused, rather than guessed at.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/text.h"
#include "compare/diff.h"
#include "compare/merge.h"
#include "kind/kind.h"
#include "store/baseline.h"
#include "store/baseline_read.h"
#include "store/decision.h"
#include "store/drift.h"
#include "store/event.h"
#include "store/ignore.h"
#include "workflow/check.h"
#include "workflow/decide.h"
#include "workflow/silence.h"
#include "workflow/undo.h"
#include "workflow/watch.h"

/* An acceptance and the versions around it. */
typedef struct Acceptance
{
	int64		id;				/* of the decision */
	const char *object_type;
	const char *object;
	const char *attribute;		/* NULL = the whole */
	SdBaseline *before;
	SdBaseline *latest;
	SdSnapshot *before_it;
	SdSnapshot *with_it;
	SdSnapshot *now;
} Acceptance;

static void
refuse(const Acceptance *acceptance, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("decision " INT64_FORMAT " cannot be taken back alone", acceptance->id),
			 errdetail_internal("%s", detail),
			 errhint("Take back the decision about that first, or see drift_baseline_rollback(),"
					 " which goes back with all of it.")));
}

static void
load_versions(Acceptance *acceptance, int version)
{
	SdBaseline *with_it = sd_baseline_version(SD_DEFAULT_BASELINE, version);

	acceptance->before = sd_baseline_version(SD_DEFAULT_BASELINE, version - 1);
	acceptance->latest = sd_baseline_latest(SD_DEFAULT_BASELINE);
	if (with_it == NULL || acceptance->before == NULL || acceptance->before->form != acceptance->latest->form)
		refuse(acceptance, "The baseline before it is not there any more, or in an older canonical form.");
	acceptance->before_it = sd_baseline_load(acceptance->before, CurrentMemoryContext);
	acceptance->with_it = sd_baseline_load(with_it, CurrentMemoryContext);
	acceptance->now = sd_baseline_load(acceptance->latest, CurrentMemoryContext);
}

/* Is the object the one of this key, or a part of it? */
static bool
is_within(const SdSnapshot *side, const SdObject *object, const char *key)
{
	while (object && strcmp(object->key, key) != 0)
		object = object->parent ? sd_snapshot_find(side, object->parent) : NULL;
	return object != NULL;
}

/* Does a later change touch what was accepted? */
static bool
builds_on(const Acceptance *acceptance, const SdChange *later)
{
	const char *key = sd_object_key(acceptance->object_type, acceptance->object);
	int			property;

	if (acceptance->attribute == NULL)
		return is_within(acceptance->with_it, later->from, key) || is_within(acceptance->now, later->to, key);
	if (later->from == NULL || strcmp(later->from->key, key) != 0)
		return false;
	if (later->what != SD_CHANGE_CHANGED)
		return true;
	property = sd_kind_property(later->from->kind, acceptance->attribute);
	return property >= 0 && bms_is_member(property, later->properties);
}

static void
refuse_if_built_on(const Acceptance *acceptance)
{
	ListCell   *cell;

	foreach(cell, sd_diff(acceptance->with_it, acceptance->now))
	{
		const SdChange *later = lfirst(cell);
		const SdObject *object = later->to ? later->to : later->from;

		if (builds_on(acceptance, later))
			refuse(acceptance, psprintf("A later version of the baseline has another state of %s %s.",
										object->kind->name, sd_display(object->identity, false)));
	}
}

/* What stays must not need what goes, nor what comes back something that is not back yet. */
static void
refuse_if_needed(const Acceptance *acceptance, const SdSnapshot *without)
{
	int			i;

	for (i = 0; i < without->nobjects; i++)
	{
		const SdObject *object = without->objects[i];
		ListCell   *cell;

		foreach(cell, object->depends)
		{
			const char *needed = ((SdDepend *) lfirst(cell))->key;

			if (sd_snapshot_find(without, needed) == NULL &&
				(sd_snapshot_find(acceptance->now, needed) || sd_snapshot_find(acceptance->before_it, needed)))
				refuse(acceptance, psprintf("%s %s in the baseline needs %s.", object->kind->name,
											sd_display(object->identity, false), sd_display(needed, false)));
		}
	}
}

static char *
undo_accept(const SdRows *decision, const char *reason)
{
	Acceptance	acceptance = {0};
	SdSnapshot *without;
	List	   *taken_back;
	int			version;

	acceptance.id = sd_rows_int(decision, 0, "id");
	acceptance.object_type = sd_rows_value(decision, 0, "object_type");
	acceptance.object = sd_rows_value(decision, 0, "object");
	acceptance.attribute = sd_rows_value(decision, 0, "attribute");

	if (sd_rows_value(decision, 0, "baseline_version") == NULL)
		refuse(&acceptance, "It made no version of the baseline.");

	/* what deploys did until now goes into the baseline before they excuse nothing any more */
	(void) sd_watch_run();
	load_versions(&acceptance, (int) sd_rows_int(decision, 0, "baseline_version"));
	refuse_if_built_on(&acceptance);
	taken_back = sd_check_find(sd_diff(acceptance.now, acceptance.before_it), acceptance.object_type,
							   acceptance.object, acceptance.attribute, true);
	if (taken_back == NIL)
		refuse(&acceptance, "The baseline has the earlier form already.");
	without = sd_merge(acceptance.now, acceptance.before_it, taken_back, CurrentMemoryContext);
	refuse_if_needed(&acceptance, without);
	version = sd_baseline_save(SD_DEFAULT_BASELINE, without,
							   reason ? reason : psprintf("decision " INT64_FORMAT " taken back", acceptance.id),
							   0, Min(acceptance.before->event_horizon, acceptance.latest->event_horizon));
	sd_baseline_settle(SD_DEFAULT_BASELINE, version, sd_event_last_id());
	return psprintf("%s %s%s%s is as it was before in version %d of the baseline.", acceptance.object_type,
					sd_display(acceptance.object, false), acceptance.attribute ? ": " : "",
					acceptance.attribute ? acceptance.attribute : "", version);
}

static char *
undo_ignore(const SdRows *decision)
{
	int64		rule = sd_rows_int(decision, 0, "rule_id");
	SdRows	   *row = sd_ignore_one(rule);

	if (row->nrows == 0 || !sd_rows_bool(row, 0, "is_active") || !sd_ignore_remove(rule))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("ignore rule " INT64_FORMAT " hides nothing any more", rule)));
	return psprintf("Ignore rule " INT64_FORMAT " is removed.", rule);
}

static char *
undo_silence(const SdRows *decision, bool is_snooze)
{
	int64		id = sd_rows_int(decision, 0, "drift_id");

	(void) sd_decide_standing(id);
	if (is_snooze)
		sd_drift_snooze(id, "now");
	else
		sd_drift_unacknowledge(id);
	return psprintf("Drift " INT64_FORMAT " is told again.", id);
}

/* The decision, if it is one that can be taken back still. */
static SdRows *
one_to_undo(int64 id)
{
	SdRows	   *decision = sd_decision_one(id);

	if (decision->nrows == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("there is no decision " INT64_FORMAT, id),
				 errhint("SELECT * FROM drift_decisions() lists them.")));
	if (sd_rows_value(decision, 0, "undone_by"))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("decision " INT64_FORMAT " was taken back already", id),
				 errdetail("Decision %s did.", sd_rows_value(decision, 0, "undone_by"))));
	return decision;
}

char *
sd_undo(int64 decision_id, const char *reason)
{
	SdDecision	undo = {.action = SD_DECIDED_UNDO, .reason = reason, .undoes = decision_id};
	SdRows	   *decision;
	const char *action;
	char	   *outcome = NULL;

	sd_check_take_turn();
	decision = one_to_undo(decision_id);
	action = sd_rows_value(decision, 0, "action");
	if (strcmp(action, SD_DECIDED_ACCEPT) == 0)
		outcome = undo_accept(decision, reason);
	else if (strcmp(action, SD_DECIDED_IGNORE) == 0)
		outcome = undo_ignore(decision);
	else if (strcmp(action, SD_DECIDED_ACKNOWLEDGE) == 0 || strcmp(action, SD_DECIDED_SNOOZE) == 0)
		outcome = undo_silence(decision, strcmp(action, SD_DECIDED_SNOOZE) == 0);
	else
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("decision " INT64_FORMAT " is of kind \"%s\", which cannot be taken back", decision_id, action),
				 errhint("accept, ignore, acknowledge and snooze can be;"
						 " drift_baseline_rollback() goes back to an older baseline.")));
	undo.drift_id = sd_rows_int(decision, 0, "drift_id");
	undo.rule_id = sd_rows_int(decision, 0, "rule_id");
	undo.object = sd_rows_value(decision, 0, "object");
	(void) sd_decision_record(&undo);
	(void) sd_watch_run();
	return outcome;
}
