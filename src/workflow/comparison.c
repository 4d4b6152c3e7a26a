/*
 * comparison.c
 *	  Two sides compared.
 *
 * Events explain only what happened in this database since its baseline, and the
 * history what was seen to change between two times, so only these comparisons
 * name people, and only the first has the numbers of recorded drifts; and where
 * nobody watches, a difference without an event means nothing.
 */
#include "postgres.h"

#include "compare/diff.h"
#include "store/arming.h"
#include "store/drift.h"
#include "store/event.h"
#include "workflow/asof.h"
#include "workflow/attribute.h"
#include "workflow/comparison.h"
#include "workflow/past.h"
#include "workflow/grade.h"
#include "workflow/hide.h"
#include "workflow/side.h"

static void
attribute_items(SdComparison *comparison)
{
	int64		horizon = sd_side_default_baseline()->event_horizon;
	bool		watched = sd_arming_is_watching();
	SdAttributor *attributor = sd_attributor_create(sd_event_load_since(horizon), comparison->from,
													comparison->to, comparison->changes);
	ListCell   *cell;

	foreach(cell, comparison->items)
	{
		SdItem	   *item = lfirst(cell);
		const SdEvent *event = sd_attribute(attributor, item->source, item->property).event;

		if (watched || event)
			sd_attribute_item(item, event);
	}
}

/* By the rules that count now, not those of the last check. */
static void
hide_items(List *items)
{
	List	   *rules = sd_hide_rules();
	ListCell   *cell;

	foreach(cell, items)
	{
		SdItem	   *item = lfirst(cell);

		sd_hide(rules, item);
		if (item->rule_id == 0 && item->state && strcmp(item->state, "ignored") == 0)
			item->state = "open";
	}
}

SdComparison *
sd_compare_sides(const char *from, const char *to, bool only_differences)
{
	SdComparison *comparison = palloc(sizeof(SdComparison));

	comparison->from_name = from;
	comparison->to_name = to;
	sd_side_snapshots(from, to, only_differences, &comparison->from, &comparison->to, CurrentMemoryContext);
	comparison->changes = sd_diff(comparison->from, comparison->to);
	comparison->items = sd_diff_items(comparison->from, comparison->to, comparison->changes);
	if (comparison->items && sd_asof_is(from) && (sd_asof_is(to) || strcmp(to, "live") == 0))
		sd_past_attribute(comparison->items, sd_asof_find(from)->seen_at,
						  sd_asof_is(to) ? sd_asof_find(to)->seen_at : NULL);
	if (comparison->items && strcmp(from, "baseline") == 0 && strcmp(to, "live") == 0)
	{
		attribute_items(comparison);
		sd_drift_identify(comparison->items);
		sd_grade(comparison->items, true);
		hide_items(comparison->items);
	}
	else
		sd_grade(comparison->items, strcmp(to, "live") == 0);
	return comparison;
}
