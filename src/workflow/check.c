/*
 * check.c
 *	  One check: the stages that live and its baseline go through.
 *
 *		seal the log ─▶ read (all, or what may differ) ─▶ compare ─▶ absorb what is expected
 *		─▶ record what is not ─▶ history ─▶ incident
 *
 * Events are read after the snapshot, so a change in it never lacks its event
 * only because that came later; their horizon is taken before it, so that no
 * event is passed over.  One check at a time: two would number one drift twice.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/guc.h"

#include "base/compat.h"
#include "base/error.h"
#include "base/lock.h"
#include "base/settings.h"
#include "compare/collect.h"
#include "compare/diff.h"
#include "compare/merge.h"
#include "kind/kind.h"
#include "store/baseline.h"
#include "store/baseline_read.h"
#include "store/event.h"
#include "store/event_seal.h"
#include "store/incident.h"
#include "workflow/absorb.h"
#include "workflow/check.h"
#include "workflow/free.h"
#include "workflow/history.h"
#include "workflow/incident.h"
#include "workflow/noise.h"
#include "workflow/recall.h"
#include "workflow/record.h"
#include "workflow/side.h"
#include "workflow/tools.h"

/*
 * A transaction that looks at one fixed snapshot cannot see what the check
 * before it recorded, and would compare catalogs of then with definitions of
 * now; a wrong alarm would come of either.
 */
void
sd_check_take_turn(void)
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

bool
sd_check_try_turn(void)
{
	LOCKTAG		tag;

	sd_lock_tag(&tag, SD_LOCK_CHECK);
	return SD_LOCK_TRY(&tag, ExclusiveLock, false);
}

static void
compare(SdCheck *check)
{
	check->compared = check->baseline;
	check->seen = check->changes = sd_diff(check->baseline, check->live);
	if (check->may_write)
		sd_tools_recognise(check->stored->event_horizon);
	check->is_building = check->changes != NIL && sd_noise_is_building();
	check->attributor = sd_attributor_create(sd_event_load_since(check->stored->event_horizon),
											 check->baseline, check->live, check->changes);
}

void
sd_check_read(SdCheck *check, SdBaseline *stored)
{
	check->stored = stored;
	check->horizon = sd_event_last_id();
	check->settled = sd_baseline_settled(stored->name);
	check->live = sd_side_snapshot_unless("live", stored->fingerprint, CurrentMemoryContext);
	check->baseline = check->compared = NULL;
	check->changes = check->seen = NIL;
	check->is_part = false;
	if (strcmp(check->live->fingerprint, stored->fingerprint) == 0 &&
		strcmp(check->live->local_fingerprint, stored->local_fingerprint) == 0 &&
		!check->live->inexact)
		return;
	check->baseline = sd_baseline_load_beside(stored, check->live, CurrentMemoryContext);
	compare(check);
}

/* A drift bears the name that live has, or had. */
static bool
is_about(const SdChange *change, const char *object_type, const char *object, bool backwards)
{
	const SdObject *live = backwards ? change->from : change->to;
	const SdObject *subject = live ? live : backwards ? change->to : change->from;

	return strcmp(subject->kind->name, object_type) == 0 && strcmp(subject->identity, object) == 0;
}

List *
sd_check_find(List *changes, const char *object_type, const char *object, const char *attribute,
			  bool backwards)
{
	bool		is_rename = attribute && strcmp(attribute, SD_RENAMED_ATTRIBUTE) == 0;
	List	   *found = NIL;
	ListCell   *cell;

	foreach(cell, changes)
	{
		const SdChange *change = lfirst(cell);
		int			property = -1;

		if (!is_about(change, object_type, object, backwards))
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
		found = lappend(found, sd_absorb_accepted(change, property));
	}
	return found;
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
conclude(SdCheck *check)
{
	int			nopen;

	if (check->changes == NIL && check->horizon > check->stored->event_horizon)
		sd_baseline_advance(sd_baseline_latest(SD_DEFAULT_BASELINE), check->horizon);
	nopen = sd_record(check);
	sd_history_observe(check);
	sd_incident_tell("watch", check);
	return nopen;
}

/* Everything compared with everything. */
static int
run_full(SdCheck *check)
{
	sd_check_read(check, reseal(sd_baseline_latest(SD_DEFAULT_BASELINE)));
	sd_free_absorb(check);
	sd_absorb(check);
	return conclude(check);
}

/*
 * Only what may differ compared; false when everything has to be, as for a new
 * version of the baseline.
 */
static bool
run_part(SdCheck *check, SdRecall *recall, int *nopen)
{
	if (!is_of_here(recall->state->baseline))
		return false;
	check->stored = recall->state->baseline;
	check->horizon = recall->horizon;
	check->settled = sd_baseline_settled(check->stored->name);
	if (!sd_history_goes_on(check) || !sd_recall_sides(recall, &check->baseline, &check->live))
		return false;
	check->is_part = true;
	check->keys = recall->keys;
	compare(check);
	if (!sd_recall_suffices(check->baseline, check->changes) || sd_free_concerns(check) ||
		sd_absorb_expected(check).accepted != NIL)
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

	if (state->nstanding > 0 || state->last_event == 0)
		return;
	if (recall->horizon > state->baseline->event_horizon)
		sd_baseline_advance(state->baseline, recall->horizon);
}

/* How many drifts are open; -1 without a baseline. */
int
sd_check_run(SdCheck *check, bool want_everything)
{
	SdRecall   *recall = sd_recall();
	int			nopen;

	check->may_write = true;
	if (recall == NULL)
		return -1;
	if (recall->state->is_unsealed)
		sd_event_seal();
	if (!want_everything && !sd_incident_is_due() && sd_recall_stands(recall))
	{
		advance_quietly(recall);
		return recall->state->nopen;
	}
	if (want_everything || !run_part(check, recall, &nopen))
		nopen = run_full(check);
	sd_recall_save(recall, check->baseline, check->live, check->changes);
	return nopen;
}
