/*
 * snapshot.c
 *	  A set of objects: look-up by key, parts, canonical order, fingerprint.
 *
 * Order is by key bytes, never by a collation, so that two servers agree.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "base/hash.h"
#include "model/snapshot.h"

typedef struct KeyEntry
{
	const char *key;			/* hash key, must be first */
	SdObject   *object;
} KeyEntry;

typedef struct PartsEntry
{
	const char *key;			/* hash key, must be first */
	List	   *parts;			/* SdObject *, in canonical order */
} PartsEntry;

SdSnapshot *
sd_snapshot_create(MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "schemadrift snapshot",
												  ALLOCSET_DEFAULT_SIZES);
	SdSnapshot *snapshot = MemoryContextAllocZero(context, sizeof(SdSnapshot));

	snapshot->context = context;
	snapshot->form = SD_FORM;
	snapshot->capacity = 1024;
	snapshot->objects = MemoryContextAlloc(context, sizeof(SdObject *) * snapshot->capacity);
	snapshot->by_key = sd_text_hash_create("schemadrift objects", sizeof(KeyEntry), context);
	snapshot->by_parent = sd_text_hash_create("schemadrift parts", sizeof(PartsEntry), context);
	return snapshot;
}

char *
sd_fingerprint(int form, const uint8 *digest)
{
	return psprintf("sd%d:%s", form, sd_digest_hex(digest));
}

void
sd_snapshot_add(SdSnapshot *snapshot, SdObject *object)
{
	const char *key = object->key;
	KeyEntry   *entry;
	bool		found;

	entry = hash_search(snapshot->by_key, &key, HASH_ENTER, &found);
	if (found)
		elog(ERROR, "object \"%s\" was collected twice", key);
	entry->object = object;
	if (snapshot->nobjects == snapshot->capacity)
	{
		snapshot->capacity *= 2;
		snapshot->objects = repalloc_huge(snapshot->objects,
										  sizeof(SdObject *) * snapshot->capacity);
	}
	snapshot->objects[snapshot->nobjects++] = object;
}

SdObject *
sd_snapshot_find(const SdSnapshot *snapshot, const char *key)
{
	KeyEntry   *entry = hash_search(snapshot->by_key, &key, HASH_FIND, NULL);

	return entry ? entry->object : NULL;
}

static int
compare_objects(const void *a, const void *b)
{
	return strcmp((*(SdObject *const *) a)->key, (*(SdObject *const *) b)->key);
}

/* File every part under its whole; objects are in order by now. */
static void
link_parts(SdSnapshot *snapshot)
{
	MemoryContext caller = MemoryContextSwitchTo(snapshot->context);
	int			i;

	for (i = 0; i < snapshot->nobjects; i++)
	{
		const char *parent = snapshot->objects[i]->parent;
		PartsEntry *entry;
		bool		found;

		if (parent == NULL)
			continue;
		entry = hash_search(snapshot->by_parent, &parent, HASH_ENTER, &found);
		if (!found)
			entry->parts = NIL;
		entry->parts = lappend(entry->parts, snapshot->objects[i]);
	}
	MemoryContextSwitchTo(caller);
}

List *
sd_snapshot_of_kind(const SdSnapshot *snapshot, const char *kind)
{
	char	   *prefix = psprintf("%s ", kind);
	size_t		length = strlen(prefix);
	int			low = 0;
	int			high = snapshot->nobjects;
	List	   *objects = NIL;

	/* those of a kind stand together: find the first */
	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (strncmp(snapshot->objects[middle]->key, prefix, length) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < snapshot->nobjects && strncmp(snapshot->objects[low]->key, prefix, length) == 0; low++)
		objects = lappend(objects, snapshot->objects[low]);
	return objects;
}

List *
sd_snapshot_parts(const SdSnapshot *snapshot, const char *key, const char *kind)
{
	PartsEntry *entry = hash_search(snapshot->by_parent, &key, HASH_FIND, NULL);
	List	   *parts = NIL;
	ListCell   *cell;

	if (entry == NULL)
		return NIL;
	foreach(cell, entry->parts)
	{
		SdObject   *part = lfirst(cell);
		size_t		length = kind ? strlen(kind) : 0;

		if (kind == NULL ||
			(strncmp(part->key, kind, length) == 0 && part->key[length] == ' '))
			parts = lappend(parts, part);
	}
	return parts;
}

bool
sd_snapshot_same_database(const SdSnapshot *a, const SdSnapshot *b)
{
	return a->database && b->database && strcmp(a->database, b->database) == 0;
}

bool
sd_snapshot_equal(const SdSnapshot *a, const SdSnapshot *b)
{
	return !a->inexact && !b->inexact && strcmp(a->fingerprint, b->fingerprint) == 0 &&
		(!sd_snapshot_same_database(a, b) || strcmp(a->local_fingerprint, b->local_fingerprint) == 0);
}

static char *
fingerprint_of(const SdSnapshot *snapshot, bool local)
{
	SdDigest   *digest = sd_digest_begin();
	uint8		result[SD_DIGEST_LENGTH];
	int			i;

	for (i = 0; i < snapshot->nobjects; i++)
		if (snapshot->objects[i]->local == local)
			sd_digest_add(digest, sd_object_open_digest(snapshot->objects[i]), SD_DIGEST_LENGTH);
	sd_digest_finish(digest, result);
	return MemoryContextStrdup(snapshot->context, sd_fingerprint(snapshot->form, result));
}

void
sd_snapshot_finish(SdSnapshot *snapshot)
{
	int			i;

	qsort(snapshot->objects, snapshot->nobjects, sizeof(SdObject *), compare_objects);
	link_parts(snapshot);
	for (i = 0; i < snapshot->nobjects; i++)
		snapshot->inexact = snapshot->inexact || snapshot->objects[i]->unread ||
			snapshot->objects[i]->open_digest;
	snapshot->fingerprint = fingerprint_of(snapshot, false);
	snapshot->local_fingerprint = fingerprint_of(snapshot, true);
}
