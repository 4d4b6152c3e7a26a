/*
 * beside.c
 *	  SQL functions that another database's session calls to compare this one
 *	  with itself: schemadrift.object_digests, schemadrift.object_forms.
 *
 * Both run with the rights of their caller and without secrets, so that they
 * tell what the caller could find out by queries.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compare/bucket.h"
#include "compare/collect.h"
#include "compare/form.h"
#include "sqlapi/items.h"

PG_FUNCTION_INFO_V1(sd_sql_object_digests);
PG_FUNCTION_INFO_V1(sd_sql_object_forms);

/* Until the transaction ends. */
static MemoryContext kept_in = NULL;
static SdBuckets *kept = NULL;
static Oid	kept_for = InvalidOid;

static void
forget(void *arg)
{
	kept_in = NULL;
	kept = NULL;
}

/* As seen by a source that is elsewhere: secrets are not read. */
static SdSource *
open_for_others(void *arg)
{
	SdSource   *source = sd_source_local();

	source->is_local = false;
	return source;
}

static void
keep(const SdSnapshot *snapshot, bool with_needs, bool with_addresses)
{
	MemoryContext caller = MemoryContextSwitchTo(kept_in);
	MemoryContextCallback *callback = palloc0(sizeof(MemoryContextCallback));

	callback->func = forget;
	MemoryContextRegisterResetCallback(kept_in, callback);
	kept = sd_buckets(snapshot, with_needs, with_addresses);
	kept_for = GetUserId();
	MemoryContextSwitchTo(caller);
}

/* schemadrift.object_digests(form, with_needs, with_addresses) */
Datum
sd_sql_object_digests(PG_FUNCTION_ARGS)
{
	bool		with_needs = PG_GETARG_BOOL(1);

	if (strcmp(text_to_cstring(PG_GETARG_TEXT_PP(0)), sd_buckets_form()) != 0)
		PG_RETURN_NULL();
	if (kept_in)
		MemoryContextDelete(kept_in);
	kept_in = AllocSetContextCreate(TopTransactionContext, "schemadrift objects for others", ALLOCSET_DEFAULT_SIZES);
	keep(sd_collect(open_for_others, NULL, with_needs ? NULL : SD_KNOWN_ANY, kept_in), with_needs, PG_GETARG_BOOL(2));
	PG_RETURN_TEXT_P(cstring_to_text(kept->digests));
}

static void
put_bucket(ReturnSetInfo *result, int bucket)
{
	int			i;

	for (i = kept->start[bucket]; i < kept->start[bucket + 1]; i++)
	{
		Datum		values[2];
		bool		nulls[2] = {false};

		values[0] = CStringGetTextDatum(kept->objects[i]->key);
		values[1] = CStringGetTextDatum(sd_form_write(kept->objects[i]));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
}

/* schemadrift.object_forms(buckets): key, form */
Datum
sd_sql_object_forms(PG_FUNCTION_ARGS)
{
	Datum	   *buckets;
	bool	   *nulls;
	int			nbuckets;
	int			i;

	if (kept == NULL || kept_for != GetUserId())
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("schemadrift.object_digests() comes first, in the same transaction")));
	sd_items_begin(fcinfo);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), INT4OID, sizeof(int32), true, TYPALIGN_INT,
					  &buckets, &nulls, &nbuckets);
	for (i = 0; i < nbuckets; i++)
		if (!nulls[i] && DatumGetInt32(buckets[i]) >= 0 && DatumGetInt32(buckets[i]) < SD_BUCKETS)
			put_bucket((ReturnSetInfo *) fcinfo->resultinfo, DatumGetInt32(buckets[i]));
	return (Datum) 0;
}
