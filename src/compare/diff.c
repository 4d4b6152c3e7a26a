/*
 * diff.c
 *	  The changes from one snapshot to another.
 *
 * Digests decide quickly that an object is the same; property by property is
 * looked at only where they differ, since a property may be equal although its
 * text is not.
 * Between an older canonical form and a newer one only what both have counts.
 */
#include "postgres.h"

#include "base/keyed.h"
#include "compare/classify.h"
#include "compare/diff.h"
#include "compare/fold.h"
#include "compare/rename.h"
#include "kind/kind.h"

/* The properties that differ, among those that the form has. */
static Bitmapset *
differing(const SdObject *from, const SdObject *to, int form)
{
	Bitmapset  *properties = NULL;
	int			i;

	if (memcmp(from->digest, to->digest, SD_DIGEST_LENGTH) == 0 && !to->unread)
		return NULL;
	for (i = 0; i < to->kind->nproperties; i++)
	{
		const SdProperty *p = &to->kind->properties[i];
		const char *a = sd_object_normal(from, i);
		const char *b = sd_object_normal(to, i);

		if (p->form > form || (a == NULL && b == NULL))
			continue;
		/* the same text, also where a table's new name makes another normal form of it */
		if (from->values[i] && to->values[i] && !sd_is_unreadable(p, from->values[i]) &&
			strcmp(from->values[i], to->values[i]) == 0)
			continue;
		/* of another cluster, or not read at all: there is nothing to compare */
		if ((p->flags & SD_P_SECRET) &&
			(a == NULL || b == NULL || !sd_keyed_comparable(a, b) || sd_keyed_same(a, b)))
			continue;
		if (a && b && !sd_is_unreadable(p, a) &&
			(strcmp(a, b) == 0 || (p->equal && p->equal(from, to, i))))
			continue;
		properties = bms_add_member(properties, i);
	}
	return properties;
}

bool
sd_objects_equal(const SdObject *from, const SdObject *to)
{
	if ((from->parent == NULL) != (to->parent == NULL) ||
		(from->parent && strcmp(from->parent, to->parent) != 0))
		return false;
	return differing(from, to, SD_FORM) == NULL;
}

static List *
add_change(List *changes, SdChangeKind what, const SdObject *from, const SdObject *to,
		   Bitmapset *properties)
{
	SdChange   *change = palloc0(sizeof(SdChange));

	change->what = what;
	change->from = from;
	change->to = to;
	change->properties = properties;
	return lappend(changes, change);
}

/* There is always a role. */
bool
sd_has_optional(const SdSnapshot *side)
{
	int			i;

	for (i = 0; i < side->nobjects; i++)
		if (side->objects[i]->kind->traits & SD_K_OPTIONAL)
			return true;
	return false;
}

/* What is on one side only; a form without the kind could not tell. */
static List *
add_if_known(List *changes, SdChangeKind what, const SdObject *object, int form, bool same_database,
			 bool optional)
{
	if (object->kind->form > form || (object->local && !same_database) ||
		((object->kind->traits & SD_K_OPTIONAL) && !optional))
		return changes;
	return what == SD_CHANGE_ADDED ? add_change(changes, what, NULL, object, NULL) :
		add_change(changes, what, object, NULL, NULL);
}

static List *
compare(List *changes, const SdObject *from, const SdObject *to, int form)
{
	Bitmapset  *properties = differing(from, to, form);

	/* a part that moved to another whole is another part */
	if (from->parent && to->parent && strcmp(from->parent, to->parent) != 0)
	{
		changes = add_change(changes, SD_CHANGE_REMOVED, from, NULL, NULL);
		return add_change(changes, SD_CHANGE_ADDED, NULL, to, NULL);
	}
	return properties ? add_change(changes, SD_CHANGE_CHANGED, from, to, properties) : changes;
}

/* Both are in canonical order, so one merge finds everything. */
static List *
find_changes(const SdSnapshot *from, const SdSnapshot *to)
{
	int			form = Min(from->form, to->form);
	bool		same = sd_snapshot_same_database(from, to);
	bool		optional = sd_has_optional(from) && sd_has_optional(to);
	List	   *changes = NIL;
	int			i = 0;
	int			j = 0;

	while (i < from->nobjects || j < to->nobjects)
	{
		int			order = i == from->nobjects ? 1 : j == to->nobjects ? -1 :
			strcmp(from->objects[i]->key, to->objects[j]->key);

		if (order < 0)
			changes = add_if_known(changes, SD_CHANGE_REMOVED, from->objects[i++], form, same, optional);
		else if (order > 0)
			changes = add_if_known(changes, SD_CHANGE_ADDED, to->objects[j++], form, same, optional);
		else
		{
			if (same || !from->objects[i]->local)
				changes = compare(changes, from->objects[i], to->objects[j], form);
			i++;
			j++;
		}
	}
	sd_fold(from, to, changes);
	return changes;
}

/* Objects of changes are those of the sides given, whatever was renamed. */
List *
sd_diff(const SdSnapshot *from, const SdSnapshot *to)
{
	List	   *renames;
	List	   *changes;
	SdRebase   *rebase;
	ListCell   *cell;

	if (sd_snapshot_equal(from, to))
		return NIL;
	renames = sd_renames_find(from, to);
	rebase = sd_rebase(from, to, renames, true);
	changes = find_changes(rebase->after, to);
	foreach(cell, changes)
	{
		SdChange   *change = lfirst(cell);

		change->from = sd_rebase_before(rebase, change->from);
	}
	return list_concat(renames, changes);
}

static SdItem *
make_item(const SdChange *change, SdClass class)
{
	const SdObject *object = change->to ? change->to : change->from;
	SdItem	   *item = palloc0(sizeof(SdItem));

	item->change = change->what;
	item->class = class;
	item->severity = sd_class_severity(class);
	item->object_type = object->kind->name;
	item->object = object->identity;
	item->source = change;
	item->property = -1;
	return item;
}

/* A secret's digests say nothing to people, and no more than that it changed. */
static void
hide_secret(SdItem *item)
{
	item->secret = item->actual ? item->actual : "";
	item->actual = item->actual == NULL ? SD_NOT_SET : item->expected ? "(changed)" : "(set)";
	item->expected = item->expected ? "(set)" : SD_NOT_SET;
}

static List *
changed_items(List *items, const SdChange *change)
{
	int			i = -1;

	while ((i = bms_next_member(change->properties, i)) >= 0)
	{
		const SdProperty *p = &change->to->kind->properties[i];
		SdItem	   *item = make_item(change, sd_kind_class(change->to->kind, i));

		item->attribute = p->name;
		item->property = i;
		item->expected = change->from->values[i];
		item->actual = change->to->values[i];
		/* nobody knows whether it differs */
		if (sd_is_unreadable(p, item->expected) || sd_is_unreadable(p, item->actual))
		{
			item->class = SD_CLASS_ADDITIVE;
			item->severity = SD_SEVERITY_INFO;
			item->finding = "not_readable";
		}
		else if (p->flags & SD_P_SECRET)
			hide_secret(item);
		items = lappend(items, item);
	}
	return items;
}

/* Place of an item's kind among the kinds: a column before what rests on it. */
static int
kind_place(const SdItem *item)
{
	const SdObject *object = item->source->to ? item->source->to : item->source->from;

	return object->kind->index;
}

static int
compare_items(const ListCell *a, const ListCell *b)
{
	const SdItem *x = lfirst(a);
	const SdItem *y = lfirst(b);
	int			order;

	if (x->class != y->class)
		return x->class > y->class ? -1 : 1;
	if (kind_place(x) != kind_place(y))
		return kind_place(x) - kind_place(y);
	if ((order = strcmp(x->object, y->object)) != 0)
		return order;
	return strcmp(x->attribute ? x->attribute : "", y->attribute ? y->attribute : "");
}

/* Did the part before this change's leave another whole under the same name? */
static bool
is_moved(const SdChange *before, const SdChange *change)
{
	return before && before->what == SD_CHANGE_REMOVED && !before->folded &&
		change->what == SD_CHANGE_ADDED && strcmp(before->from->key, change->to->key) == 0;
}

/* What moved is one item, so that it is one drift. */
static void
make_moved(SdItem *item, const SdSnapshot *to, const SdChange *change)
{
	item->change = SD_CHANGE_CHANGED;
	item->class = Max(item->class, change->to->kind->added);
	item->severity = sd_class_severity(item->class);
	item->actual = sd_kind_definition(to, change->to);
	item->source = change;
}

List *
sd_diff_items(const SdSnapshot *from, const SdSnapshot *to, List *changes)
{
	List	   *items = NIL;
	const SdChange *before = NULL;
	ListCell   *cell;

	foreach(cell, changes)
	{
		const SdChange *change = lfirst(cell);
		bool		moved = is_moved(before, change);
		SdItem	   *item;

		before = change;
		if (change->folded)
			continue;
		switch (change->what)
		{
			case SD_CHANGE_ADDED:
				if (moved)
				{
					make_moved(llast(items), to, change);
					break;
				}
				item = make_item(change, change->to->kind->added);
				item->actual = sd_kind_definition(to, change->to);
				items = lappend(items, item);
				break;
			case SD_CHANGE_REMOVED:
				item = make_item(change, change->from->kind->removed);
				item->expected = sd_kind_definition(from, change->from);
				items = lappend(items, item);
				break;
			case SD_CHANGE_CHANGED:
				items = changed_items(items, change);
				break;
			case SD_CHANGE_RENAMED:
				item = make_item(change, change->to->kind->removed);
				item->attribute = SD_RENAMED_ATTRIBUTE;
				item->expected = change->from->identity;
				item->actual = change->to->identity;
				items = lappend(items, item);
				break;
		}
	}
	foreach(cell, items)
		if (((SdItem *) lfirst(cell))->finding == NULL)
			sd_classify(lfirst(cell));
	list_sort(items, compare_items);
	return items;
}
