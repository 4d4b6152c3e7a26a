/*
 * merge.c
 *	  A baseline with some changes accepted.
 *
 * What came or went takes its parts along, but for those left out.  An object in which nothing that
 * counts differs any more is taken from live, so that a baseline in which
 * everything was accepted has live's fingerprint.
 */
#include "postgres.h"

#include "base/hash.h"
#include "compare/diff.h"
#include "compare/form.h"
#include "compare/merge.h"
#include "compare/rename.h"
#include "kind/kind.h"

typedef struct PickEntry
{
	const char *key;			/* hash key, must be first */
	const SdObject *object;		/* NULL = left out */
} PickEntry;

static void
pick(HTAB *picks, const char *key, const SdObject *object)
{
	PickEntry  *entry = hash_search(picks, &key, HASH_ENTER, NULL);

	entry->object = object;
}

/* Take a new or removed object and all its parts. */
static void
pick_whole(HTAB *picks, const SdSnapshot *side, const SdObject *object, bool keep)
{
	ListCell   *cell;

	pick(picks, object->key, keep ? object : NULL);
	foreach(cell, sd_snapshot_parts(side, object->key, NULL))
		pick_whole(picks, side, lfirst(cell), keep);
}

/* The baseline's object with one property of live's. */
static SdObject *
mix(MemoryContext context, const SdObject *base, const SdObject *live, int property)
{
	MemoryContext caller = MemoryContextSwitchTo(context);
	SdObject   *object = palloc(sizeof(SdObject));
	int			i;

	*object = *base;
	object->values = palloc(sizeof(char *) * live->kind->nproperties);
	for (i = 0; i < live->kind->nproperties; i++)
	{
		bool		from_live = i == property || (live->kind->properties[i].flags & SD_P_DETAIL);

		object->values[i] = from_live ? live->values[i] : base->values[i];
	}
	object->depends = live->depends;
	sd_form_digest(object);
	MemoryContextSwitchTo(caller);
	return object;
}

/* The object without one property. */
static SdObject *
without(MemoryContext context, const SdObject *from, int property)
{
	MemoryContext caller = MemoryContextSwitchTo(context);
	SdObject   *object = palloc(sizeof(SdObject));

	*object = *from;
	object->values = palloc(sizeof(char *) * from->kind->nproperties);
	memcpy(object->values, from->values, sizeof(char *) * from->kind->nproperties);
	object->values[property] = NULL;
	sd_form_digest(object);
	MemoryContextSwitchTo(caller);
	return object;
}

static void
leave_out(HTAB *picks, SdSnapshot *merged, const SdSnapshot *live, const SdAccepted *accepted)
{
	const char *key = accepted->change->to->key;
	PickEntry  *picked = hash_search(picks, &key, HASH_FIND, NULL);

	if (picked == NULL || picked->object == NULL)
		return;
	if (accepted->property < 0)
		pick_whole(picks, live, accepted->change->to, false);
	else
		picked->object = without(merged->context, picked->object, accepted->property);
}

static void
pick_accepted(HTAB *picks, SdSnapshot *merged, const SdSnapshot *baseline,
			  const SdSnapshot *live, const SdAccepted *accepted)
{
	const SdChange *change = accepted->change;
	const char *key;
	PickEntry  *earlier;

	if (accepted->left_out)
	{
		leave_out(picks, merged, live, accepted);
		return;
	}
	switch (change->what)
	{
		case SD_CHANGE_ADDED:
			pick_whole(picks, live, change->to, true);
			break;
		case SD_CHANGE_REMOVED:
			pick_whole(picks, baseline, change->from, false);
			break;
		case SD_CHANGE_CHANGED:
			key = change->to->key;
			earlier = hash_search(picks, &key, HASH_FIND, NULL);
			pick(picks, key, accepted->property < 0 ? change->to :
				 mix(merged->context, earlier ? earlier->object : change->from,
					 change->to, accepted->property));
			break;
		case SD_CHANGE_RENAMED:
			break;
	}
}

static const char *
key_of(const SdChange *change)
{
	return change->to ? change->to->key : change->from->key;
}

/* What children of a table repeat of an accepted change goes with it. */
static void
pick_followers(HTAB *picks, SdSnapshot *merged, const SdSnapshot *baseline,
			   const SdSnapshot *live, List *changes, List *accepted, bool left_out)
{
	ListCell   *cell;
	ListCell   *inner;

	foreach(cell, changes)
	{
		const SdChange *change = lfirst(cell);

		foreach(inner, change->leader ? accepted : NIL)
		{
			const SdAccepted *one = lfirst(inner);
			SdAccepted	follower = {change, one->property, left_out};

			if (one->left_out == left_out && strcmp(key_of(one->change), key_of(change->leader)) == 0)
				pick_accepted(picks, merged, baseline, live, &follower);
		}
	}
}

static void
add(SdSnapshot *merged, const SdObject *object)
{
	sd_snapshot_add(merged, unconstify(SdObject *, object));
}

/* Has the object the same parts on both sides? */
static bool
has_same_parts(const SdSnapshot *merged, const SdSnapshot *live, const char *key)
{
	List	   *parts = sd_snapshot_parts(live, key, NULL);
	ListCell   *cell;

	if (list_length(parts) != list_length(sd_snapshot_parts(merged, key, NULL)))
		return false;
	foreach(cell, parts)
		if (sd_snapshot_find(merged, ((SdObject *) lfirst(cell))->key) == NULL)
			return false;
	return true;
}

/*
 * Where nothing that counts differs any more, take the object from live.  A
 * table whose columns are not all accepted keeps its order of columns: what is
 * left out of it would come back unnoticed at another place.
 */
static SdSnapshot *
settle(const SdSnapshot *merged, const SdSnapshot *live, MemoryContext parent)
{
	SdSnapshot *settled = sd_snapshot_create(parent);
	int			i;

	settled->server_version = merged->server_version;
	settled->form = merged->form;
	settled->database = merged->database;
	for (i = 0; i < merged->nobjects; i++)
	{
		const SdObject *object = merged->objects[i];
		const SdObject *current = sd_snapshot_find(live, object->key);

		add(settled, current && sd_objects_equal(object, current) &&
			has_same_parts(merged, live, object->key) ? current : object);
	}
	sd_snapshot_finish(settled);
	return settled;
}

/* All that were accepted or left out, those that went or the others. */
static void
pick_all(HTAB *picks, SdSnapshot *merged, const SdSnapshot *baseline, const SdSnapshot *live,
		 List *accepted, bool left_out, bool removed)
{
	ListCell   *cell;

	foreach(cell, accepted)
	{
		const SdAccepted *one = lfirst(cell);

		if (one->left_out == left_out && (one->change->what == SD_CHANGE_REMOVED) == removed)
			pick_accepted(picks, merged, baseline, live, one);
	}
}

/* The merge itself, of sides that call everything by the same names. */
static SdSnapshot *
merge(const SdSnapshot *baseline, const SdSnapshot *live, List *changes, List *accepted,
	  MemoryContext parent)
{
	SdSnapshot *merged = sd_snapshot_create(parent);
	HTAB	   *picks = sd_text_hash_create("schemadrift picks", sizeof(PickEntry), merged->context);
	HASH_SEQ_STATUS scan;
	PickEntry  *entry;
	int			pass;
	int			i;

	merged->server_version = live->server_version;
	merged->form = baseline->form;

	/* a mixture of two databases has addresses that mean nothing */
	merged->database = sd_snapshot_same_database(baseline, live) ? live->database : NULL;
	for (pass = 0; pass <= 1; pass++)
	{
		/* what went first: a part may have come under another whole */
		pick_all(picks, merged, baseline, live, accepted, pass == 1, true);
		pick_all(picks, merged, baseline, live, accepted, pass == 1, false);
		pick_followers(picks, merged, baseline, live, changes, accepted, pass == 1);
	}
	for (i = 0; i < baseline->nobjects; i++)
		if (!hash_search(picks, &baseline->objects[i]->key, HASH_FIND, NULL))
			add(merged, baseline->objects[i]);
	hash_seq_init(&scan, picks);
	while ((entry = hash_seq_search(&scan)) != NULL)
		if (entry->object)
			add(merged, entry->object);
	sd_snapshot_finish(merged);
	return settle(merged, live, parent);
}

/* The accepted changes in terms of the baseline under the new names. */
static List *
rebase_accepted(const SdRebase *rebase, List *accepted)
{
	List	   *rebased = NIL;
	ListCell   *cell;

	foreach(cell, accepted)
	{
		SdAccepted *one = palloc(sizeof(SdAccepted));
		SdChange   *change = palloc(sizeof(SdChange));

		*one = *(SdAccepted *) lfirst(cell);
		*change = *one->change;
		change->from = sd_rebase_after(rebase, change->from);
		one->change = change;
		rebased = lappend(rebased, one);
	}
	return rebased;
}

/* Was a rename to that identity accepted? */
static bool
is_name_accepted(List *accepted, const char *identity)
{
	ListCell   *cell;

	foreach(cell, accepted)
	{
		const SdAccepted *one = lfirst(cell);

		if (one->change->what == SD_CHANGE_RENAMED && strcmp(one->change->to->identity, identity) == 0)
			return true;
	}
	return false;
}

/* The renames that were not accepted, turned around. */
static List *
renames_back(const SdRebase *rebase, List *accepted)
{
	List	   *back = NIL;
	ListCell   *cell;

	foreach(cell, rebase->renames)
	{
		SdChange   *change = palloc(sizeof(SdChange));

		*change = *(SdChange *) lfirst(cell);
		if (change->to && is_name_accepted(accepted, change->to->identity))
			continue;
		change->to = change->from;
		change->from = sd_rebase_after(rebase, change->to);
		back = lappend(back, change);
	}
	return back;
}

/* What was in the way of an accepted name is gone with that. */
static List *
accept_room(const SdRebase *rebase, List *changes, List *accepted)
{
	ListCell   *cell;
	ListCell   *inner;

	foreach(cell, rebase->renames)
	{
		const SdChange *moved = lfirst(cell);

		if (moved->to || !is_name_accepted(accepted, moved->from->identity))
			continue;
		foreach(inner, changes)
		{
			const SdChange *change = lfirst(inner);
			SdAccepted *one = palloc0(sizeof(SdAccepted));

			one->change = change;
			one->property = -1;
			if (change->what == SD_CHANGE_REMOVED && strcmp(change->from->key, moved->from->key) == 0)
				accepted = lappend(accepted, one);
		}
	}
	return accepted;
}

/*
 * All renames are carried out first, so that whatever is accepted is found;
 * those that were not are then taken back.
 */
SdSnapshot *
sd_merge(const SdSnapshot *baseline, const SdSnapshot *live, List *accepted, MemoryContext parent)
{
	List	   *changes = sd_diff(baseline, live);
	SdRebase   *rebase = sd_rebase(baseline, live, changes, true);
	SdSnapshot *merged;

	accepted = accept_room(rebase, changes, list_copy(accepted));
	merged = merge(rebase->after, live, sd_rebase_changes(rebase, changes),
				   rebase_accepted(rebase, accepted), parent);
	return sd_rebase(merged, baseline, renames_back(rebase, accepted), false)->after;
}

/* -- a newer canonical form, or another database -------------------------- */

/* The baseline's object with those properties of live's that its form lacked. */
static SdObject *
extend(MemoryContext context, const SdObject *base, const SdObject *live, int form)
{
	MemoryContext caller = MemoryContextSwitchTo(context);
	SdObject   *object = palloc(sizeof(SdObject));
	int			i;

	*object = *base;
	object->classid = live->classid;
	object->objid = live->objid;
	object->objsubid = live->objsubid;
	object->values = palloc(sizeof(char *) * live->kind->nproperties);
	for (i = 0; i < live->kind->nproperties; i++)
		object->values[i] = live->kind->properties[i].form > form ? live->values[i] : base->values[i];
	sd_form_digest(object);
	MemoryContextSwitchTo(caller);
	return object;
}

/* The object without an address that means something in another database only. */
static SdObject *
homeless(MemoryContext context, const SdObject *base)
{
	SdObject   *object = MemoryContextAlloc(context, sizeof(SdObject));

	*object = *base;
	object->classid = InvalidOid;
	object->objid = InvalidOid;
	object->objsubid = 0;
	return object;
}

/* Is it of a kind that the baseline lacked, or not to be compared, and of nothing that is missing? */
static bool
is_beyond(const SdSnapshot *baseline, const SdObject *object, bool same_database, bool optional)
{
	return (object->kind->form > baseline->form || (object->local && !same_database) ||
			((object->kind->traits & SD_K_OPTIONAL) && !optional)) &&
		(object->parent == NULL || sd_snapshot_find(baseline, object->parent) != NULL);
}

/* Add what the form had no kind for, wholes before their parts. */
static void
add_beyond(SdSnapshot *resealed, const SdSnapshot *baseline, const SdSnapshot *live,
		   const SdObject *object)
{
	ListCell   *cell;

	if (sd_snapshot_find(resealed, object->key))
		return;
	add(resealed, object);
	foreach(cell, sd_snapshot_parts(live, object->key, NULL))
		add_beyond(resealed, baseline, live, lfirst(cell));
}

SdSnapshot *
sd_reseal(const SdSnapshot *baseline_before, const SdSnapshot *live, MemoryContext parent)
{
	SdRebase   *rebase = sd_rebase(baseline_before, live, sd_diff(baseline_before, live), true);
	const SdSnapshot *baseline = rebase->after;
	SdSnapshot *resealed = sd_snapshot_create(parent);
	bool		same = sd_snapshot_same_database(baseline, live);
	bool		optional = sd_has_optional(baseline);
	int			i;

	resealed->server_version = live->server_version;
	resealed->database = live->database;
	for (i = 0; i < baseline->nobjects; i++)
	{
		const SdObject *base = baseline->objects[i];
		const SdObject *current = sd_snapshot_find(live, base->key);

		if (base->local && !same)
			continue;
		add(resealed, current ? extend(resealed->context, base, current, baseline->form) :
			same ? base : homeless(resealed->context, base));
	}
	for (i = 0; i < live->nobjects; i++)
		if (is_beyond(baseline, live->objects[i], same, optional))
			add_beyond(resealed, baseline, live, live->objects[i]);
	sd_snapshot_finish(resealed);
	return sd_rebase(settle(resealed, live, parent), baseline_before, renames_back(rebase, NIL), false)->after;
}
