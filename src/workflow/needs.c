/*
 * needs.c
 *	  What is accepted must not stand on drift.
 *
 * A baseline with a view but without its table cannot exist: whatever DDL goes
 * back to it drops the table, takes the accepted view along and then fails.
 * Only what was accepted now is looked at, and only drifts that can be named
 * are in its way: what deploys made, and what an older version left behind,
 * keeps nobody from deciding.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/rows.h"
#include "base/text.h"
#include "compare/merge.h"
#include "kind/kind.h"
#include "store/drift.h"
#include "workflow/needs.h"

/* A few are enough to go on with. */
#define NAMED_DRIFTS 20

typedef struct Needs
{
	const SdCheck *check;
	const SdSnapshot *merged;
	List	   *accepted;		/* SdAccepted * */
	SdRows	   *standing;		/* drifts; NULL = not read yet */
	List	   *named;			/* of which these rows are in the way */
	StringInfoData detail;
} Needs;

/* Can a difference in that property bring a need?  What a comment says does not. */
static bool
brings_needs(const SdAccepted *accepted)
{
	const char *name = accepted->property < 0 ? "" : accepted->change->to->kind->properties[accepted->property].name;

	return strcmp(name, "comment") != 0 && strcmp(name, "security_label") != 0;
}

/* Was that object accepted as it is in live?  part: or something that it came with. */
static bool
is_taken(const Needs *needs, const char *key, bool part)
{
	ListCell   *cell;

	foreach(cell, needs->accepted)
	{
		const SdAccepted *one = lfirst(cell);

		if (one->change->to && strcmp(one->change->to->key, key) == 0 &&
			(one->change->what == SD_CHANGE_ADDED || (!part && brings_needs(one))))
			return true;
	}
	return false;
}

/* Was accepted that this object is gone? */
static bool
is_given_up(const Needs *needs, const char *key)
{
	ListCell   *cell;

	foreach(cell, needs->accepted)
	{
		const SdChange *change = ((SdAccepted *) lfirst(cell))->change;

		if (change->what == SD_CHANGE_REMOVED && strcmp(change->from->key, key) == 0)
			return true;
	}
	return false;
}

/* The same of the object or a whole that it is part of. */
static bool
is_accepted(const Needs *needs, const SdSnapshot *side, const SdObject *object, bool removed)
{
	bool		part = false;

	while (object)
	{
		if (removed ? is_given_up(needs, object->key) : is_taken(needs, object->key, part))
			return true;
		object = object->parent ? sd_snapshot_find(side, object->parent) : NULL;
		part = true;
	}
	return false;
}

static void
name_drift(Needs *needs, int r, const char *sentence)
{
	if (list_member_int(needs->named, r))
		return;
	needs->named = lappend_int(needs->named, r);
	appendStringInfo(&needs->detail, "%s%s: drift %s, %s %s %s%s%s%s.", needs->detail.len > 0 ? "\n" : "", sentence,
					 sd_rows_value(needs->standing, r, "id"),
					 sd_rows_value(needs->standing, r, "change"),
					 sd_rows_value(needs->standing, r, "object_type"),
					 sd_display(sd_rows_value(needs->standing, r, "object"), false),
					 sd_rows_value(needs->standing, r, "attribute") ? ": " : "",
					 sd_rows_value(needs->standing, r, "attribute") ?
					 sd_rows_value(needs->standing, r, "attribute") : "",
					 strcmp(sd_rows_value(needs->standing, r, "state"), "ignored") == 0 ? ", hidden by a rule" : "");
}

/* Name the standing drifts about the object or a whole of it: that it came, or (any) whatever. */
static void
name_drifts_of(Needs *needs, const SdSnapshot *side, const SdObject *object, bool any, const char *sentence)
{
	bool		found = false;

	if (needs->standing == NULL)
		needs->standing = sd_drift_standing();
	for (; object && !found; object = object->parent ? sd_snapshot_find(side, object->parent) : NULL)
	{
		int			r;

		for (r = 0; r < needs->standing->nrows; r++)
		{
			const char *change = sd_rows_value(needs->standing, r, "change");

			if (strcmp(sd_rows_value(needs->standing, r, "object_type"), object->kind->name) != 0 ||
				strcmp(sd_rows_value(needs->standing, r, "object"), object->identity) != 0 ||
				!(any || strcmp(change, "added") == 0))
				continue;
			name_drift(needs, r, sentence);
			found = true;
		}
	}
}

/* An object of the merged baseline needs what is not in there. */
static void
look_at_missing(Needs *needs, const SdObject *object, const char *key)
{
	const SdSnapshot *baseline = needs->check->baseline;
	const SdSnapshot *live = needs->check->live;
	const SdObject *gone = sd_snapshot_find(baseline, key);
	const SdObject *came = gone ? NULL : sd_snapshot_find(live, key);

	if (gone && is_accepted(needs, baseline, gone, true))
		name_drifts_of(needs, baseline, object, true,
					   psprintf("%s, which stays in the baseline, needs %s", sd_display(object->key, false),
								sd_display(key, false)));
	else if (came && is_accepted(needs, live, object, false))
		name_drifts_of(needs, live, came, false,
					   psprintf("%s needs %s", sd_display(object->key, false), sd_display(key, false)));
}

void
sd_needs_check(const SdCheck *check, const SdSnapshot *merged, List *accepted, int64 id)
{
	Needs		needs = {check, merged, accepted};
	int			i;

	initStringInfo(&needs.detail);
	for (i = 0; i < merged->nobjects && list_length(needs.named) < NAMED_DRIFTS; i++)
	{
		const SdObject *object = merged->objects[i];
		ListCell   *cell;

		if (object->parent && sd_snapshot_find(merged, object->parent) == NULL)
			look_at_missing(&needs, object, object->parent);
		foreach(cell, object->depends)
		{
			const char *key = ((SdDepend *) lfirst(cell))->key;

			if (sd_snapshot_find(merged, key) == NULL)
				look_at_missing(&needs, object, key);
		}
	}
	if (needs.named == NIL)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 id ? errmsg("drift " INT64_FORMAT " cannot be accepted alone", id) :
			 errmsg("these drifts cannot be accepted alone"),
			 errdetail_internal("%s", needs.detail.data),
			 errhint("drift_accept() those first, or all together by drift_accept_all(reason, pattern => '...').")));
}
