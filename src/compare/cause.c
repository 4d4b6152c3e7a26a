/*
 * cause.c
 *	  Which differences were brought about by another one.
 *
 * DROP TABLE … CASCADE takes views, foreign keys, policies and defaults along;
 * to people that is one thing.  It must have been one command: a view that was
 * dropped by a statement of its own was somebody's decision, and stands alone.
 * Without captured commands nothing can be told apart, and what could not have
 * stayed is taken to have gone along.
 */
#include "postgres.h"

#include "base/hash.h"
#include "compare/cause.h"
#include "kind/kind.h"

typedef struct CauseEntry
{
	const char *key;			/* hash key, must be first: of an object that came or went */
	SdItem	   *item;
} CauseEntry;

typedef struct Causes
{
	const SdSnapshot *from;
	HTAB	   *removed;
	HTAB	   *added;
} Causes;

static SdItem *
find(HTAB *table, const char *key)
{
	CauseEntry *entry = hash_search(table, &key, HASH_FIND, NULL);

	return entry ? entry->item : NULL;
}

/* The item of what went with that key: the object's own, or of what it is a part of. */
static SdItem *
find_removed(const Causes *causes, const char *key)
{
	const SdObject *object;
	SdItem	   *item;

	while ((item = find(causes->removed, key)) == NULL)
	{
		object = sd_snapshot_find(causes->from, key);
		if (object == NULL || object->parent == NULL)
			return NULL;
		key = object->parent;
	}
	return item;
}

static bool
still_needs(const SdObject *object, const char *key)
{
	ListCell   *cell;

	foreach(cell, object ? object->depends : NIL)
		if (strcmp(((SdDepend *) lfirst(cell))->key, key) == 0)
			return true;
	return false;
}

/* What went, or lost a property, because something that it needed went. */
static SdItem *
cause_of_loss(const Causes *causes, const SdItem *item)
{
	const SdChange *change = item->source;
	ListCell   *cell;
	SdItem	   *cause = NULL;

	if (change->from == NULL || (item->change != SD_CHANGE_REMOVED && item->actual != NULL))
		return NULL;
	if (item->change == SD_CHANGE_REMOVED && change->from->parent)
		cause = find_removed(causes, change->from->parent);
	foreach(cell, change->from->depends)
	{
		const char *key = ((SdDepend *) lfirst(cell))->key;

		if (cause && cause != item && cause->event_id == item->event_id)
			return cause;
		if (item->change == SD_CHANGE_REMOVED || !still_needs(change->to, key))
			cause = find_removed(causes, key);
	}
	return cause && cause != item && cause->event_id == item->event_id ? cause : NULL;
}

/* The sequence of a serial column came with the table or the column. */
static SdItem *
cause_of_gain(const Causes *causes, const SdItem *item)
{
	const SdObject *object = item->source->to;
	ListCell   *cell;

	if (item->change != SD_CHANGE_ADDED || item->event_id == 0)
		return NULL;
	foreach(cell, object->depends)
	{
		const SdDepend *depend = lfirst(cell);
		const char *dot = strrchr(depend->key, '.');
		SdItem	   *cause;

		if (depend->need != SD_NEED_OWNER)
			continue;
		cause = find(causes->added, depend->key);
		/* a new table's column is no item of its own: "column s.t.c" */
		if (cause == NULL && dot && strncmp(depend->key, "column ", 7) == 0)
			cause = find(causes->added, sd_object_key("table", pnstrdup(depend->key + 7, dot - depend->key - 7)));
		if (cause && cause != item && cause->event_id == item->event_id)
			return cause;
	}
	return NULL;
}

static void
enter(HTAB *table, const char *key, SdItem *item)
{
	((CauseEntry *) hash_search(table, &key, HASH_ENTER, NULL))->item = item;
}

void
sd_causes_find(const SdSnapshot *from, List *items)
{
	Causes		causes = {.from = from};
	ListCell   *cell;
	int			steps;

	causes.removed = sd_text_hash_create("schemadrift removed", sizeof(CauseEntry), CurrentMemoryContext);
	causes.added = sd_text_hash_create("schemadrift added", sizeof(CauseEntry), CurrentMemoryContext);
	foreach(cell, items)
	{
		SdItem	   *item = lfirst(cell);

		if (item->source && item->change == SD_CHANGE_REMOVED)
			enter(causes.removed, item->source->from->key, item);
		else if (item->source && item->change == SD_CHANGE_ADDED)
			enter(causes.added, item->source->to->key, item);
	}
	foreach(cell, items)
	{
		SdItem	   *item = lfirst(cell);
		SdItem	   *cause = item->source ? cause_of_loss(&causes, item) : NULL;

		item->cause = cause || item->source == NULL ? cause : cause_of_gain(&causes, item);
	}
	/* up to the first cause; tables that refer to each other may go round */
	foreach(cell, items)
	{
		SdItem	   *item = lfirst(cell);

		for (steps = 0; item->cause && item->cause->cause && steps < list_length(items); steps++)
		{
			if (item->cause->cause == item)
			{
				item->cause->cause = NULL;
				break;
			}
			item->cause = item->cause->cause;
		}
	}
	hash_destroy(causes.removed);
	hash_destroy(causes.added);
}
