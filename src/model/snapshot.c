/*
 * snapshot.c
 *	  A set of objects: look-up by key, parts, canonical order, fingerprint.
 *
 * Order is by key bytes, never by a collation, so that two servers agree; that of
 * a fingerprint by key bytes in UTF-8, so that two encodings do.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/hash.h"
#include "base/text.h"
#include "model/snapshot.h"

/* Objects and texts are put into blocks of that size. */
#define SD_SNAPSHOT_BLOCK (64 * 1024)
/* A longer text is not expected to come again. */
#define SD_SHORT_TEXT 96

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

/* Objects grow from the start of a block, texts, which need no alignment, from its end. */
static void
need(SdSnapshot *snapshot, size_t size)
{
	if (snapshot->free_end - snapshot->free_start >= size)
		return;
	snapshot->free_start = MemoryContextAlloc(snapshot->context, SD_SNAPSHOT_BLOCK);
	snapshot->free_end = snapshot->free_start + SD_SNAPSHOT_BLOCK;
}

void *
sd_snapshot_alloc(SdSnapshot *snapshot, size_t size)
{
	void	   *memory;

	size = MAXALIGN(size);
	if (size > SD_SNAPSHOT_BLOCK / 8)
		return MemoryContextAllocZero(snapshot->context, size);
	need(snapshot, size);
	memory = snapshot->free_start;
	snapshot->free_start += size;
	memset(memory, 0, size);
	return memory;
}

static char *
alloc_text(SdSnapshot *snapshot, size_t size)
{
	if (size > SD_SNAPSHOT_BLOCK / 8)
		return MemoryContextAlloc(snapshot->context, size);
	need(snapshot, size);
	return snapshot->free_end -= size;
}

char *
sd_snapshot_text(SdSnapshot *snapshot, const char *text)
{
	size_t		size;
	char	  **recent = NULL;
	char	   *copy;

	if (text == NULL)
		return NULL;
	size = strlen(text) + 1;
	if (size <= SD_SHORT_TEXT)
	{
		recent = &snapshot->recent[hash_bytes((const unsigned char *) text, size) % SD_RECENT_TEXTS];
		if (*recent && strcmp(*recent, text) == 0)
			return *recent;
	}
	copy = alloc_text(snapshot, size);
	memcpy(copy, text, size);
	if (recent)
		*recent = copy;
	return copy;
}

char *
sd_snapshot_key(SdSnapshot *snapshot, const char *kind, const char *identity)
{
	size_t		length = strlen(kind);
	size_t		size = strlen(identity) + 1;
	char	   *key = alloc_text(snapshot, length + 1 + size);

	memcpy(key, kind, length);
	key[length] = ' ';
	memcpy(key + length + 1, identity, size);
	return key;
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

/* -- order ------------------------------------------------------------------- */

/*
 * Keys begin alike ("column public."), so a comparison of whole keys reads the
 * same bytes over and over.  Instead objects are sorted by eight bytes at a time,
 * as a number, and those that are equal so far by the next eight.
 */
typedef struct SortItem
{
	uint64		bytes;			/* of the key at the depth looked at; 0 after its end */
	const char *key;
	SdObject   *object;
} SortItem;

/* So few are compared as texts. */
#define SD_SORT_FEW 8

#define ST_SORT sort_by_bytes
#define ST_ELEMENT_TYPE SortItem
#define ST_COMPARE(a, b) ((a)->bytes < (b)->bytes ? -1 : (a)->bytes > (b)->bytes)
#define ST_SCOPE static
#define ST_DECLARE
#define ST_DEFINE
#include "lib/sort_template.h"

static uint64
bytes_at(const char *key)
{
	uint64		bytes = 0;
	int			i;

	for (i = 0; i < 8 && key[i]; i++)
		bytes |= (uint64) (unsigned char) key[i] << (56 - 8 * i);
	return bytes;
}

static void
sort_few(SortItem *items, int nitems, size_t depth)
{
	int			i;
	int			j;

	for (i = 1; i < nitems; i++)
	{
		SortItem	item = items[i];

		for (j = i; j > 0 && strcmp(items[j - 1].key + depth, item.key + depth) > 0; j--)
			items[j] = items[j - 1];
		items[j] = item;
	}
}

/* All keys have the same bytes before depth; none is another's twin. */
static void
sort_from(SortItem *items, int nitems, size_t depth)
{
	int			start;
	int			end;
	int			i;

	if (nitems <= SD_SORT_FEW)
	{
		sort_few(items, nitems, depth);
		return;
	}
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	for (i = 0; i < nitems; i++)
		items[i].bytes = bytes_at(items[i].key + depth);
	sort_by_bytes(items, nitems);
	for (start = 0; start < nitems; start = end)
	{
		for (end = start + 1; end < nitems && items[end].bytes == items[start].bytes; end++)
			;
		if (end > start + 1)
			sort_from(items + start, end - start, depth + 8);
	}
}

static void
sort_objects(SdSnapshot *snapshot)
{
	SortItem   *items = MemoryContextAllocHuge(snapshot->context, sizeof(SortItem) * Max(snapshot->nobjects, 1));
	int			i;

	for (i = 0; i < snapshot->nobjects; i++)
	{
		items[i].object = snapshot->objects[i];
		items[i].key = items[i].object->key;
	}
	sort_from(items, snapshot->nobjects, 0);
	for (i = 0; i < snapshot->nobjects; i++)
		snapshot->objects[i] = items[i].object;
	pfree(items);
}

/* File every part under its whole; objects are in order by now. */
static void
link_parts(SdSnapshot *snapshot)
{
	MemoryContext caller = MemoryContextSwitchTo(snapshot->context);
	PartsEntry *entry = NULL;
	int			i;

	for (i = 0; i < snapshot->nobjects; i++)
	{
		const char *parent = snapshot->objects[i]->parent;
		bool		found = true;

		if (parent == NULL)
			continue;
		/* columns of one table come together, and mostly share its text */
		if (entry == NULL || entry->key != parent)
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

static int
compare_in_utf8(const void *a, const void *b)
{
	return strcmp(((const KeyEntry *) a)->key, ((const KeyEntry *) b)->key);
}

/*
 * The objects in the order that a fingerprint has them in.  Only where the
 * bytes of the database's encoding may come in another order is that not theirs.
 */
static SdObject **
fingerprint_order(const SdSnapshot *snapshot)
{
	int			encoding = GetDatabaseEncoding();
	SdObject  **objects = snapshot->objects;
	KeyEntry   *keys;
	int			i;

	if (encoding == PG_UTF8 || encoding == PG_SQL_ASCII || encoding == PG_LATIN1)
		return objects;
	keys = MemoryContextAllocHuge(snapshot->context, sizeof(KeyEntry) * Max(snapshot->nobjects, 1));
	objects = MemoryContextAllocHuge(snapshot->context, sizeof(SdObject *) * Max(snapshot->nobjects, 1));
	for (i = 0; i < snapshot->nobjects; i++)
	{
		keys[i].key = sd_utf8(snapshot->objects[i]->key);
		keys[i].object = snapshot->objects[i];
	}
	qsort(keys, snapshot->nobjects, sizeof(KeyEntry), compare_in_utf8);
	for (i = 0; i < snapshot->nobjects; i++)
		objects[i] = keys[i].object;
	return objects;
}

static char *
fingerprint_of(const SdSnapshot *snapshot, bool local)
{
	SdObject  **objects = fingerprint_order(snapshot);
	SdDigest   *digest = sd_digest_begin();
	uint8		result[SD_DIGEST_LENGTH];
	int			i;

	for (i = 0; i < snapshot->nobjects; i++)
		if (objects[i]->local == local)
			sd_digest_add(digest, sd_object_open_digest(objects[i]), SD_DIGEST_LENGTH);
	sd_digest_finish(digest, result);
	return MemoryContextStrdup(snapshot->context, sd_fingerprint(snapshot->form, result));
}

void
sd_snapshot_finish(SdSnapshot *snapshot)
{
	int			i;

	sort_objects(snapshot);
	link_parts(snapshot);
	for (i = 0; i < snapshot->nobjects; i++)
		snapshot->inexact = snapshot->inexact || snapshot->objects[i]->unread ||
			snapshot->objects[i]->has_secrets;
	snapshot->fingerprint = fingerprint_of(snapshot, false);
	snapshot->local_fingerprint = fingerprint_of(snapshot, true);
}
