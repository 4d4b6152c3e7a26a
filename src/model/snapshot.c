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

void
sd_snapshot_finish(SdSnapshot *snapshot)
{
	SdDigest   *digest = sd_digest_begin();
	uint8		result[SD_DIGEST_LENGTH];
	int			i;

	qsort(snapshot->objects, snapshot->nobjects, sizeof(SdObject *), compare_objects);
	link_parts(snapshot);
	for (i = 0; i < snapshot->nobjects; i++)
	{
		const SdObject *object = snapshot->objects[i];

		sd_digest_add(digest, sd_object_open_digest(object), SD_DIGEST_LENGTH);
		snapshot->inexact = snapshot->inexact || object->unread || object->open_digest;
	}
	sd_digest_finish(digest, result);
	snapshot->fingerprint = MemoryContextStrdup(snapshot->context,
												sd_fingerprint(snapshot->form, result));
}
