/*
 * watch.c
 *	  The watch workflow: live against its baseline, into drift and incidents.
 *
 * Events are read after the snapshot, so a change in it never lacks its event
 * only because that came later; their horizon is taken before it, so that no
 * event is passed over.  One check at a time: two would number one drift twice.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "base/error.h"
#include "base/json.h"
#include "base/lock.h"
#include "base/settings.h"
#include "base/text.h"
#include "capture/arm.h"
#include "compare/collect.h"
#include "compare/diff.h"
#include "compare/merge.h"
#include "compare/plan.h"
#include "kind/aspects.h"
#include "kind/kind.h"
#include "store/arming.h"
#include "store/baseline.h"
#include "store/baseline_read.h"
#include "store/drift.h"
#include "store/event.h"
#include "workflow/attribute.h"
#include "workflow/incident.h"
#include "workflow/recall.h"
#include "workflow/side.h"
#include "workflow/watch.h"

/* Items named in a message about a deploy. */
#define SD_TOLD_ITEMS 20

/* One check, from snapshot to messages. */
typedef struct Check
{
	SdBaseline *stored;
	SdSnapshot *baseline;
	SdSnapshot *live;
	List	   *changes;
	SdAttributor *attributor;
	int64		horizon;		/* events up to here are decided */
	int64		settled;		/* deploys up to here excuse nothing any more */
} Check;

/*
 * A transaction that looks at one fixed snapshot cannot see what the check
 * before it recorded, and would compare catalogs of then with definitions of
 * now; a wrong alarm would come of either.
 */
static void
take_turn(void)
{
	LOCKTAG		tag;

	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("a check cannot run in a transaction with isolation level %s",
						GetConfigOption("transaction_isolation", false, false)),
				 errhint("Use BEGIN ISOLATION LEVEL READ COMMITTED, or drift_diff('baseline', 'live'),"
						 " which records nothing.")));
	sd_lock_tag(&tag, SD_LOCK_CHECK);
	(void) LockAcquire(&tag, ExclusiveLock, false, false);
}

static void
find_changes_between(Check *check)
{
	check->changes = sd_diff(check->baseline, check->live);
	check->attributor = sd_attributor_create(sd_event_load_since(check->stored->event_horizon),
											 check->baseline, check->live, check->changes);
}

static void
read_sides(Check *check, SdBaseline *stored)
{
	check->stored = stored;
	check->horizon = sd_event_last_id();
	check->settled = sd_baseline_settled(stored->name);
	check->live = sd_side_snapshot_unless("live", stored->fingerprint, CurrentMemoryContext);
	check->baseline = NULL;
	check->changes = NIL;
	if (strcmp(check->live->fingerprint, stored->fingerprint) == 0 &&
		strcmp(check->live->local_fingerprint, stored->local_fingerprint) == 0 &&
		!check->live->inexact)
		return;
	check->baseline = sd_baseline_load_beside(stored, check->live, CurrentMemoryContext);
	find_changes_between(check);
}

/* Which event explains it, and is that a deploy which still counts? */
static SdAttribution
attribute(const Check *check, const SdChange *change, int property)
{
	SdAttribution attribution = sd_attribute(check->attributor, change, property);

	if (attribution.expected && attribution.event->id <= check->settled)
		attribution.expected = false;
	return attribution;
}

static SdAccepted *
make_accepted(const SdChange *change, int property)
{
	SdAccepted *accepted = palloc(sizeof(SdAccepted));

	accepted->change = change;
	accepted->property = property;
	accepted->left_out = false;
	return accepted;
}

/* The changes of which anything was absorbed, each once. */
static List *
changes_of(List *absorbed)
{
	List	   *changes = NIL;
	ListCell   *cell;

	foreach(cell, absorbed)
	{
		const SdChange *change = ((SdAccepted *) lfirst(cell))->change;

		/* properties of one change stand together */
		if (changes == NIL || llast(changes) != change)
			changes = lappend(changes, unconstify(SdChange *, change));
	}
	return changes;
}

/* What went into the baseline, as the items of a message. */
static char *
absorbed_items(List *changes)
{
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	sd_json_begin(&buf, '[');
	foreach(cell, changes)
	{
		const SdChange *change = lfirst(cell);
		const SdObject *object = change->to ? change->to : change->from;

		if (foreach_current_index(cell) >= SD_TOLD_ITEMS)
			break;
		sd_json_begin(&buf, '{');
		sd_json_field(&buf, "change", sd_change_name(change->what));
		sd_json_field(&buf, "object_type", object->kind->name);
		sd_json_field(&buf, "object", object->identity);
		sd_json_end(&buf, '}');
	}
	sd_json_end(&buf, ']');
	return buf.data;
}

/* Add what of a change is expected, property by property. */
static List *
absorb_change(const Check *check, List *absorbed, const SdChange *change, const SdEvent **last)
{
	int			property = change->what == SD_CHANGE_CHANGED ?
		bms_next_member(change->properties, -1) : -1;

	if (change->folded)
		return absorbed;
	do
	{
		SdAttribution attribution = attribute(check, change, property);

		if (attribution.expected)
		{
			absorbed = lappend(absorbed, make_accepted(change, property));
			if (*last == NULL || attribution.event->id > (*last)->id)
				*last = attribution.event;
		}
		if (property >= 0)
			property = bms_next_member(change->properties, property);
	} while (property >= 0);
	return absorbed;
}

/* All that is expected, and the last event that says so. */
static List *
expected_changes(const Check *check, const SdEvent **last)
{
	List	   *expected = NIL;
	ListCell   *cell;

	foreach(cell, check->changes)
		expected = absorb_change(check, expected, lfirst(cell), last);
	return expected;
}

static List *
leave_out_if_unexpected(const Check *check, List *left_out, const SdChange *change, int property)
{
	const SdChange *cause = change->leader ? change->leader : change;
	SdAttribution attribution = attribute(check, cause, property);
	SdAccepted *accepted;

	if (attribution.event == NULL || attribution.expected)
		return left_out;
	accepted = make_accepted(change, property);
	accepted->left_out = true;
	return lappend(left_out, accepted);
}

/*
 * What somebody else did to the new things of a deploy: aspects that he set
 * and parts that he added.
 */
static List *
left_out(const Check *check)
{
	List	   *left_out = NIL;
	ListCell   *cell;
	int			i;

	foreach(cell, check->changes)
	{
		const SdChange *change = lfirst(cell);

		if (change->what != SD_CHANGE_ADDED)
			continue;
		for (i = 0; change->leader == NULL && i < change->to->kind->nproperties; i++)
			if (change->to->values[i] && sd_aspects_is(change->to->kind, i) &&
				strcmp(change->to->kind->properties[i].name, "owner") != 0)
				left_out = leave_out_if_unexpected(check, left_out, change, i);
		if (change->folded)
			left_out = leave_out_if_unexpected(check, left_out, change, -1);
	}
	return left_out;
}

/*
 * Put what recognised deploys explain into the baseline.  A folded part goes
 * with its whole and needs no event of its own.
 */
static void
absorb(Check *check)
{
	const SdEvent *last = NULL;
	List	   *absorbed = expected_changes(check, &last);
	SdSnapshot *merged;
	int			version;

	if (absorbed == NIL)
		return;
	merged = sd_merge(check->baseline, check->live, list_concat_copy(absorbed, left_out(check)),
					  CurrentMemoryContext);
	check->changes = sd_diff(merged, check->live);
	check->baseline = merged;

	/* events still needed to explain what is left stay below the horizon */
	version = sd_baseline_save(SD_DEFAULT_BASELINE, merged, psprintf("deploy %s", last->deploy),
							   last->deploy_id,
							   check->changes ? check->stored->event_horizon : check->horizon);
	sd_incident_tell_absorbed("watch", last->deploy, version, absorbed_items(changes_of(absorbed)),
							  list_length(changes_of(absorbed)));
}

/* The last command about event triggers, for who switched capture off. */
static const SdEvent *
last_trigger_event(const Check *check)
{
	const SdEvent *last = NULL;
	ListCell   *cell;

	foreach(cell, sd_event_load_since(check->stored->event_horizon))
	{
		const SdEvent *event = lfirst(cell);

		if (strstr(event->tag, "EVENT TRIGGER") || strcmp(event->tag, "DROP FUNCTION") == 0)
			last = event;
	}
	return last;
}

/*
 * Capture that is meant to be on and is not is a drift of its own, whoever
 * switched it off and during whatever deploy: what happens meanwhile would
 * have no author.
 */
static SdItem *
capture_item(void)
{
	char	   *problem = sd_capture_problem();
	SdItem	   *item;

	if (problem == NULL)
		return NULL;
	item = palloc0(sizeof(SdItem));
	item->change = SD_CHANGE_CHANGED;
	item->class = SD_CLASS_SECURITY;
	item->severity = SD_SEVERITY_CRITICAL;
	item->object_type = SD_CAPTURE_DRIFT;
	item->object = "schemadrift";
	item->property = -1;
	item->expected = "DDL is captured";
	item->actual = problem;
	return item;
}

/* Store one open drift and note its id; true when it is new or changed. */
static bool
record_item(StringInfo ids, const SdItem *item, const SdEvent *event)
{
	bool		news;
	int64		id = sd_drift_record(item, event ? event->id : 0, &news);

	sd_json_raw(ids, psprintf(INT64_FORMAT, id));
	return news;
}

/* Record what is left as drift; true when any is new or changed. */
static bool
record(Check *check, int *nopen)
{
	bool		watched = sd_arming_is_watching();
	SdItem	   *capture = watched ? capture_item() : NULL;
	StringInfoData ids;
	ListCell   *cell;
	bool		news = false;

	*nopen = 0;
	initStringInfo(&ids);
	sd_json_begin(&ids, '[');
	foreach(cell, check->changes ? sd_diff_items(check->baseline, check->live, check->changes) : NIL)
	{
		SdItem	   *item = lfirst(cell);
		SdAttribution attribution = sd_attribute(check->attributor, item->source, item->property);

		if (watched || attribution.event)
			sd_attribute_item(item, attribution.event);
		news = record_item(&ids, item, attribution.event) || news;
		(*nopen)++;
	}
	if (capture)
	{
		const SdEvent *event = last_trigger_event(check);

		if (event)
			sd_attribute_item(capture, event);
		news = record_item(&ids, capture, event) || news;
		(*nopen)++;
	}
	sd_json_end(&ids, ']');
	sd_drift_close_others(ids.data);
	return news;
}

static char *
revert_sql(const Check *check)
{
	if (check->changes == NIL)
		return NULL;
	return sd_plan_script(sd_plan(check->live, check->baseline,
								  sd_diff(check->live, check->baseline)));
}

/* In the present canonical form, and of this database? */
static bool
is_of_here(const SdBaseline *stored)
{
	return stored->form >= SD_FORM && stored->database && strcmp(stored->database, sd_this_database()) == 0;
}

/*
 * A baseline of an older canonical form gets a version in the present one, so
 * that an upgrade of the library is no alarm: what the old form did not have
 * is taken as it is.  What it had is compared as ever.  The same for one that
 * a dump, or pg_upgrade, brought from another database, whose settings and
 * privileges on the database itself may not have come along; and for roles
 * where schemadrift.roles was turned on after it was taken.
 */
static SdBaseline *
reseal(SdBaseline *stored)
{
	bool		of_here = is_of_here(stored);
	SdSnapshot *live;
	SdSnapshot *resealed;

	if (of_here && (!sd_roles || sd_baseline_has_roles(stored)))
		return stored;
	live = sd_side_snapshot("live", CurrentMemoryContext);
	resealed = sd_reseal(sd_baseline_load(stored, CurrentMemoryContext), live, CurrentMemoryContext);
	sd_baseline_save(stored->name, resealed,
					 stored->form < SD_FORM ?
					 psprintf("canonical form %d instead of %d", SD_FORM, stored->form) :
					 of_here ? "roles are watched from here on" : "came from another database",
					 0, stored->event_horizon);
	return sd_baseline_latest(stored->name);
}

/* Record what the comparison found; how many drifts are open. */
static int
conclude(Check *check)
{
	bool		news;
	int			nopen;

	if (check->changes == NIL && check->horizon > check->stored->event_horizon)
		sd_baseline_advance(sd_baseline_latest(SD_DEFAULT_BASELINE), check->horizon);
	news = record(check, &nopen);
	sd_incident_update("watch", news, news ? revert_sql(check) : NULL);
	return nopen;
}

/* Everything compared with everything. */
static int
run_full(Check *check)
{
	read_sides(check, reseal(sd_baseline_latest(SD_DEFAULT_BASELINE)));
	absorb(check);
	return conclude(check);
}

/*
 * Only what may differ compared; false when everything has to be, as for a new
 * version of the baseline.
 */
static bool
run_part(Check *check, SdRecall *recall, int *nopen)
{
	const SdEvent *last = NULL;

	if (!is_of_here(recall->state->baseline))
		return false;
	check->stored = recall->state->baseline;
	check->horizon = recall->horizon;
	check->settled = sd_baseline_settled(check->stored->name);
	if (!sd_recall_sides(recall, &check->baseline, &check->live))
		return false;
	find_changes_between(check);
	if (!sd_recall_suffices(check->baseline, check->changes) || expected_changes(check, &last) != NIL)
	{
		recall->reached = NULL;
		return false;
	}
	*nopen = conclude(check);
	return true;
}

/* What was captured meanwhile is taken into account, if nothing came of it. */
static void
advance_quietly(const SdRecall *recall)
{
	const SdCheckState *state = recall->state;

	if (state->nopen > 0 || state->last_event == 0)
		return;
	if (recall->horizon > state->baseline->event_horizon)
		sd_baseline_advance(state->baseline, recall->horizon);
}

/* How many drifts are open; -1 without a baseline. */
static int
run(Check *check, bool want_everything)
{
	SdRecall   *recall = sd_recall();
	int			nopen;

	if (recall == NULL)
		return -1;
	if (!want_everything && sd_recall_stands(recall))
	{
		advance_quietly(recall);
		return recall->state->nopen;
	}
	if (want_everything || !run_part(check, recall, &nopen))
		nopen = run_full(check);
	sd_recall_save(recall, check->baseline, check->live, check->changes);
	return nopen;
}

int
sd_watch_run(void)
{
	Check		check = {0};

	take_turn();
	return run(&check, false);
}

int
sd_watch_rollback(const char *name, int version, const char *reason)
{
	SdBaseline *latest = sd_baseline_latest(name);
	int			to = version ? version : latest ? latest->version - 1 : 0;
	int			stored;

	if (latest == NULL || (version == 0 && to == 0) || sd_baseline_version(name, to) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SD_NO_BASELINE),
				 latest == NULL ? errmsg("there is no baseline \"%s\"", sd_display(name, false)) :
				 version == 0 ? errmsg("baseline \"%s\" has no version before its first", name) :
				 errmsg("baseline \"%s\" has no version %d", name, to),
				 errhint("SELECT * FROM drift_baselines() lists the versions there are.")));
	stored = sd_watch_set_baseline(name, reason ? reason : psprintf("back to version %d", to),
								   psprintf("baseline:%s@%d", name, to));
	sd_baseline_settle(name, stored, sd_event_last_id());
	return stored;
}

int
sd_watch_import(const char *name, const char *reason, SdSnapshot *snapshot)
{
	int			stored;

	/* what differs from it may be as old as anything that is remembered */
	take_turn();
	stored = sd_baseline_save(name, snapshot, reason, 0, 0);
	sd_baseline_settle(name, stored, sd_event_last_id());
	return stored;
}

int
sd_watch_set_baseline(const char *name, const char *reason, const char *side)
{
	int64		horizon;
	int			version;

	take_turn();
	horizon = strcmp(side, "live") == 0 ? sd_event_last_id() : sd_side_event_horizon(side, name);
	version = sd_baseline_save(name, sd_side_snapshot(side, CurrentMemoryContext), reason, 0, horizon);
	if (strcmp(name, SD_DEFAULT_BASELINE) == 0 && strcmp(side, "live") == 0)
	{
		sd_drift_accept(0, GetUserNameFromId(GetSessionUserId(), false), reason);
		sd_incident_update("watch", false, NULL);
	}
	return version;
}

/* -- accepting ----------------------------------------------------------- */

static bool
is_about(const SdChange *change, const char *object_type, const char *object)
{
	const SdObject *subject = change->to ? change->to : change->from;

	return strcmp(subject->kind->name, object_type) == 0 && strcmp(subject->identity, object) == 0;
}

/*
 * The changes that a recorded drift is about, as SdAccepted: one, or two where
 * a part moved to another whole.
 */
static List *
find_changes(List *changes, const char *object_type, const char *object, const char *attribute)
{
	bool		is_rename = attribute && strcmp(attribute, SD_RENAMED_ATTRIBUTE) == 0;
	List	   *found = NIL;
	ListCell   *cell;

	foreach(cell, changes)
	{
		const SdChange *change = lfirst(cell);
		int			property = -1;

		if (!is_about(change, object_type, object))
			continue;
		if (is_rename != (change->what == SD_CHANGE_RENAMED) ||
			(attribute == NULL) != (change->what < SD_CHANGE_CHANGED))
			continue;
		if (change->what == SD_CHANGE_CHANGED)
		{
			property = sd_kind_property(change->to->kind, attribute);
			if (property < 0 || !bms_is_member(property, change->properties))
				continue;
		}
		found = lappend(found, make_accepted(change, property));
	}
	return found;
}

static List *
accepted_of(const Check *check, const SdRows *drifts)
{
	List	   *accepted = NIL;
	int			r;

	for (r = 0; r < drifts->nrows; r++)
		accepted = list_concat(accepted,
							   find_changes(check->changes, sd_rows_value(drifts, r, "object_type"),
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
sd_watch_accept(int64 id, const char *reason)
{
	Check		check = {0};
	List	   *accepted;
	SdSnapshot *merged;
	SdRows	   *before;
	SdRows	   *drifts;

	/* what is accepted is what is there now, so look again first */
	take_turn();
	before = sd_drift_one(id);
	(void) run(&check, true);
	drifts = id ? one_to_accept(id, before) : sd_drift_open();
	accepted = check.changes ? accepted_of(&check, drifts) : NIL;
	if (accepted == NIL && id && strcmp(sd_rows_value(drifts, 0, "object_type"), SD_CAPTURE_DRIFT) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("capture that is off cannot be accepted"),
				 errhint("drift_watch() mends it; drift_unwatch() stops watching.")));
	if (accepted == NIL && id)
		elog(ERROR, "drift " INT64_FORMAT " is open but nothing differs", id);
	if (accepted == NIL)
		return 0;
	merged = sd_merge(check.baseline, check.live, accepted, CurrentMemoryContext);
	sd_baseline_save(SD_DEFAULT_BASELINE, merged, reason, 0,
					 sd_snapshot_equal(merged, check.live) ?
					 check.horizon : check.stored->event_horizon);
	sd_drift_accept(id, GetUserNameFromId(GetSessionUserId(), false), reason);
	sd_incident_update("watch", false, NULL);
	return drifts->nrows;
}

char *
sd_watch_revert_sql(const char *object_type, const char *object, const char *attribute, bool *loses_data)
{
	SdPlan	   *plan;
	ListCell   *cell;

	Check		check = {0};
	List	   *of_drift;
	SdSnapshot *without;

	read_sides(&check, sd_side_default_baseline());
	of_drift = find_changes(check.changes, object_type, object, attribute);
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
