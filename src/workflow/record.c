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
#include "workflow/claims.h"
#include "workflow/grade.h"
#include "workflow/hide.h"
#include "workflow/record.h"
#include "workflow/selfcheck.h"

/* With its author, where one is known. */
static List *
add_finding(List *findings, SdItem *item, const SdEvent *event)
{
	item->event_id = event ? event->id : 0;
	return lappend(findings, item);
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
	ListCell   *cell;

	foreach(cell, sd_claims_find(check))
	{
		const SdClaim *claim = lfirst(cell);

		findings = add_finding(findings, claim->item, claim->event);
	}
	foreach(cell, sd_selfcheck(check))
	{
		const SdSelfFinding *found = lfirst(cell);

		findings = add_finding(findings, found->item, found->event);
	}
	return findings;
}

bool
sd_record(const SdCheck *check, int *nopen)
{
	bool		watched = sd_arming_is_watching();
	List	   *findings = find_differences(check, watched);
	SdKnownDrifts *known = sd_drift_known();
	List	   *rules;
	StringInfoData ids;
	ListCell   *cell;
	bool		news = false;

	if (watched)
		findings = find_self(check, findings);
	foreach(cell, findings)
		sd_drift_keep_author(known, lfirst(cell));
	sd_grade(findings, true);
	sd_grade_belongings(check, findings);
	rules = findings ? sd_hide_rules() : NIL;
	initStringInfo(&ids);
	sd_json_begin(&ids, '[');
	*nopen = 0;
	foreach(cell, findings)
	{
		SdItem	   *item = lfirst(cell);

		sd_hide(rules, item);
		news = sd_drift_record(known, item) || news;
		*nopen += item->rule_id == 0;
		sd_json_raw(&ids, psprintf(INT64_FORMAT, item->id));
	}
	sd_json_end(&ids, ']');
	sd_drift_set_causes(known, findings);
	sd_drift_close_others(ids.data);
	return news;
}
