/*
 * history.c
 *	  What live looked like, and what changed in it, as checks saw it.
 *
 * What a check has at hand is the difference of live from its baseline, and
 * the newest observation is a version of the baseline and such a difference.
 * Where nothing differed then, what changed since is just what the check
 * compared; else the baseline with what differed then is compared with live.
 * A check of part of the schema has everything that differed in that part,
 * so it can do the same with it.
 *
 * A change that is taken back before a check looks is not seen; events tell.
 */
#include "postgres.h"

#include "base/hash.h"
#include "compare/diff.h"
#include "compare/form.h"
#include "compare/merge.h"
#include "kind/kind.h"
#include "store/event.h"
#include "store/history.h"
#include "workflow/history.h"

/* What was seen last, and what is to be written of what is seen now. */
typedef struct Look
{
	SdObservation *last;		/* NULL = this is the first */
	HTAB	   *different;		/* SdObserved of the last */
	HTAB	   *keys;			/* what is looked at, NULL = everything */
	SdSnapshot *live;
	int			version;		/* of the baseline that live is stored beside */
	SdSnapshot *baseline;		/* that version, NULL = just as live */
	int64		horizon;
	List	   *items;			/* SdHistoryItem * */
	List	   *closed;			/* char *, keys no longer or otherwise different */
	List	   *added;			/* SdObserved * */
} Look;

static HTAB *
key_set(List *keys)
{
	HTAB	   *set = sd_text_hash_create("schemadrift looked at", sizeof(const char *), CurrentMemoryContext);
	ListCell   *cell;

	foreach(cell, keys)
	{
		const char *key = lfirst(cell);

		(void) hash_search(set, &key, HASH_ENTER, NULL);
	}
	return set;
}

/* -- what changed ----------------------------------------------------------- */

/* What somebody may not read is not known to have changed. */
static bool
is_unreadable(const SdItem *item)
{
	const SdChange *change = item->source;
	const SdProperty *p = item->property < 0 ? NULL : &change->to->kind->properties[item->property];

	return p && (sd_is_unreadable(p, change->from->values[item->property]) ||
				 sd_is_unreadable(p, change->to->values[item->property]));
}

static void
add_items(Look *look, const SdSnapshot *from, List *changes, const SdAttributor *attributor)
{
	ListCell   *cell;

	foreach(cell, changes ? sd_diff_items(from, look->live, changes) : NIL)
	{
		SdHistoryItem *one = palloc(sizeof(SdHistoryItem));
		const SdEvent *event;

		one->item = lfirst(cell);
		if (is_unreadable(one->item))
			continue;
		event = sd_attribute(attributor, one->item->source, one->item->property).origin;
		one->event_id = event ? event->id : 0;
		if (event)
			sd_attribute_item(one->item, event);
		look->items = lappend(look->items, one);
	}
}

/* From the last observation, given as the baseline that it was made beside. */
static void
compare_with_last(Look *look, const SdSnapshot *beside)
{
	SdSnapshot *before = sd_observation_apply(beside, look->different, look->keys, CurrentMemoryContext);
	List	   *changes = sd_diff(before, look->live);

	if (changes)
		add_items(look, before, changes,
				  sd_attributor_create(sd_event_load_since(look->last->event_horizon), before, look->live, changes));
}

/* The baseline that the last observation was made beside, where it is not the one at hand. */
static SdSnapshot *
load_beside(const Look *look)
{
	SdBaseline *baseline = sd_baseline_version(SD_DEFAULT_BASELINE, look->last->version);
	SdSnapshot *snapshot;

	if (baseline == NULL)
		elog(ERROR, "version %d of the default baseline is gone", look->last->version);
	snapshot = sd_baseline_load_beside(baseline, look->live, CurrentMemoryContext);
	return baseline->form < SD_FORM ? sd_reseal(snapshot, look->live, CurrentMemoryContext) : snapshot;
}

/* -- what is different -------------------------------------------------------- */

static bool
is_same_list(List *a, List *b)
{
	ListCell   *x;
	ListCell   *y;

	if (list_length(a) != list_length(b))
		return false;
	forboth(x, a, y, b)
	{
		const SdDepend *one = lfirst(x);
		const SdDepend *other = lfirst(y);

		if (one->need != other->need || strcmp(one->key, other->key) != 0)
			return false;
	}
	return true;
}

/* What does not count for a comparison does for DDL. */
static bool
is_same(const SdObject *a, const SdObject *b, bool with_needs)
{
	int			i;

	if (a == b)
		return true;
	if (a == NULL || b == NULL || memcmp(a->digest, b->digest, SD_DIGEST_LENGTH) != 0 ||
		a->classid != b->classid || a->objid != b->objid || a->objsubid != b->objsubid)
		return false;
	for (i = 0; i < a->kind->nproperties; i++)
		if ((a->values[i] == NULL) != (b->values[i] == NULL) ||
			(a->values[i] && strcmp(a->values[i], b->values[i]) != 0))
			return false;
	return !with_needs || is_same_list(a->depends, b->depends);
}

/*
 * Live has this object, or (NULL) has it not, unlike the baseline.  What a
 * partial check knows of needs is not all, so that what is stored stands.
 */
static void
add_different(Look *look, const char *key, SdObject *object)
{
	SdObserved *known = hash_search(look->different, &key, HASH_FIND, NULL);
	SdObserved *observed;

	if (known && is_same(known->object, object, look->keys == NULL))
		return;
	observed = palloc(sizeof(SdObserved));
	observed->key = key;
	observed->object = object;
	look->added = lappend(look->added, observed);
	if (known)
		look->closed = lappend(look->closed, unconstify(char *, key));
}

static void
find_different(Look *look)
{
	HASH_SEQ_STATUS scan;
	SdObserved *observed;
	int			i;

	for (i = 0; look->baseline && i < look->live->nobjects; i++)
		if (!is_same(sd_snapshot_find(look->baseline, look->live->objects[i]->key), look->live->objects[i], false))
			add_different(look, look->live->objects[i]->key, look->live->objects[i]);
	for (i = 0; look->baseline && i < look->baseline->nobjects; i++)
		if (sd_snapshot_find(look->live, look->baseline->objects[i]->key) == NULL)
			add_different(look, look->baseline->objects[i]->key, NULL);
	hash_seq_init(&scan, look->different);
	while ((observed = hash_seq_search(&scan)) != NULL)
	{
		SdObject   *object = sd_snapshot_find(look->live, observed->key);
		SdObject   *base = look->baseline ? sd_snapshot_find(look->baseline, observed->key) : object;

		if (look->keys && hash_search(look->keys, &observed->key, HASH_FIND, NULL) == NULL)
			continue;
		if (object == base || (object && base && is_same(base, object, false)))
			look->closed = lappend(look->closed, unconstify(char *, observed->key));
	}
}

/* -- writing -------------------------------------------------------------------- */

static void
write_look(Look *look)
{
	SdObservation *observation;

	find_different(look);
	if (look->last && look->last->version == look->version &&
		look->items == NIL && look->closed == NIL && look->added == NIL)
		return;
	observation = sd_observation_insert(look->version, look->horizon, look->live->server_version);
	sd_observation_close(observation, look->closed);
	sd_observation_add(observation, look->added);
	sd_history_insert(observation, look->items);
}

bool
sd_history_goes_on(SdCheck *check)
{
	check->observed = sd_observation_latest();
	return check->observed == NULL || check->observed->version == check->stored->version;
}

void
sd_history_observe(SdCheck *check)
{
	Look		look = {0};
	bool		is_beside;

	look.last = check->is_part ? check->observed : sd_observation_latest();
	look.live = check->live;
	look.baseline = check->baseline;
	look.version = check->is_part ? check->stored->version : sd_baseline_latest(SD_DEFAULT_BASELINE)->version;
	look.horizon = check->horizon;
	look.keys = check->is_part ? key_set(check->keys) : NULL;
	look.different = look.last ? sd_observation_load(look.last, CurrentMemoryContext) :
		sd_text_hash_create("schemadrift observed", sizeof(SdObserved), CurrentMemoryContext);
	is_beside = look.last && look.last->version == check->stored->version;
	if (is_beside && hash_get_num_entries(look.different) == 0)
		add_items(&look, check->compared, check->seen, check->attributor);
	else if (is_beside)
		compare_with_last(&look, check->compared ? check->compared : check->live);
	else if (look.last)
		compare_with_last(&look, load_beside(&look));
	write_look(&look);
}

void
sd_history_observe_baseline(SdSnapshot *live, int version, int64 horizon)
{
	Look		look = {0};

	look.last = sd_observation_latest();
	look.live = live;
	look.version = version;
	look.horizon = horizon;
	look.different = look.last ? sd_observation_load(look.last, CurrentMemoryContext) :
		sd_text_hash_create("schemadrift observed", sizeof(SdObserved), CurrentMemoryContext);
	if (look.last)
		compare_with_last(&look, load_beside(&look));
	write_look(&look);
}
