/*
 * absorb.c
 *	  What is expected goes into the baseline.
 */
#include "postgres.h"

#include "base/json.h"
#include "compare/diff.h"
#include "kind/aspects.h"
#include "kind/kind.h"
#include "store/baseline.h"
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

/* Add what of a change is expected, property by property. */
static List *
absorb_change(const SdCheck *check, List *absorbed, const SdChange *change, const SdEvent **last)
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
			absorbed = lappend(absorbed, sd_absorb_accepted(change, property));
			if (*last == NULL || attribution.event->id > (*last)->id)
				*last = attribution.event;
		}
		if (property >= 0)
			property = bms_next_member(change->properties, property);
	} while (property >= 0);
	return absorbed;
}

/* All that is expected, and the last event that says so. */
List *
sd_absorb_expected(const SdCheck *check, const SdEvent **last)
{
	List	   *expected = NIL;
	ListCell   *cell;

	foreach(cell, check->changes)
		expected = absorb_change(check, expected, lfirst(cell), last);
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

/*
 * What somebody else did to the new things of a deploy: aspects that he set
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
void
sd_absorb(SdCheck *check)
{
	const SdEvent *last = NULL;
	List	   *absorbed = sd_absorb_expected(check, &last);
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
