/*
 * work.c
 *	  Decides object by object what a plan does, dependents included.
 */
#include "postgres.h"


#include "base/hash.h"
#include "compare/work.h"
#include "kind/aspects.h"
#include "kind/column.h"
#include "kind/kind.h"

typedef struct WorkEntry
{
	const char *key;			/* hash key, must be first */
	SdWork	   *work;
} WorkEntry;

typedef struct DependentsEntry
{
	const char *key;			/* hash key, must be first */
	List	   *objects;		/* SdObject * of the "from" side */
} DependentsEntry;

SdWork *
sd_work_find(const SdWorks *works, const char *key)
{
	WorkEntry  *entry = hash_search(works->by_key, &key, HASH_FIND, NULL);

	return entry ? entry->work : NULL;
}

/* The work for a key, made when there is none. */
static SdWork *
get_work(SdWorks *works, const char *key)
{
	bool		found;
	WorkEntry  *entry = hash_search(works->by_key, &key, HASH_ENTER, &found);

	if (!found)
	{
		entry->work = palloc0(sizeof(SdWork));
		entry->work->key = key;
		entry->work->from = sd_snapshot_find(works->from, key);
		entry->work->to = sd_snapshot_find(works->to, key);
		works->list = lappend(works->list, entry->work);
	}
	return entry->work;
}

/* Can the change be made by altering? */
static bool
is_alterable(const SdWorks *works, const SdChange *change)
{
	SdDdl		ddl;

	sd_ddl_init(&ddl, works->to, change->to->key);
	ddl.other = works->from;
	return sd_kind_alter(&ddl, change);
}

/*
 * What is built anew for the object: itself, or the whole that writes it and
 * holds no data, since there it would come back in another place.
 */
static const char *
rebuilt_key(const SdObject *object)
{
	int			traits = object->kind->traits;

	return object->parent && (traits & SD_K_INLINE) && !(traits & SD_K_HOLDS_DATA) ?
		object->parent : object->key;
}

/* Its parts follow when the dependents do (sd_works_spread). */
static void
build_anew(SdWork *work)
{
	work->drop = work->create = true;
	work->change = NULL;
}

/* Columns that are another one's from now on, although nothing else of them differs. */
static void
give_up_columns(SdWorks *works)
{
	const SdKind *column = sd_kind_find("column");
	int			i;

	for (i = 0; i < works->to->nobjects; i++)
	{
		const SdObject *object = works->to->objects[i];

		if (object->kind == column && sd_column_is_given_up(works->from, works->to, object))
			build_anew(get_work(works, object->key));
	}
}

SdWorks *
sd_works_create(const SdSnapshot *from, const SdSnapshot *to, List *changes)
{
	SdWorks    *works = palloc0(sizeof(SdWorks));
	ListCell   *cell;

	works->from = from;
	works->to = to;
	works->plan = palloc0(sizeof(SdPlan));
	works->by_key = sd_text_hash_create("schemadrift work", sizeof(WorkEntry), CurrentMemoryContext);
	foreach(cell, changes)
	{
		const SdChange *change = lfirst(cell);
		SdWork	   *work = get_work(works, change->to ? change->to->key : change->from->key);

		if (change->what == SD_CHANGE_REMOVED)
			work->drop = true;
		else if (change->what == SD_CHANGE_ADDED)
			work->create = true;
		else if (is_alterable(works, change))
			work->change = change;
		else
		{
			build_anew(work);
			build_anew(get_work(works, rebuilt_key(change->to)));
		}
	}
	give_up_columns(works);
	return works;
}

static void
add_dependent(HTAB *dependents, const char *key, SdObject *object)
{
	bool		found;
	DependentsEntry *entry = hash_search(dependents, &key, HASH_ENTER, &found);

	if (!found)
		entry->objects = NIL;
	entry->objects = lappend(entry->objects, object);
}

/* Who needs whom on the "from" side, turned around. */
static HTAB *
find_dependents(const SdSnapshot *from)
{
	HTAB	   *dependents = sd_text_hash_create("schemadrift dependents", sizeof(DependentsEntry),
											 CurrentMemoryContext);
	ListCell   *cell;
	int			i;

	for (i = 0; i < from->nobjects; i++)
	{
		SdObject   *object = from->objects[i];

		foreach(cell, object->depends)
			add_dependent(dependents, ((SdDepend *) lfirst(cell))->key, object);
		if (object->parent)
			add_dependent(dependents, object->parent, object);
	}
	return dependents;
}

static SdNeed
need_of(const SdObject *object, const char *key)
{
	ListCell   *cell;

	foreach(cell, object->depends)
		if (strcmp(((SdDepend *) lfirst(cell))->key, key) == 0)
			return ((SdDepend *) lfirst(cell))->need;
	return SD_NEED_EARLY;
}

/* Does its change make the server refuse while bound text uses the object? */
static bool
forces_rebuild(const SdWork *work)
{
	int			i = -1;

	if (work->change == NULL)
		return false;
	while ((i = bms_next_member(work->change->properties, i)) >= 0)
		if (work->to->kind->properties[i].flags & SD_P_REBUILD)
			return true;
	return false;
}

static bool
needs(const SdObject *object, const char *key)
{
	ListCell   *cell;

	foreach(cell, object->depends)
		if (strcmp(((SdDepend *) lfirst(cell))->key, key) == 0)
			return true;
	return false;
}

/*
 * Free an object that holds data from the cause.  Returns true when it was
 * not freed before, so that what is bound to it has to give way too.
 */
static bool
release(SdWorks *works, SdWork *dependent, const SdWork *cause)
{
	const SdKind *kind = dependent->from->kind;
	SdDdl		ddl;

	/* it changes over to something else, which is ordered before the drop */
	if (dependent->to && !needs(dependent->to, cause->key))
		return false;
	sd_ddl_init(&ddl, works->from, dependent->key);
	if (kind->release && kind->release(&ddl, dependent->from, cause->from))
	{
		bool		before = dependent->released_from != NULL;

		dependent->released_from = cause->from;
		return !before;
	}
	works->plan->impossible =
		lappend(works->plan->impossible,
				psprintf("The %s %s must be dropped and created again, but the %s %s holds data and uses it.",
						 cause->to->kind->name, cause->to->identity, kind->name, dependent->from->identity));
	return false;
}

/*
 * What becomes of a dependent that both sides have, when the object it needs
 * is built anew.  Returns true when that in turn concerns its own dependents.
 */
static bool
rebuild_dependent(SdWorks *works, SdWork *dependent, const SdWork *cause)
{
	const SdObject *object = dependent->from;
	SdNeed		need = need_of(object, cause->key);
	bool		is_part = object->parent && strcmp(object->parent, cause->key) == 0;

	if (need != SD_NEED_EARLY && (object->kind->traits & SD_K_HOLDS_DATA))
	{
		dependent->relate = true;
		return false;
	}
	if ((object->kind->traits & SD_K_HOLDS_DATA) && !is_part)
		return release(works, dependent, cause);
	build_anew(dependent);
	return true;
}

/*
 * Must the object go while the one it uses changes its type?  What is bound to
 * text always; an index also where the type on the way there is another one.
 */
static bool
gives_way(const SdObject *object, const SdWork *cause)
{
	return (object->kind->traits & SD_K_TEXT_BOUND) ||
		(cause->released_from && !(object->kind->traits & SD_K_HOLDS_DATA));
}

/*
 * Does an object that both sides have stand in the way of dropping another
 * that only the "from" side has?  Its text is the same and means something
 * else: a table became a view, a key got another name.  What changes by itself
 * is ordered before the drop, where a change can let go of what it needed.
 */
static bool
clings_to_gone(const SdWorks *works, const SdObject *object, const SdWork *gone)
{
	const SdWork *work = sd_work_find(works, object->key);
	int			definition;
	int			i = -1;

	if (gone->from->parent && strcmp(gone->from->parent, object->key) == 0)
		return false;
	if ((object->kind->traits & SD_K_HOLDS_DATA) && need_of(object, gone->key) == SD_NEED_EARLY)
		return false;
	definition = sd_kind_property(object->kind, "definition");
	if (definition >= 0 && (object->kind->properties[definition].flags & SD_P_RECREATE))
		return true;
	while (work && work->change && (i = bms_next_member(work->change->properties, i)) >= 0)
		if (!sd_aspects_is(object->kind, i))
			return false;
	return true;
}

/* The value of a property that not all kinds have. */
static const char *
value_if_any(const SdObject *object, const char *name)
{
	int			property = sd_kind_property(object->kind, name);

	return property < 0 ? NULL : object->values[property];
}

/* Is the index dropped, by itself or with the constraint that rests on it? */
static bool
drops_index(const SdWorks *works, const char *index)
{
	ListCell   *cell;

	foreach(cell, works->list)
	{
		const SdWork *work = lfirst(cell);
		const char *name = work->drop ? value_if_any(work->from, "index") : NULL;

		if (work->drop && strcmp(name ? name : work->from->identity, index) == 0)
			return true;
	}
	return false;
}

/*
 * A partition's index cannot leave the index that it is attached to.  Building
 * that anew would take it from all partitions; so it is left to people.
 */
static void
check_attached(SdWorks *works)
{
	ListCell   *cell;

	foreach(cell, works->list)
	{
		SdWork	   *work = lfirst(cell);
		const char *index = work->drop ? value_if_any(work->from, "attached_to") : NULL;
		const SdWork *whole = index ? sd_work_find(works, work->from->parent) : NULL;

		if (index == NULL || (whole && whole->drop) || drops_index(works, index))
			continue;
		works->plan->impossible =
			lappend(works->plan->impossible,
					psprintf("The %s %s is attached to the index %s and can only be dropped with it,"
							 " or once its table is detached.",
							 work->from->kind->name, work->from->identity, index));
		work->drop = work->create = false;
	}
}

void
sd_works_spread(SdWorks *works)
{
	HTAB	   *dependents = NULL;
	List	   *queue = list_copy(works->list);
	int			i;

	/* the queue grows while it is walked */
	for (i = 0; i < list_length(queue); i++)
	{
		SdWork	   *work = list_nth(queue, i);
		bool		anew = work->drop && work->create;
		bool		gone = work->drop && !work->create;
		bool		forces = forces_rebuild(work) || work->released_from;
		DependentsEntry *entry;
		ListCell   *cell;

		if (!anew && !gone && !forces)
			continue;
		if (dependents == NULL)
			dependents = find_dependents(works->from);
		entry = hash_search(dependents, &work->key, HASH_FIND, NULL);
		foreach(cell, entry ? entry->objects : NIL)
		{
			const SdObject *object = lfirst(cell);
			SdWork	   *dependent;
			bool		is_part;

			if (sd_snapshot_find(works->to, object->key) == NULL)
				continue;
			if (!anew && forces && !gives_way(object, work))
				continue;
			if (gone && !clings_to_gone(works, object, work))
				continue;
			is_part = object->parent && strcmp(object->parent, work->key) == 0;
			dependent = get_work(works, is_part ? object->key : rebuilt_key(object));
			if (dependent->drop)
				continue;
			if (rebuild_dependent(works, dependent, work))
				queue = lappend(queue, dependent);
		}
	}
	check_attached(works);
}
