/*
 * object_state.c
 *	  Which objects had which address when the last check ended.
 *
 * Objects made together have neighbouring oids, so a row holds those of a few
 * oids: what one command touches is in a row or two, and storing a hundred
 * thousand objects takes a few thousand rows.  Unlogged like page_state, and
 * written like it without SQL.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "base/spi.h"
#include "source/reach.h"
#include "store/object_state.h"
#include "store/table.h"

#define SD_BUCKET_OIDS 16

enum
{
	COLUMN_BUCKET,
	COLUMN_OBJECTS,
	COLUMNS
};

static const SdTableColumn columns[COLUMNS] = {
	{"bucket", INT8OID},
	{"objects", BYTEAOID}
};

/* How a row's objects follow each other, each key with its NUL. */
typedef struct Stored
{
	Oid			classid;
	Oid			objid;
	uint32		length;			/* of the key, with its NUL */
} Stored;

typedef struct Bucket
{
	int64		number;			/* hash key */
	bool		is_stored;
	ItemPointerData tid;
	StringInfoData objects;
} Bucket;

static Relation
open_state(LOCKMODE mode)
{
	Relation	rel = table_open(get_relname_relid("object_state", get_namespace_oid("schemadrift", false)), mode);

	sd_table_check(rel, columns, COLUMNS);
	return rel;
}

static void
append_object(StringInfo objects, Oid classid, Oid objid, const char *key)
{
	Stored		stored = {classid, objid, strlen(key) + 1};

	appendBinaryStringInfo(objects, (char *) &stored, sizeof(stored));
	appendBinaryStringInfo(objects, key, stored.length);
}

static HeapTuple
form_row(Relation rel, int64 number, const StringInfo objects)
{
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS] = {false};
	bytea	   *datum = palloc(VARHDRSZ + objects->len);

	SET_VARSIZE(datum, VARHDRSZ + objects->len);
	memcpy(VARDATA(datum), objects->data, objects->len);
	values[COLUMN_BUCKET] = Int64GetDatum(number);
	values[COLUMN_OBJECTS] = PointerGetDatum(datum);
	return heap_form_tuple(RelationGetDescr(rel), values, nulls);
}

static int
compare_addresses(const void *a, const void *b)
{
	Oid			x = (*(SdObject *const *) a)->objid;
	Oid			y = (*(SdObject *const *) b)->objid;

	return x < y ? -1 : x > y ? 1 : 0;
}

void
sd_object_state_replace(const SdSnapshot *live)
{
	Relation	rel;
	SdObject  **objects = MemoryContextAllocHuge(CurrentMemoryContext,
												 sizeof(SdObject *) * Max(live->nobjects, 1));
	CatalogIndexState indexes;
	StringInfoData row;
	int			i;

	(void) sd_spi_command("DELETE FROM schemadrift.object_state", 0, NULL);
	memcpy(objects, live->objects, sizeof(SdObject *) * live->nobjects);
	qsort(objects, live->nobjects, sizeof(SdObject *), compare_addresses);
	rel = open_state(RowExclusiveLock);
	indexes = CatalogOpenIndexes(rel);
	initStringInfo(&row);
	for (i = 0; i < live->nobjects; i++)
	{
		const SdObject *object = objects[i];
		int64		number = object->objid / SD_BUCKET_OIDS;

		append_object(&row, object->classid, object->objid, object->key);
		if (i + 1 < live->nobjects && objects[i + 1]->objid / SD_BUCKET_OIDS == number)
			continue;
		CatalogTupleInsertWithInfo(rel, form_row(rel, number, &row), indexes);
		resetStringInfo(&row);
	}
	CatalogCloseIndexes(indexes);
	table_close(rel, NoLock);
	pfree(objects);
	CommandCounterIncrement();
}

/* -- a few of them ------------------------------------------------------- */

static void
load_bucket(Relation rel, Bucket *bucket)
{
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		is_null;
	bytea	   *objects;

	ScanKeyInit(&key, COLUMN_BUCKET + 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(bucket->number));
	scan = systable_beginscan(rel, sd_table_index(rel, "object_state_pkey"), true, GetActiveSnapshot(), 1, &key);
	tuple = systable_getnext(scan);
	bucket->is_stored = HeapTupleIsValid(tuple);
	initStringInfo(&bucket->objects);
	if (bucket->is_stored)
	{
		bucket->tid = tuple->t_self;
		objects = DatumGetByteaPP(heap_getattr(tuple, COLUMN_OBJECTS + 1, RelationGetDescr(rel), &is_null));
		appendBinaryStringInfo(&bucket->objects, VARDATA_ANY(objects), VARSIZE_ANY_EXHDR(objects));
	}
	systable_endscan(scan);
}

/* The buckets of the addresses, as stored. */
static HTAB *
load_buckets(Relation rel, HTAB *reached)
{
	HASHCTL		control = {0};
	HASH_SEQ_STATUS scan;
	SdReached  *address;
	HTAB	   *buckets;

	control.keysize = sizeof(int64);
	control.entrysize = sizeof(Bucket);
	control.hcxt = CurrentMemoryContext;
	buckets = hash_create("schemadrift buckets", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	hash_seq_init(&scan, reached);
	while ((address = hash_seq_search(&scan)) != NULL)
	{
		int64		number = address->objid / SD_BUCKET_OIDS;
		bool		found;
		Bucket	   *bucket = hash_search(buckets, &number, HASH_ENTER, &found);

		if (!found)
			load_bucket(rel, bucket);
	}
	PopActiveSnapshot();
	return buckets;
}

/* The next object of a row, from *offset on; its key points into the row. */
static const char *
next_object(const StringInfo objects, int *offset, Stored *stored)
{
	const char *key;

	if (*offset >= objects->len)
		return NULL;
	memcpy(stored, objects->data + *offset, sizeof(Stored));
	key = objects->data + *offset + sizeof(Stored);
	*offset += sizeof(Stored) + stored->length;
	return key;
}

List *
sd_object_state_keys(HTAB *reached)
{
	Relation	rel = open_state(AccessShareLock);
	HTAB	   *buckets = load_buckets(rel, reached);
	HASH_SEQ_STATUS scan;
	Bucket	   *bucket;
	List	   *keys = NIL;

	hash_seq_init(&scan, buckets);
	while ((bucket = hash_seq_search(&scan)) != NULL)
	{
		int			offset = 0;
		Stored		stored;
		const char *key;

		while ((key = next_object(&bucket->objects, &offset, &stored)) != NULL)
			if (hash_search(reached, &stored, HASH_FIND, NULL))
				keys = lappend(keys, unconstify(char *, key));
	}
	table_close(rel, AccessShareLock);
	return keys;
}

/* Leave out what has one of the addresses. */
static void
drop_reached(Bucket *bucket, HTAB *reached)
{
	StringInfoData kept;
	int			offset = 0;
	Stored		stored;
	const char *key;

	initStringInfo(&kept);
	while ((key = next_object(&bucket->objects, &offset, &stored)) != NULL)
		if (!hash_search(reached, &stored, HASH_FIND, NULL))
			append_object(&kept, stored.classid, stored.objid, key);
	bucket->objects = kept;
}

static void
store_bucket(Relation rel, Bucket *bucket)
{
	if (bucket->objects.len == 0)
	{
		if (bucket->is_stored)
			CatalogTupleDelete(rel, &bucket->tid);
		return;
	}
	if (bucket->is_stored)
		CatalogTupleUpdate(rel, &bucket->tid, form_row(rel, bucket->number, &bucket->objects));
	else
		CatalogTupleInsert(rel, form_row(rel, bucket->number, &bucket->objects));
}

void
sd_object_state_update(HTAB *reached, const SdSnapshot *live)
{
	Relation	rel = open_state(RowExclusiveLock);
	HTAB	   *buckets = load_buckets(rel, reached);
	HASH_SEQ_STATUS scan;
	Bucket	   *bucket;
	int			i;

	hash_seq_init(&scan, buckets);
	while ((bucket = hash_seq_search(&scan)) != NULL)
		drop_reached(bucket, reached);
	for (i = 0; i < live->nobjects; i++)
	{
		const SdObject *object = live->objects[i];
		int64		number = object->objid / SD_BUCKET_OIDS;

		bucket = hash_search(buckets, &number, HASH_FIND, NULL);
		if (bucket == NULL)
			elog(ERROR, "object \"%s\" was collected but not reached", object->key);
		append_object(&bucket->objects, object->classid, object->objid, object->key);
	}
	hash_seq_init(&scan, buckets);
	while ((bucket = hash_seq_search(&scan)) != NULL)
		store_bucket(rel, bucket);
	table_close(rel, NoLock);
	CommandCounterIncrement();
}
