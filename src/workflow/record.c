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
#include "workflow/noise.h"
#include "workflow/record.h"
#include "workflow/selfcheck.h"

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
		findings = lappend(findings, item);
	}
	return findings;
}

int
sd_record(const SdCheck *check)
{
	bool		watched = sd_arming_is_watching();
	List	   *findings = find_differences(check, watched);
	SdKnownDrifts *known = sd_drift_known();
	List	   *rules;
	StringInfoData ids;
	ListCell   *cell;
	int			nopen = 0;

	if (watched)
		findings = list_concat(list_concat(findings, sd_claims_find(check)),
							   sd_selfcheck(check->stored->event_horizon));
	foreach(cell, findings)
		sd_drift_keep_author(known, lfirst(cell));
	sd_grade(findings, true);
	sd_grade_belongings(check, findings);
	rules = findings ? sd_hide_rules() : NIL;
	initStringInfo(&ids);
	sd_json_begin(&ids, '[');
	foreach(cell, findings)
	{
		SdItem	   *item = lfirst(cell);

		sd_hide(rules, item);
		if (item->rule_id == 0)
			sd_noise_hide(check, known, item);
		sd_drift_record(known, item);
		nopen += item->rule_id == 0;
		sd_json_raw(&ids, psprintf(INT64_FORMAT, item->id));
	}
	sd_json_end(&ids, ']');
	sd_drift_set_causes(known, findings);
	sd_drift_close_others(ids.data);
	return nopen;
}
