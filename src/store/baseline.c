/*
 * baseline.c
 *	  Stores and reads versions of baselines.
 */
#include "postgres.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/spi.h"
#include "compare/form.h"
#include "store/baseline.h"

/* Objects sent in one statement. */
#define SD_SAVE_CHUNK 500

#define COLUMNS "name, version, form, fingerprint, local_fingerprint, database, event_horizon"

typedef struct StoredEntry
{
	const char *key;			/* hash key, must be first */
	const char *digest;			/* hex */
	const char *address;		/* as JSON; NULL = has none, or was not asked for */
	bool		kept;
} StoredEntry;

static SdBaseline *
read_baseline(const SdRows *rows)
{
	SdBaseline *baseline;

	if (rows->nrows == 0)
		return NULL;
	baseline = palloc(sizeof(SdBaseline));
	baseline->name = sd_rows_value(rows, 0, "name");
	baseline->version = (int) sd_rows_int(rows, 0, "version");
	baseline->form = (int) sd_rows_int(rows, 0, "form");
	baseline->fingerprint = sd_rows_value(rows, 0, "fingerprint");
	baseline->local_fingerprint = sd_rows_value(rows, 0, "local_fingerprint");
	baseline->database = sd_rows_value(rows, 0, "database");
	baseline->event_horizon = sd_rows_int(rows, 0, "event_horizon");
	return baseline;
}

SdBaseline *
sd_baseline_latest(const char *name)
{
	return read_baseline(sd_spi_queryv("SELECT " COLUMNS
									   " FROM schemadrift.baseline WHERE name = $1"
									   " ORDER BY version DESC LIMIT 1", name));
}

SdBaseline *
sd_baseline_version(const char *name, int version)
{
	return read_baseline(sd_spi_queryv("SELECT " COLUMNS
									   " FROM schemadrift.baseline"
									   " WHERE name = $1 AND version = $2::pg_catalog.int4",
									   name, psprintf("%d", version)));
}

SdSnapshot *
sd_baseline_load(const SdBaseline *baseline, MemoryContext parent)
{
	SdSnapshot *snapshot = sd_snapshot_create(parent);
	SdRows	   *rows;
	int			r;

	snapshot->form = baseline->form;
	snapshot->database = baseline->database;
	rows = sd_spi_queryv("SELECT key, form FROM schemadrift.baseline_object"
						 " WHERE name = $1 AND since_version <= $2::pg_catalog.int4"
						 " AND (until_version IS NULL OR until_version > $2::pg_catalog.int4)",
						 baseline->name, psprintf("%d", baseline->version));
	for (r = 0; r < rows->nrows; r++)
		(void) sd_form_read(snapshot, sd_rows_value(rows, r, "key"), sd_rows_value(rows, r, "form"));
	sd_snapshot_finish(snapshot);
	return snapshot;
}

/*
 * $1 name, $2 version, $3 keys as a JSON array.  Looked up key by key, which a
 * planner that has no statistics yet would not choose to do.
 */
#define OBJECTS_OF_KEYS \
	" FROM pg_catalog.jsonb_array_elements_text($3::pg_catalog.jsonb) k(key)," \
	" LATERAL (SELECT * FROM schemadrift.baseline_object" \
	"           WHERE name = $1 AND pg_catalog.md5(key) = pg_catalog.md5(k.key) OFFSET 0) o" \
	" WHERE o.key = k.key AND o.since_version <= $2::pg_catalog.int4" \
	" AND (o.until_version IS NULL OR o.until_version > $2::pg_catalog.int4)"

/* Columns: key, digest, and maybe address. */
static HTAB *
index_stored(const SdRows *rows)
{
	HTAB	   *stored = sd_text_hash_create("schemadrift stored", sizeof(StoredEntry),
											 CurrentMemoryContext);
	int			r;

	for (r = 0; r < rows->nrows; r++)
	{
		const char *key = rows->values[r][0];
		StoredEntry *entry = hash_search(stored, &key, HASH_ENTER, NULL);

		entry->digest = rows->values[r][1];
		entry->address = rows->ncolumns > 2 ? rows->values[r][2] : NULL;
		entry->kept = false;
	}
	return stored;
}

/* Key, digest and address of everything in that version. */
static HTAB *
stored_objects(const SdBaseline *baseline)
{
	return index_stored(sd_spi_queryv("SELECT key, pg_catalog.encode(digest, 'hex') AS digest,"
									  " form->>'address' AS address FROM schemadrift.baseline_object"
									  " WHERE name = $1 AND since_version <= $2::pg_catalog.int4"
									  " AND (until_version IS NULL OR until_version > $2::pg_catalog.int4)",
									  baseline->name, psprintf("%d", baseline->version)));
}

/* The same of these keys. */
static HTAB *
some_stored_objects(const SdBaseline *baseline, List *keys)
{
	StringInfoData json;
	ListCell   *cell;

	initStringInfo(&json);
	sd_json_begin(&json, '[');
	foreach(cell, keys)
		sd_json_text(&json, lfirst(cell));
	sd_json_end(&json, ']');
	return index_stored(sd_spi_queryv("SELECT DISTINCT o.key, pg_catalog.encode(o.digest, 'hex') AS digest"
									  OBJECTS_OF_KEYS,
									  baseline->name, psprintf("%d", baseline->version), json.data));
}

/* Has live the object just so?  Digests are in hex in the hash table. */
static bool
is_as_stored(HTAB *stored, const SdObject *live)
{
	StoredEntry *entry = live ? hash_search(stored, &live->key, HASH_FIND, NULL) : NULL;

	return entry && strcmp(entry->digest, sd_digest_hex(live->digest)) == 0;
}

static void
read_forms(SdSnapshot *snapshot, const SdBaseline *baseline, const char *keys)
{
	SdRows	   *rows;
	int			r;

	rows = sd_spi_queryv("SELECT o.key, o.form" OBJECTS_OF_KEYS,
						 baseline->name, psprintf("%d", baseline->version), keys);
	for (r = 0; r < rows->nrows; r++)
		(void) sd_form_read(snapshot, sd_rows_value(rows, r, "key"), sd_rows_value(rows, r, "form"));
}

/*
 * Few objects differ when a check finds something, and reading a stored form
 * takes longer than collecting the object.  Parts of a whole that differs are
 * read all the same, for their places in it are not part of the digest.
 */
static SdSnapshot *
load_beside(const SdBaseline *baseline, HTAB *stored, const SdSnapshot *live, MemoryContext parent)
{
	SdSnapshot *snapshot = sd_snapshot_create(parent);
	HASH_SEQ_STATUS scan;
	StoredEntry *entry;
	StringInfoData keys;

	snapshot->form = baseline->form;
	snapshot->database = baseline->database;
	initStringInfo(&keys);
	sd_json_begin(&keys, '[');
	hash_seq_init(&scan, stored);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		SdObject   *object = sd_snapshot_find(live, entry->key);

		if (is_as_stored(stored, object) &&
			(object->parent == NULL || is_as_stored(stored, sd_snapshot_find(live, object->parent))))
			sd_snapshot_add(snapshot, object);
		else
			sd_json_text(&keys, entry->key);
	}
	sd_json_end(&keys, ']');
	if (snapshot->nobjects < hash_get_num_entries(stored))
		read_forms(snapshot, baseline, keys.data);
	sd_snapshot_finish(snapshot);
	return snapshot;
}

SdSnapshot *
sd_baseline_load_beside(const SdBaseline *baseline, const SdSnapshot *live, MemoryContext parent)
{
	return load_beside(baseline, stored_objects(baseline), live, parent);
}

SdSnapshot *
sd_baseline_load_some(const SdBaseline *baseline, List *keys, const SdSnapshot *live, MemoryContext parent)
{
	return load_beside(baseline, some_stored_objects(baseline, keys), live, parent);
}

/* End the rows of objects that are gone or differ. */
static void
close_objects(const char *name, const char *version, HTAB *stored)
{
	HASH_SEQ_STATUS scan;
	StoredEntry *entry;
	StringInfoData keys;

	initStringInfo(&keys);
	sd_json_begin(&keys, '[');
	hash_seq_init(&scan, stored);
	while ((entry = hash_seq_search(&scan)) != NULL)
		if (!entry->kept)
			sd_json_text(&keys, entry->key);
	sd_json_end(&keys, ']');
	sd_spi_commandv("UPDATE schemadrift.baseline_object o SET until_version = $2::pg_catalog.int4"
					" FROM pg_catalog.jsonb_array_elements_text($3::pg_catalog.jsonb) k(key)"
					" WHERE o.name = $1 AND o.until_version IS NULL AND o.key = k.key"
					" AND pg_catalog.md5(o.key) = pg_catalog.md5(k.key)",
					name, version, keys.data);
}

static void
insert_objects(const char *name, const char *version, const char *json)
{
	sd_spi_commandv("INSERT INTO schemadrift.baseline_object (name, key, since_version, digest, form)"
					" SELECT $1, o->>'key', $2::pg_catalog.int4,"
					" pg_catalog.decode(o->>'digest', 'hex'), o->'form'"
					" FROM pg_catalog.jsonb_array_elements($3::pg_catalog.jsonb) o",
					name, version, json);
}

static void
append_object(StringInfo buf, const SdObject *object, const char *digest)
{
	sd_json_begin(buf, '{');
	sd_json_field(buf, "key", object->key);
	sd_json_field(buf, "digest", digest);
	sd_json_key(buf, "form");
	sd_json_raw(buf, sd_form_write(object));
	sd_json_end(buf, '}');
}

/* Do both come from one database?  Then their addresses mean the same. */
static bool
is_same_database(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* What was dropped and made again as it was has another address, by which renames are known. */
static bool
has_stored_address(const StoredEntry *entry, const SdObject *object)
{
	return !OidIsValid(object->objid) ||
		(entry->address && strcmp(entry->address, psprintf("[%u, %u, %d]", object->classid, object->objid,
														   object->objsubid)) == 0);
}

/*
 * Store what differs from the version before, in chunks of bounded size; all
 * of it where the version before came from another database, whose addresses
 * its unchanged objects bear.
 */
static void
save_objects(const char *name, const char *version, const SdSnapshot *snapshot, bool all)
{
	SdBaseline	before = {.name = name, .version = atoi(version) - 1};
	HTAB	   *stored = stored_objects(&before);
	StringInfoData chunk;
	List	   *chunks = NIL;
	ListCell   *cell;
	int			in_chunk = 0;
	int			i;

	initStringInfo(&chunk);
	for (i = 0; i < snapshot->nobjects; i++)
	{
		const SdObject *object = snapshot->objects[i];
		const char *digest = sd_digest_hex(object->digest);
		StoredEntry *entry = hash_search(stored, &object->key, HASH_FIND, NULL);

		if (!all && entry && strcmp(entry->digest, digest) == 0 && has_stored_address(entry, object))
		{
			entry->kept = true;
			continue;
		}
		if (in_chunk++ == 0)
			sd_json_begin(&chunk, '[');
		append_object(&chunk, object, digest);
		if (in_chunk == SD_SAVE_CHUNK)
		{
			sd_json_end(&chunk, ']');
			chunks = lappend(chunks, chunk.data);
			initStringInfo(&chunk);
			in_chunk = 0;
		}
	}
	if (in_chunk > 0)
	{
		sd_json_end(&chunk, ']');
		chunks = lappend(chunks, chunk.data);
	}
	close_objects(name, version, stored);
	foreach(cell, chunks)
		insert_objects(name, version, lfirst(cell));
}

int
sd_baseline_save(const char *name, const SdSnapshot *snapshot, const char *reason,
				 int64 deploy_id, int64 event_horizon)
{
	SdBaseline *before = sd_baseline_latest(name);
	char	   *version = psprintf("%d", before ? before->version + 1 : 1);

	sd_spi_commandv("INSERT INTO schemadrift.baseline"
					" (name, version, reason, deploy_id, fingerprint, object_count,"
					" server_version, form, event_horizon, local_fingerprint, database)"
					" VALUES ($1, $2::pg_catalog.int4, $3, NULLIF($4, '0')::pg_catalog.int8, $5,"
					" $6::pg_catalog.int4, $7::pg_catalog.int4, $8::pg_catalog.int4, $9::pg_catalog.int8, $10, $11)",
					name, version, reason, psprintf(INT64_FORMAT, deploy_id), snapshot->fingerprint,
					psprintf("%d", snapshot->nobjects), psprintf("%d", snapshot->server_version),
					psprintf("%d", snapshot->form), psprintf(INT64_FORMAT, event_horizon),
					snapshot->local_fingerprint, snapshot->database);
	save_objects(name, version, snapshot, before && !is_same_database(before->database, snapshot->database));
	return atoi(version);
}

void
sd_baseline_advance(const SdBaseline *baseline, int64 event_horizon)
{
	sd_spi_commandv("UPDATE schemadrift.baseline SET event_horizon = $3::pg_catalog.int8"
					" WHERE name = $1 AND version = $2::pg_catalog.int4",
					baseline->name, psprintf("%d", baseline->version),
					psprintf(INT64_FORMAT, event_horizon));
}
