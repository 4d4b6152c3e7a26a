/*
 * fold.c
 *	  Finds the changes that only come along with another one.
 *
 * One ALTER of a partitioned table changes each of its partitions.  What a
 * partition repeats is folded into the parent's change only where it is the
 * very same: the same properties with the same new values, or a copy that the
 * server makes and drops with its original (an attached index, a trigger's
 * clone).  Whatever a child has otherwise is its own difference.
 */
#include "postgres.h"

#include "base/hash.h"
#include "compare/fold.h"
#include "kind/inherit.h"

typedef struct FoldEntry
{
	const char *key;			/* hash key, must be first */
	SdChange   *change;
} FoldEntry;

static const SdObject *
subject(const SdChange *change)
{
	return change->to ? change->to : change->from;
}

/*
 * A part that came or went with its whole is not reported by itself.  A whole
 * that neither side holds (an extension's table) did not come or go.
 */
static bool
goes_with_whole(const SdSnapshot *from, const SdSnapshot *to, const SdChange *change)
{
	const SdSnapshot *with = change->what == SD_CHANGE_ADDED ? to : from;
	const SdSnapshot *without = change->what == SD_CHANGE_ADDED ? from : to;
	const SdObject *part = subject(change);

	return change->what != SD_CHANGE_CHANGED && part->parent &&
		sd_snapshot_find(with, part->parent) != NULL &&
		sd_snapshot_find(without, part->parent) == NULL;
}

static const char *
value_of(const SdObject *object, const char *property)
{
	int			i = sd_kind_property(object->kind, property);

	return i < 0 ? NULL : object->values[i];
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Did both change in the same way, or come, or go, as the same? */
static bool
repeats(const SdChange *change, const SdChange *leader)
{
	const SdObject *mine = subject(change);
	const SdObject *theirs = subject(leader);
	int			i;

	if (change->what != leader->what || mine->kind != theirs->kind)
		return false;
	if (change->what == SD_CHANGE_CHANGED && !bms_equal(change->properties, leader->properties))
		return false;
	if (change->what != SD_CHANGE_CHANGED && value_of(mine, "parent_enabled"))
		return true;
	/* a column that is the child's own besides does not come and go with the parent's */
	if (change->what != SD_CHANGE_CHANGED && same_text(value_of(mine, "inherited"), "merged"))
		return false;
	for (i = 0; i < mine->kind->nproperties; i++)
	{
		if (mine->kind->properties[i].flags & SD_P_DETAIL)
			continue;
		if (change->what == SD_CHANGE_CHANGED && !bms_is_member(i, change->properties))
			continue;
		/* that a column is the parent's only is how it repeats that */
		if (strcmp(mine->kind->properties[i].name, "inherited_only") == 0)
			continue;
		if (!same_text(mine->values[i], theirs->values[i]))
			return false;
	}
	return true;
}

static SdChange *
find(HTAB *by_key, const char *key)
{
	FoldEntry  *entry = hash_search(by_key, &key, HASH_FIND, NULL);

	return entry ? entry->change : NULL;
}

/* The change of the index that this new or gone one is attached to. */
static SdChange *
change_of_original(HTAB *by_key, const SdChange *change)
{
	const char *original = value_of(subject(change), "attached_to");
	SdChange   *leader = original && change->what != SD_CHANGE_CHANGED ?
		find(by_key, sd_object_key(subject(change)->kind->name, original)) : NULL;

	return leader && leader->what == change->what ? leader : NULL;
}

/* The change of the same column, check or trigger of a parent table. */
static SdChange *
change_of_parent(const SdSnapshot *side, HTAB *by_key, const SdChange *change)
{
	const SdObject *object = subject(change);
	const SdObject *whole = object->parent ? sd_snapshot_find(side, object->parent) : NULL;
	const char *name = value_of(object, "name");
	ListCell   *cell;

	if (whole == NULL || name == NULL)
		return NULL;
	foreach(cell, sd_inherit_parents(whole))
	{
		SdChange   *leader = find(by_key, psprintf("%s %s.%s", object->kind->name, (char *) lfirst(cell), name));

		if (leader && repeats(change, leader))
			return leader;
	}
	return NULL;
}

void
sd_fold(const SdSnapshot *from, const SdSnapshot *to, List *changes)
{
	HTAB	   *by_key = sd_text_hash_create("schemadrift fold", sizeof(FoldEntry), CurrentMemoryContext);
	ListCell   *cell;

	foreach(cell, changes)
	{
		SdChange   *change = lfirst(cell);
		const char *key = subject(change)->key;

		((FoldEntry *) hash_search(by_key, &key, HASH_ENTER, NULL))->change = change;
	}
	foreach(cell, changes)
	{
		SdChange   *change = lfirst(cell);

		change->leader = change_of_original(by_key, change);
		if (change->leader == NULL)
			change->leader = change_of_parent(change->to ? to : from, by_key, change);
		change->folded = change->leader != NULL || goes_with_whole(from, to, change);
	}

	/* a partition's partition follows the topmost */
	foreach(cell, changes)
	{
		SdChange   *change = lfirst(cell);

		while (change->leader && change->leader->leader)
			change->leader = change->leader->leader;
	}
	hash_destroy(by_key);
}
