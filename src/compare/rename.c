/*
 * rename.c
 *	  What bears another name on two sides that come from one database.
 *
 * An address (catalog, oid, column number) stays with an object while it
 * lives.  It says so only within one database of one cluster: after
 * a restore or pg_upgrade the same number is another object, so both sides must
 * have one origin, the kinds must agree, and so must the wholes of parts.
 *
 * What is compared is the "from" side under the new names (sd_rebase), where
 * parts of what was renamed, and texts that name it, no longer differ.  What is
 * to be dropped and stands in the way of a new name gets a temporary one there.
 */
#include "postgres.h"

#include "base/hash.h"
#include "base/text.h"
#include "compare/borrowed.h"
#include "compare/follow.h"
#include "compare/form.h"
#include "compare/naming.h"
#include "compare/rename.h"
#include "kind/aspects.h"
#include "kind/enum.h"
#include "kind/kind.h"
#include "kind/names.h"

#define SD_PHASES 4

typedef struct Address
{
	Oid			classid;
	Oid			objid;
	int32		objsubid;
} Address;

typedef struct AddressEntry
{
	Address		address;		/* hash key */
	SdObject   *object;
} AddressEntry;

typedef struct ObjectEntry
{
	const char *key;			/* hash key, must be first */
	SdObject   *object;
} ObjectEntry;

typedef struct Pair
{
	const SdObject *from;
	const SdObject *to;
} Pair;

static bool
has_same_address(const SdObject *a, const SdObject *b)
{
	return a->classid == b->classid && a->objid == b->objid && a->objsubid == b->objsubid &&
		OidIsValid(a->objid);
}

static HTAB *
index_addresses(const SdSnapshot *side)
{
	HASHCTL		control = {0};
	HTAB	   *table;
	int			i;

	control.keysize = sizeof(Address);
	control.entrysize = sizeof(AddressEntry);
	control.hcxt = CurrentMemoryContext;
	table = hash_create("schemadrift addresses", 1024, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	for (i = 0; i < side->nobjects; i++)
	{
		SdObject   *object = side->objects[i];
		Address		address = {object->classid, object->objid, object->objsubid};

		if (!(object->kind->traits & SD_K_NAMELESS))
			((AddressEntry *) hash_search(table, &address, HASH_ENTER, NULL))->object = object;
	}
	return table;
}

/* Objects with one address and two keys. */
static List *
find_pairs(const SdSnapshot *from, const SdSnapshot *to, HTAB **addresses)
{
	List	   *pairs = NIL;
	int			i;

	for (i = 0; i < from->nobjects; i++)
	{
		const SdObject *object = from->objects[i];
		const SdObject *same = sd_snapshot_find(to, object->key);
		Address		address = {object->classid, object->objid, object->objsubid};
		AddressEntry *entry;
		Pair	   *pair;

		if ((object->kind->traits & SD_K_NAMELESS) || !OidIsValid(object->objid) ||
			(same && has_same_address(object, same)))
			continue;
		if (*addresses == NULL)
			*addresses = index_addresses(to);
		entry = hash_search(*addresses, &address, HASH_FIND, NULL);
		if (entry == NULL || entry->object->kind != object->kind)
			continue;
		pair = palloc(sizeof(Pair));
		pair->from = object;
		pair->to = entry->object;
		pairs = lappend(pairs, pair);
	}
	return pairs;
}

/* Do the parts belong to the same whole? */
static bool
have_same_whole(const SdSnapshot *from, const SdSnapshot *to, const Pair *pair)
{
	const SdObject *before = pair->from->parent ? sd_snapshot_find(from, pair->from->parent) : NULL;
	const SdObject *after = pair->to->parent ? sd_snapshot_find(to, pair->to->parent) : NULL;

	return before && after ? has_same_address(before, after) : before == after;
}

/* The renaming of the object by itself, given that of what it stands in; NULL = none. */
static SdChange *
own_rename(const SdNaming *naming, const Pair *pair)
{
	SdObject	now = *pair->from;
	SdNameParts before;
	SdNameParts after = sd_naming_parse(pair->to);
	SdChange   *change;

	now.identity = sd_naming_identity(naming, pair->from);
	if (strcmp(now.identity, pair->to->identity) == 0)
		return NULL;
	now.parent = sd_naming_parent(naming, pair->from);
	before = sd_naming_parse(&now);
	if (before.shape != after.shape)
		return NULL;
	change = palloc0(sizeof(SdChange));
	change->what = SD_CHANGE_RENAMED;
	change->from = pair->from;
	change->to = pair->to;
	change->has_new_name = strcmp(before.name, after.name) != 0;
	change->is_moved = before.schema && after.schema && strcmp(before.schema, after.schema) != 0;
	return change->has_new_name || change->is_moved ? change : NULL;
}

static void
add_place(SdNaming *naming, const SdChange *change)
{
	SdNameParts after = sd_naming_parse(change->to);

	sd_naming_add(naming, change->from, change->is_moved ? after.schema : NULL,
				  change->has_new_name ? after.name : NULL);
}

List *
sd_renames_find(const SdSnapshot *from, const SdSnapshot *to)
{
	HTAB	   *addresses = NULL;
	List	   *pairs = sd_snapshot_same_database(from, to) ? find_pairs(from, to, &addresses) : NIL;
	SdNaming   *naming;
	List	   *changes = NIL;
	ListCell   *cell;
	int			phase;

	if (pairs == NIL)
		return NIL;
	naming = sd_naming_create(from);
	for (phase = 0; phase < SD_PHASES; phase++)
		foreach(cell, pairs)
		{
			const Pair *pair = lfirst(cell);
			SdChange   *change;

			if (sd_naming_phase(pair->from) != phase || !have_same_whole(from, to, pair))
				continue;
			change = own_rename(naming, pair);
			if (change == NULL)
				continue;
			add_place(naming, change);
			changes = lappend(changes, change);
		}
	return changes;
}

/* -- rebasing ------------------------------------------------------------ */

/* The labels that were renamed of an enum that both sides have. */
static List *
label_names(const SdSnapshot *to, const SdNaming *naming, const SdObject *object)
{
	const SdObject *other;

	if (object == NULL || strcmp(object->kind->name, "enum") != 0)
		return NIL;
	other = sd_snapshot_find(to, sd_object_key(object->kind->name, sd_naming_identity(naming, object)));
	return other && has_same_address(object, other) ? sd_enum_renamed(object, other) : NIL;
}

static bool
has_renamed_labels(const SdSnapshot *from, const SdSnapshot *to, const SdNaming *naming)
{
	int			i;

	for (i = 0; i < from->nobjects; i++)
		if (label_names(to, naming, from->objects[i]))
			return true;
	return false;
}

static List *
add_name(List *names, const char *before, const char *after, bool is_label)
{
	SdNewName  *name = palloc(sizeof(SdNewName));

	name->before = before;
	name->after = after;
	name->is_label = is_label;
	return lappend(names, name);
}

typedef struct Rebasing
{
	const SdSnapshot *from;
	const SdSnapshot *to;
	SdNaming   *naming;
	bool		labels;
} Rebasing;

/* The new names that come of one object, if any. */
static List *
add_names_of(const Rebasing *r, List *names, const SdObject *object)
{
	const SdPlace *place = object ? sd_naming_place(r->naming, object) : NULL;
	ListCell   *cell;

	if (place)
	{
		SdNameParts parts = sd_naming_parse(place->object);

		if (place->name)
			names = add_name(names, parts.name, place->name, false);
		if (place->schema && parts.schema)
			names = add_name(names, parts.schema, place->schema, false);
	}
	foreach(cell, r->labels ? label_names(r->to, r->naming, object) : NIL)
	{
		const SdLabelName *label = lfirst(cell);

		names = add_name(names, label->before, label->after, true);
	}
	return names;
}

/* The same for what the object needs, and its whole. */
static List *
add_names_around(const Rebasing *r, List *names, const SdObject *object, int hops)
{
	ListCell   *cell;

	names = add_names_of(r, names, object);
	if (object == NULL || hops == 0)
		return names;
	foreach(cell, object->depends)
		names = add_names_around(r, names, sd_snapshot_find(r->from, ((SdDepend *) lfirst(cell))->key),
								 hops - 1);
	if (object->parent)
		names = add_names_around(r, names, sd_snapshot_find(r->from, object->parent), hops - 1);
	return names;
}

/* All new names that a text of the object may hold. */
static List *
names_for(const Rebasing *r, const SdObject *object)
{
	List	   *names = add_names_around(r, NIL, object, 2);
	ListCell   *cell;

	foreach(cell, sd_snapshot_parts(r->from, object->key, NULL))
		names = add_names_around(r, names, lfirst(cell), 1);
	foreach(cell, r->naming->places)
	{
		const SdPlace *place = lfirst(cell);

		if (sd_naming_phase(place->object) == 0)
			names = add_names_of(r, names, place->object);
	}
	return names;
}

/* Is the value text that the server keeps as it was written? */
static bool
is_verbatim(const SdObject *object, int property)
{
	const char *name = object->kind->properties[property].name;
	int			parsed;

	if (sd_aspects_is(object->kind, property) || strcmp(name, "library") == 0 || strcmp(name, "labels") == 0)
		return true;
	parsed = sd_kind_property(object->kind, "parsed_body");
	return strcmp(name, "body") == 0 && (parsed < 0 || object->values[parsed] == NULL);
}

/* A table's list of its columns under their new names. */
static char *
rebase_order(const Rebasing *r, const SdObject *table, const char *order)
{
	List	   *names = sd_split_names(order);
	ListCell   *cell;
	ListCell   *inner;

	foreach(cell, sd_snapshot_parts(r->from, table->key, "column"))
	{
		const SdPlace *place = sd_naming_place(r->naming, lfirst(cell));
		const char *name = sd_object_value(lfirst(cell), "name");

		if (place == NULL || place->name == NULL)
			continue;
		foreach(inner, sd_split_names(order))
			if (strcmp(lfirst(inner), name) == 0)
				lfirst(list_nth_cell(names, foreach_current_index(inner))) = unconstify(char *, place->name);
	}
	return sd_join(names, ", ");
}

static void
rebase_values(const Rebasing *r, SdObject *object, const SdObject *before)
{
	const SdObject *goal = sd_snapshot_find(r->to, object->key);
	const SdPlace *place = sd_naming_place(r->naming, before);
	int			name = sd_kind_property(object->kind, "name");
	List	   *names = NIL;
	bool		has_names = false;
	int			i;

	for (i = 0; i < object->kind->nproperties; i++)
	{
		const char *value = before->values[i];
		const char *after = goal ? goal->values[i] : NULL;
		char	   *borrowed;

		if (value == NULL || (after && strcmp(value, after) == 0))
			continue;
		if (i == name && place && place->name)
			object->values[i] = pstrdup(place->name);
		else if ((borrowed = sd_borrowed_value(r->naming, before, i, after)) != NULL)
		{
			object->values[i] = borrowed;
			continue;
		}
		if (i == name || is_verbatim(before, i))
			continue;
		if (strcmp(before->kind->properties[i].name, "column_order") == 0)
		{
			object->values[i] = rebase_order(r, before, value);
			continue;
		}
		if (after && !has_names)
		{
			names = names_for(r, before);
			has_names = true;
		}
		object->values[i] = after && sd_text_follows(value, after, names) ? pstrdup(after) :
			sd_naming_text(r->naming, value);
	}
}

static SdObject *
rebase_object(const Rebasing *r, const SdObject *before)
{
	SdObject   *object = palloc(sizeof(SdObject));
	ListCell   *cell;

	*object = *before;
	object->key = sd_object_key(before->kind->name, sd_naming_identity(r->naming, before));
	object->identity = object->key + strlen(before->kind->name) + 1;
	object->parent = sd_naming_parent(r->naming, before);
	object->values = palloc(sizeof(char *) * Max(before->kind->nproperties, 1));
	memcpy(object->values, before->values, sizeof(char *) * before->kind->nproperties);
	object->depends = NIL;
	foreach(cell, before->depends)
	{
		SdDepend   *depend = palloc(sizeof(SdDepend));

		*depend = *(SdDepend *) lfirst(cell);
		object->depends = lappend(object->depends, depend);
	}
	return object;
}

/* Names are taken; who gives way?  The one that the "to" side does not have so. */
static const SdObject *
doomed(const Rebasing *r, const SdObject *a, const SdObject *b)
{
	const SdObject *goal = sd_snapshot_find(r->to, sd_object_key(a->kind->name, sd_naming_identity(r->naming, a)));

	return goal && has_same_address(goal, a) ? b : a;
}

/*
 * Enter the object for the names it takes; where another has one of them, the
 * one that is to be dropped gets a temporary name.
 */
static List *
make_room_for(const Rebasing *r, HTAB *spaces, SdObject *object, List *moved)
{
	ListCell   *cell;

	foreach(cell, sd_naming_spaces(r->naming, object))
	{
		const char *space = lfirst(cell);
		bool		found;
		ObjectEntry *entry = hash_search(spaces, &space, HASH_ENTER, &found);
		const SdObject *gone;
		SdChange   *change;

		if (!found || entry->object == object)
		{
			entry->object = object;
			continue;
		}
		gone = doomed(r, entry->object, object);
		change = palloc0(sizeof(SdChange));
		change->what = SD_CHANGE_RENAMED;
		change->from = gone;
		change->has_new_name = true;
		moved = lappend(moved, change);
		sd_naming_add(r->naming, gone, NULL, psprintf("schemadrift_gone_%d", list_length(moved)));
		if (gone == object)
			return make_room_for(r, spaces, object, moved);
		entry->object = object;
	}
	return moved;
}

/* Move what is to be dropped out of the way of new names; wholes first. */
static List *
make_room(const Rebasing *r)
{
	HTAB	   *spaces = sd_text_hash_create("schemadrift spaces", sizeof(ObjectEntry), CurrentMemoryContext);
	List	   *moved = NIL;
	int			phase;
	int			i;

	for (phase = 0; phase < SD_PHASES; phase++)
		for (i = 0; i < r->from->nobjects; i++)
			if (sd_naming_phase(r->from->objects[i]) == phase)
				moved = make_room_for(r, spaces, r->from->objects[i], moved);
	return moved;
}

static void
enter(HTAB *table, const char *key, const SdObject *object)
{
	((ObjectEntry *) hash_search(table, &key, HASH_ENTER, NULL))->object = unconstify(SdObject *, object);
}

/* All objects under their new names. */
static void
rebase_objects(SdRebase *rebase, const Rebasing *r)
{
	const SdSnapshot *from = r->from;
	SdObject  **objects;
	MemoryContext caller;
	int			i;

	rebase->after = sd_snapshot_create(CurrentMemoryContext);
	caller = MemoryContextSwitchTo(rebase->after->context);
	objects = palloc(sizeof(SdObject *) * Max(from->nobjects, 1));
	rebase->after->server_version = from->server_version;
	rebase->after->form = from->form;
	rebase->after->database = from->database;
	rebase->by_before = sd_text_hash_create("schemadrift before", sizeof(ObjectEntry), CurrentMemoryContext);
	rebase->by_after = sd_text_hash_create("schemadrift after", sizeof(ObjectEntry), CurrentMemoryContext);

	/* the keys of all first, for dependencies */
	for (i = 0; i < from->nobjects; i++)
	{
		objects[i] = rebase_object(r, from->objects[i]);
		enter(rebase->by_before, from->objects[i]->key, objects[i]);
		enter(rebase->by_after, objects[i]->key, from->objects[i]);
	}
	for (i = 0; i < from->nobjects; i++)
	{
		ListCell   *cell;

		foreach(cell, objects[i]->depends)
		{
			SdDepend   *depend = lfirst(cell);
			ObjectEntry *entry = hash_search(rebase->by_before, &depend->key, HASH_FIND, NULL);

			if (entry)
				depend->key = entry->object->key;
		}
		rebase_values(r, objects[i], from->objects[i]);
		sd_form_digest(objects[i]);
		sd_snapshot_add(rebase->after, objects[i]);
	}
	MemoryContextSwitchTo(caller);
	sd_snapshot_finish(rebase->after);
}

SdRebase *
sd_rebase(const SdSnapshot *from, const SdSnapshot *to, List *changes, bool labels)
{
	SdRebase   *rebase = palloc0(sizeof(SdRebase));
	Rebasing	r = {from, to, sd_naming_create(from), false};
	ListCell   *cell;
	int			phase;

	rebase->before = from;
	rebase->after = unconstify(SdSnapshot *, from);
	for (phase = 0; phase < SD_PHASES; phase++)
		foreach(cell, changes)
		{
			SdChange   *change = lfirst(cell);

			if (change->what != SD_CHANGE_RENAMED || sd_naming_phase(change->from) != phase)
				continue;
			add_place(r.naming, change);
			rebase->renames = lappend(rebase->renames, change);
		}
	r.labels = labels && sd_snapshot_same_database(from, to) && has_renamed_labels(from, to, r.naming);
	if (rebase->renames == NIL && !r.labels)
		return rebase;
	if (rebase->renames)
		rebase->renames = list_concat(make_room(&r), rebase->renames);
	rebase_objects(rebase, &r);
	return rebase;
}

static const SdObject *
find_object(HTAB *table, const SdObject *object)
{
	ObjectEntry *entry = table && object ? hash_search(table, &object->key, HASH_FIND, NULL) : NULL;

	return entry ? entry->object : object;
}

const SdObject *
sd_rebase_after(const SdRebase *rebase, const SdObject *object)
{
	return find_object(rebase->by_before, object);
}

const SdObject *
sd_rebase_before(const SdRebase *rebase, const SdObject *object)
{
	return find_object(rebase->by_after, object);
}

List *
sd_rebase_changes(const SdRebase *rebase, List *changes)
{
	List	   *rebased = NIL;
	ListCell   *cell;

	if (rebase->before == rebase->after)
		return changes;
	foreach(cell, changes)
	{
		SdChange   *change = palloc(sizeof(SdChange));

		*change = *(SdChange *) lfirst(cell);
		change->from = sd_rebase_after(rebase, change->from);
		if (change->what != SD_CHANGE_RENAMED)
			rebased = lappend(rebased, change);
	}
	return rebased;
}
