/*
 * beside.c
 *	  Reads what another database's extension says of it.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/error.h"
#include "base/text.h"
#include "compare/beside.h"
#include "compare/bucket.h"
#include "compare/form.h"
#include "kind/kind.h"

/*
 * Whoever may create a schema could name it as ours, and we may be superuser
 * there: what is called must be what only a superuser can have made.
 */
#define IS_THERE \
	"SELECT 'yes' FROM pg_catalog.pg_namespace n" \
	" JOIN pg_catalog.pg_roles s ON s.oid = n.nspowner AND s.rolsuper" \
	" WHERE n.nspname = 'schemadrift' AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')" \
	" AND 2 = (SELECT pg_catalog.count(*) FROM pg_catalog.pg_proc p" \
	" JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanname = 'c' AND l.oid < 16384" \
	" JOIN pg_catalog.pg_roles o ON o.oid = p.proowner AND o.rolsuper" \
	" WHERE p.proname IN ('object_digests', 'object_forms') AND p.prosrc = 'sd_sql_' || p.proname" \
	" AND p.pronamespace = n.oid AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE'))"

typedef struct Beside
{
	SdSource   *source;
	SdSnapshot *snapshot;
	const SdBuckets *known;		/* of the snapshot at hand */
	char	   *text;			/* one value read */
	bool		asked[SD_BUCKETS];
} Beside;

static void
keep_text(const SdRows *rows, void *arg)
{
	Beside	   *beside = arg;

	if (rows->ncolumns == 1 && rows->values[0][0])
		beside->text = MemoryContextStrdup(beside->snapshot->context, rows->values[0][0]);
}

static char *
read_text(Beside *beside, const char *sql)
{
	beside->text = NULL;
	beside->source->read(beside->source, sql, keep_text, beside);
	return beside->text;
}

/* Secrets are none of another database's business, on neither side. */
static void
forget_secrets(SdObject *object)
{
	int			i;

	for (i = 0; i < object->kind->nproperties; i++)
		if (object->kind->properties[i].flags & SD_P_SECRET)
			object->values[i] = NULL;
	sd_form_digest(object);
}

/* As the other database has it; nobody changes objects, so most are shared. */
static SdObject *
same_object(SdSnapshot *snapshot, SdObject *object)
{
	SdObject   *copy;

	if (!object->has_secrets)
		return object;
	copy = sd_snapshot_alloc(snapshot, sizeof(SdObject));
	*copy = *object;
	copy->values = sd_snapshot_alloc(snapshot, sizeof(char *) * object->kind->nproperties);
	memcpy(copy->values, object->values, sizeof(char *) * object->kind->nproperties);
	forget_secrets(copy);
	return copy;
}

static void
add_forms(const SdRows *rows, void *arg)
{
	Beside	   *beside = arg;
	int			r;

	if (rows->ncolumns != 2)
		ereport(ERROR,
				(errcode(ERRCODE_SD_UNREACHABLE),
				 errmsg("could not read the catalog of \"%s\": unexpected answer", beside->source->name)));
	for (r = 0; r < rows->nrows; r++)
	{
		const char *key = rows->values[r][0];
		const char *form = rows->values[r][1];
		SdObject   *object = NULL;

		if (key && form && beside->asked[sd_bucket_of(key)] &&
			sd_snapshot_find(beside->snapshot, key) == NULL)
			object = sd_form_read(beside->snapshot, key, form);
		if (object == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_SD_UNREACHABLE),
					 errmsg("could not read the catalog of \"%s\": unexpected object", beside->source->name)));
		if (object->has_secrets)
			forget_secrets(object);
	}
	CHECK_FOR_INTERRUPTS();
}

/* Take the objects of equal buckets; the numbers of the others as "{1,2}", NULL: none. */
static char *
take_equal(Beside *beside, const char *digests)
{
	const SdBuckets *known = beside->known;
	StringInfoData others;
	int			bucket;
	int			i;

	initStringInfo(&others);
	for (bucket = 0; bucket < SD_BUCKETS; bucket++)
	{
		size_t		at = (size_t) bucket * SD_DIGEST_HEX_LENGTH;

		beside->asked[bucket] = memcmp(digests + at, known->digests + at, SD_DIGEST_HEX_LENGTH) != 0;
		if (beside->asked[bucket])
			appendStringInfo(&others, "%c%d", others.len ? ',' : '{', bucket);
		else
			for (i = known->start[bucket]; i < known->start[bucket + 1]; i++)
				sd_snapshot_add(beside->snapshot, same_object(beside->snapshot, known->objects[i]));
	}
	if (others.len == 0)
		return NULL;
	appendStringInfoChar(&others, '}');
	return others.data;
}

bool
sd_beside_read(SdSource *source, SdSnapshot *snapshot, const SdSnapshot *at_hand, bool with_needs)
{
	MemoryContext caller = CurrentMemoryContext;
	Beside		beside = {source, snapshot};
	bool		with_addresses = sd_snapshot_same_database(snapshot, at_hand);
	char	   *digests;
	char	   *others;

	if (at_hand->form != SD_FORM || read_text(&beside, IS_THERE) == NULL)
		return false;
	digests = read_text(&beside, psprintf("SELECT schemadrift.object_digests(%s, %s, %s)",
										  sd_literal(sd_buckets_form()), with_needs ? "true" : "false",
										  with_addresses ? "true" : "false"));
	if (digests == NULL || strlen(digests) != SD_BUCKETS * SD_DIGEST_HEX_LENGTH)
		return false;
	MemoryContextSwitchTo(snapshot->context);
	beside.known = sd_buckets(at_hand, with_needs, with_addresses);
	others = take_equal(&beside, digests);
	MemoryContextSwitchTo(caller);
	if (others)
		source->read(source, psprintf("SELECT key, form FROM schemadrift.object_forms('%s')", others),
					 add_forms, &beside);
	return true;
}
