/*
 * bucket.c
 *	  Objects by a hash of their keys, with digests.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

#include "compare/bucket.h"
#include "compare/form.h"
#include "kind/kind.h"

int
sd_bucket_of(const char *key)
{
	return hash_bytes((const unsigned char *) key, strlen(key)) % SD_BUCKETS;
}

const char *
sd_buckets_form(void)
{
	return psprintf("%s %s", sd_form_version(), GetDatabaseEncodingName());
}

/* A counting sort: keeps the order within a bucket. */
static void
sort_into(SdBuckets *buckets, const SdSnapshot *snapshot)
{
	int		   *bucket_of = MemoryContextAllocHuge(CurrentMemoryContext,
												   sizeof(int) * Max(snapshot->nobjects, 1));
	int		   *next = palloc(sizeof(buckets->start));
	int			i;

	for (i = 0; i < snapshot->nobjects; i++)
	{
		bucket_of[i] = sd_bucket_of(snapshot->objects[i]->key);
		buckets->start[bucket_of[i] + 1]++;
	}
	for (i = 0; i < SD_BUCKETS; i++)
		buckets->start[i + 1] += buckets->start[i];
	memcpy(next, buckets->start, sizeof(buckets->start));
	for (i = 0; i < snapshot->nobjects; i++)
		buckets->objects[next[bucket_of[i]]++] = snapshot->objects[i];
	pfree(bucket_of);
	pfree(next);
}

/*
 * The object's digest covers its key, its parent and the normal form of what
 * is compared; here follows what it leaves out.
 */
static void
append_object(StringInfo buf, const SdObject *object, bool with_needs, bool with_addresses)
{
	const SdKind *kind = object->kind;
	ListCell   *cell;
	int			i;

	appendBinaryStringInfo(buf, (const char *) sd_object_open_digest(object), SD_DIGEST_LENGTH);
	for (i = 0; i < kind->nproperties; i++)
	{
		const SdProperty *p = &kind->properties[i];

		if ((p->flags & SD_P_SECRET) || (!(p->flags & SD_P_DETAIL) && p->normal == NULL))
			continue;
		appendStringInfoChar(buf, object->values[i] ? '+' : '-');
		if (object->values[i])
			appendBinaryStringInfo(buf, object->values[i], strlen(object->values[i]) + 1);
	}
	foreach(cell, with_needs ? object->depends : NIL)
	{
		const SdDepend *depend = lfirst(cell);

		appendStringInfoChar(buf, '0' + depend->need);
		appendBinaryStringInfo(buf, depend->key, strlen(depend->key) + 1);
	}
	appendStringInfoChar(buf, '\n');
	if (with_addresses)
		appendStringInfo(buf, "%u %u %d\n", object->classid, object->objid, object->objsubid);
}

SdBuckets *
sd_buckets(const SdSnapshot *snapshot, bool with_needs, bool with_addresses)
{
	SdBuckets  *buckets = palloc0(sizeof(SdBuckets));
	SdDigest   *digest = sd_digest_begin();
	uint8		result[SD_DIGEST_LENGTH];
	StringInfoData buf;
	int			bucket;
	int			i;

	buckets->objects = MemoryContextAllocHuge(CurrentMemoryContext,
											  sizeof(SdObject *) * Max(snapshot->nobjects, 1));
	buckets->digests = palloc(SD_BUCKETS * SD_DIGEST_HEX_LENGTH + 1);
	sort_into(buckets, snapshot);
	initStringInfo(&buf);
	for (bucket = 0; bucket < SD_BUCKETS; bucket++)
	{
		char	   *hex;

		resetStringInfo(&buf);
		for (i = buckets->start[bucket]; i < buckets->start[bucket + 1]; i++)
			append_object(&buf, buckets->objects[i], with_needs, with_addresses);
		sd_digest_add(digest, buf.data, buf.len);
		sd_digest_result(digest, result);
		hex = sd_digest_hex(result);
		memcpy(buckets->digests + bucket * SD_DIGEST_HEX_LENGTH, hex, SD_DIGEST_HEX_LENGTH);
		pfree(hex);
	}
	buckets->digests[SD_BUCKETS * SD_DIGEST_HEX_LENGTH] = '\0';
	sd_digest_free(digest);
	pfree(buf.data);
	return buckets;
}
