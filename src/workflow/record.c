/*
 * record.c
 *	  What is left of a check becomes drift: one row for one difference.
 */
#include "postgres.h"

#include "base/json.h"
#include "compare/diff.h"
#include "store/arming.h"
#include "store/drift.h"
#include "workflow/attribute.h"
#include "workflow/hide.h"
#include "workflow/record.h"
#include "workflow/selfcheck.h"

/* One difference that is left, and the event that made it (NULL = none known). */
typedef struct Finding
{
	SdItem	   *item;
	const SdEvent *event;
} Finding;

static List *
add_finding(List *findings, SdItem *item, const SdEvent *event)
{
	Finding    *finding = palloc(sizeof(Finding));

	finding->item = item;
	finding->event = event;
	return lappend(findings, finding);
}

/* What differs and was not expected, with its author. */
static List *
find_differences(const SdCheck *check, bool watched)
{
	List	   *findings = NIL;
	ListCell   *cell;

	foreach(cell, check->changes ? sd_diff_items(check->baseline, check->live, check->changes) : NIL)
	{
		SdItem	   *item = lfirst(cell);
		const SdEvent *event = sd_attribute(check->attributor, item->source, item->property).event;

		if (watched || event)
			sd_attribute_item(item, event);
		findings = add_finding(findings, item, event);
	}
	return findings;
}

/* What is wrong with the watch itself. */
static List *
find_self(const SdCheck *check, List *findings)
{
	SdItem	   *capture = sd_selfcheck_capture();
	const SdEvent *event;

	if (capture == NULL)
		return findings;
	event = sd_selfcheck_event(check);
	if (event)
		sd_attribute_item(capture, event);
	return add_finding(findings, capture, event);
}

bool
sd_record(const SdCheck *check, int *nopen)
{
	bool		watched = sd_arming_is_watching();
	List	   *findings = find_differences(check, watched);
	List	   *rules;
	StringInfoData ids;
	ListCell   *cell;
	bool		news = false;

	if (watched)
		findings = find_self(check, findings);
	rules = findings ? sd_hide_rules() : NIL;
	initStringInfo(&ids);
	sd_json_begin(&ids, '[');
	*nopen = 0;
	foreach(cell, findings)
	{
		const Finding *finding = lfirst(cell);
		bool		is_news;
		int64		id;

		sd_hide(rules, finding->item);
		id = sd_drift_record(finding->item, finding->event ? finding->event->id : 0, &is_news);
		*nopen += finding->item->rule_id == 0;
		sd_json_raw(&ids, psprintf(INT64_FORMAT, id));
		news = news || is_news;
	}
	sd_json_end(&ids, ']');
	sd_drift_close_others(ids.data);
	return news;
}
