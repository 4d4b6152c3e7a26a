/*
 * absorb.c
 *	  What is expected goes into the baseline.
 *
 * Where DDL is captured, its events say which deploy a change belongs to.
 * Where it is not, nobody can tell who changed what, so an open deploy of the
 * whole database takes in all that differs and was not told as drift before.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/timestamp.h"

#include "base/json.h"
#include "capture/arm.h"
#include "capture/window.h"
#include "compare/diff.h"
#include "kind/kind.h"
#include "store/arming.h"
#include "store/baseline.h"
#include "store/deploy.h"
#include "store/drift.h"
#include "workflow/absorb.h"
#include "workflow/incident.h"

/* Items named in a message about a deploy. */
#define SD_TOLD_ITEMS 20

/* Which event explains it, and is that a deploy which still counts? */
static SdAttribution
attribute(const SdCheck *check, const SdChange *change, int property)
{
	SdAttribution attribution = sd_attribute(check->attributor, change, property);

	if (attribution.expected && attribution.event->id <= check->settled)
		attribution.expected = false;
	return attribution;
}

SdAccepted *
sd_absorb_accepted(const SdChange *change, int property)
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

static void
add_deploy(SdExpected *expected, int64 id)
{
	ListCell   *cell;
	int64	   *copy;

	foreach(cell, expected->deploys)
		if (*(int64 *) lfirst(cell) == id)
			return;
	copy = palloc(sizeof(int64));
	*copy = id;
	expected->deploys = lappend(expected->deploys, copy);
}

static void
add_explained(SdExpected *expected, const SdEvent *event)
{
	if (event->deploy_id)
		add_deploy(expected, event->deploy_id);
	if (event->id <= expected->last)
		return;
	expected->last = event->id;
	expected->label = event->deploy;
	expected->deploy_id = event->deploy_id;
}

/* What was found as drift, hidden or not, as SdAccepted: it was there before. */
static List *
told_before(const SdCheck *check)
{
	SdRows	   *drifts = sd_drift_standing();
	List	   *told = NIL;
	int			r;

	for (r = 0; r < drifts->nrows; r++)
		told = list_concat(told, sd_check_find(check->changes, sd_rows_value(drifts, r, "object_type"),
											   sd_rows_value(drifts, r, "object"),
											   sd_rows_value(drifts, r, "attribute"), false));
	return told;
}

/* A deploy that takes in all that differs, because nobody can tell whose it is. */
typedef struct Simple
{
	bool		holds;
	List	   *told;			/* before it, as SdAccepted */
} Simple;

static Simple
simple_rule(const SdCheck *check, SdExpected *expected)
{
	Simple		simple = {false, NIL};
	SdRows	   *deploy;

	if (check->changes == NIL || sd_arming_is_watching() || sd_capture_is_armed())
		return simple;
	deploy = sd_deploy_of_database();
	if (deploy->nrows == 0 ||
		sd_window_is_open(SD_WINDOW_DENY, get_role_oid(sd_rows_value(deploy, 0, "opened_by"), true),
						  GetCurrentTimestamp(), NULL))
		return simple;
	simple.holds = true;
	simple.told = told_before(check);
	expected->label = sd_rows_value(deploy, 0, "label");
	expected->deploy_id = sd_rows_int(deploy, 0, "id");
	return simple;
}

static bool
is_covered(const Simple *simple, const SdChange *change, int property)
{
	ListCell   *cell;

	foreach(cell, simple->told)
	{
		const SdAccepted *told = lfirst(cell);

		if (told->change == change && told->property == property)
			return false;
	}
	return simple->holds;
}

/* Add what of a change is expected, property by property. */
static void
absorb_change(const SdCheck *check, SdExpected *expected, const Simple *simple, const SdChange *change)
{
	int			property = change->what == SD_CHANGE_CHANGED ?
		bms_next_member(change->properties, -1) : -1;

	if (change->folded)
		return;
	do
	{
		SdAttribution attribution = attribute(check, change, property);

		if (attribution.expected || (attribution.event == NULL && is_covered(simple, change, property)))
			expected->accepted = lappend(expected->accepted, sd_absorb_accepted(change, property));
		if (attribution.expected)
			add_explained(expected, attribution.event);
		if (property >= 0)
			property = bms_next_member(change->properties, property);
	} while (property >= 0);
}

SdExpected
sd_absorb_expected(const SdCheck *check)
{
	SdExpected	expected = {NIL};
	Simple		simple = simple_rule(check, &expected);
	ListCell   *cell;

	if (simple.holds)
		add_deploy(&expected, expected.deploy_id);
	foreach(cell, check->changes)
		absorb_change(check, &expected, &simple, lfirst(cell));
	return expected;
}

static List *
leave_out_if_unexpected(const SdCheck *check, List *left_out, const SdChange *change, int property)
{
	const SdChange *cause = change->leader ? change->leader : change;
	SdAttribution attribution = attribute(check, cause, property);
	SdAccepted *accepted;

	if (attribution.event == NULL || attribution.expected)
		return left_out;
	accepted = sd_absorb_accepted(change, property);
	accepted->left_out = true;
	return lappend(left_out, accepted);
}

/* May a new object be without it in the baseline? */
static bool
can_be_left_out(const SdProperty *property)
{
	return !(property->flags & SD_P_DETAIL) && strcmp(property->name, "owner") != 0 &&
		strcmp(property->name, "column_order") != 0;
}

/*
 * What somebody else did to the new things of a deploy: properties that he set
 * and parts that he added.
 */
static List *
left_out(const SdCheck *check)
{
	List	   *left_out = NIL;
	ListCell   *cell;
	int			i;

	foreach(cell, check->changes)
	{
		const SdChange *change = lfirst(cell);

		if (change->what != SD_CHANGE_ADDED ||
			!sd_attribute_is_disputed(check->attributor, change->leader ? change->leader : change))
			continue;
		for (i = 0; change->leader == NULL && i < change->to->kind->nproperties; i++)
			if (change->to->values[i] && can_be_left_out(&change->to->kind->properties[i]))
				left_out = leave_out_if_unexpected(check, left_out, change, i);
		if (change->folded)
			left_out = leave_out_if_unexpected(check, left_out, change, -1);
	}
	return left_out;
}

static char *
ids_as_json(List *ids)
{
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	sd_json_begin(&buf, '[');
	foreach(cell, ids)
		sd_json_raw(&buf, psprintf(INT64_FORMAT, *(int64 *) lfirst(cell)));
	sd_json_end(&buf, ']');
	return buf.data;
}

/*
 * Put what recognised deploys explain into the baseline.  A folded part goes
 * with its whole and needs no event of its own.
 */
void
sd_absorb(SdCheck *check)
{
	SdExpected	expected = sd_absorb_expected(check);
	List	   *changes = changes_of(expected.accepted);
	SdSnapshot *merged;
	int			version;

	if (expected.accepted == NIL)
		return;
	merged = sd_merge(check->baseline, check->live, list_concat(expected.accepted, left_out(check)),
					  CurrentMemoryContext);
	check->changes = sd_diff(merged, check->live);
	check->baseline = merged;

	/* events still needed to explain what is left stay below the horizon */
	version = sd_baseline_save(SD_DEFAULT_BASELINE, merged, psprintf("deploy %s", expected.label),
							   expected.deploy_id,
							   check->changes ? check->stored->event_horizon : check->horizon);
	if (expected.deploys)
		sd_deploy_absorbed(ids_as_json(expected.deploys), version);
	sd_incident_tell_absorbed("watch", expected.label, version, absorbed_items(changes),
							  list_length(changes));
}
