/*
 * claims.c
 *	  Claims to be a deploy by roles that may not deploy.
 *
 * Whoever claims to be a deploy without the right to is trying something, or
 * lacks a grant that he should have: either is for people to see, whatever the
 * command did.  Nothing in the schema shows it, so it does not go away by
 * itself; it is open until somebody accepts it, and that settles the events up
 * to the last one that it was made by.  A claim that a freeze refused is none:
 * its role may deploy.
 */
#include "postgres.h"

#include "store/drift.h"
#include "store/event.h"
#include "workflow/attribute.h"
#include "workflow/claims.h"

static SdItem *
make_item(const char *role, const char *label)
{
	SdItem	   *item = palloc0(sizeof(SdItem));

	item->change = SD_CHANGE_ADDED;
	item->class = SD_CLASS_SECURITY;
	item->severity = SD_SEVERITY_CRITICAL;
	item->finding = "refused_claim";
	item->is_self = true;
	item->object_type = SD_CLAIM_DRIFT;
	item->object = role;
	item->attribute = label;
	item->property = -1;
	item->is_self = true;
	item->expected = "only roles that may deploy claim to";
	item->actual = psprintf("role %s may not deploy and claimed to be deploy %s", role, label);
	return item;
}

List *
sd_claims_find(const SdCheck *check)
{
	SdRows	   *rows = sd_drift_claims(SD_CLAIM_DRIFT, check->stored->event_horizon);
	List	   *claims = NIL;
	int			r;

	for (r = 0; r < rows->nrows; r++)
	{
		SdItem	   *item = make_item(sd_rows_value(rows, r, "role"), sd_rows_value(rows, r, "label"));
		const SdEvent *event = sd_event_load(sd_rows_int(rows, r, "event_id"));

		if (event)
			sd_attribute_item(item, event);
		claims = lappend(claims, item);
	}
	return claims;
}
