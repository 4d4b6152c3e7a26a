/*
 * hide.c
 *	  What somebody decided is not to be told.
 *
 * A stored rule may be of another version of the library, which a dump and
 * restore carries here: where it is no pattern any more it hides nothing,
 * which is found out, rather than failing every check.
 */
#include "postgres.h"

#include "base/rows.h"
#include "compare/choose.h"
#include "store/ignore.h"
#include "workflow/hide.h"

typedef struct Rule
{
	int64		id;
	SdPattern  *pattern;
} Rule;

List *
sd_hide_rules(void)
{
	SdRows	   *rows = sd_ignore_active("live");
	List	   *rules = NIL;
	int			r;

	for (r = 0; r < rows->nrows; r++)
	{
		SdPatternProblem problem;
		Rule	   *rule = palloc(sizeof(Rule));

		rule->id = sd_rows_int(rows, r, "id");
		rule->pattern = sd_pattern_parse(sd_rows_value(rows, r, "pattern"), &problem);
		if (rule->pattern)
			rules = lappend(rules, rule);
	}
	return rules;
}

/* Who renames a thing does not bring it under a rule by that: its name before must be covered, too. */
static bool
covers(const Rule *rule, const SdItem *item)
{
	const SdObject *before = item->source ? item->source->from : NULL;
	SdItem		as_before = *item;

	if (!sd_choose_item(rule->pattern, item))
		return false;
	if (before == NULL || strcmp(before->identity, item->object) == 0)
		return true;
	as_before.object = before->identity;
	return sd_choose_item(rule->pattern, &as_before);
}

void
sd_hide(List *rules, SdItem *item)
{
	ListCell   *cell;

	item->rule_id = 0;
	if (item->is_self)
		return;
	foreach(cell, rules)
	{
		const Rule *rule = lfirst(cell);

		if (!covers(rule, item))
			continue;
		item->rule_id = rule->id;
		return;
	}
}
