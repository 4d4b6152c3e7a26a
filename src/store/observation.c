/*
 * observation.c
 *	  Stores and reads what live looked like.
 *
 * Whoever writes here holds SD_LOCK_CHECK, so that numbers come one by one.
 */
#include "postgres.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/spi.h"
#include "compare/form.h"
#include "store/observation.h"

/* Objects sent in one statement. */
#define SD_ADD_CHUNK 500

#define COLUMNS \
	"o.id, pg_catalog.to_char(o.seen_at, 'YYYY-MM-DD HH24:MI:SS.USOF') AS seen_at, o.baseline_version," \
	" o.event_horizon, o.server_version," \
	" (SELECT pg_catalog.count(*) FROM schemadrift.observed_object w WHERE " OPEN_AT("o.id") ") AS different" \
	" FROM schemadrift.observation o"

#define OPEN_AT(id) \
	"w.since <= " id " AND (w.until IS NULL OR w.until > " id ")"

/* All objects (key, form) of observation $1, which is of version $2. */
#define OBJECTS \
	"(SELECT b.key, b.form FROM schemadrift.baseline_object b" \
	"  WHERE b.name = 'default' AND b.since_version <= $2::pg_catalog.int4" \
	"    AND (b.until_version IS NULL OR b.until_version > $2::pg_catalog.int4)" \
	"    AND NOT EXISTS (SELECT FROM schemadrift.observed_object w" \
	"                     WHERE w.key = b.key AND " OPEN_AT("$1::pg_catalog.int8") ")" \
	" UNION ALL" \
	" SELECT w.key, w.form FROM schemadrift.observed_object w" \
	"  WHERE w.form IS NOT NULL AND " OPEN_AT("$1::pg_catalog.int8") ")"

static char *
number(int64 value)
{
	return psprintf(INT64_FORMAT, value);
}

static SdObservation *
read_observation(const SdRows *rows)
{
	SdObservation *observation;

	if (rows->nrows == 0)
		return NULL;
	observation = palloc(sizeof(SdObservation));
	observation->id = sd_rows_int(rows, 0, "id");
	observation->seen_at = sd_rows_value(rows, 0, "seen_at");
	observation->version = (int) sd_rows_int(rows, 0, "baseline_version");
	observation->event_horizon = sd_rows_int(rows, 0, "event_horizon");
	observation->server_version = (int) sd_rows_int(rows, 0, "server_version");
	observation->different = sd_rows_int(rows, 0, "different");
	return observation;
}

SdObservation *
sd_observation_latest(void)
{
	return read_observation(sd_spi_query("SELECT " COLUMNS " ORDER BY o.id DESC LIMIT 1", 0, NULL));
}

SdObservation *
sd_observation_first(void)
{
	return read_observation(sd_spi_query("SELECT " COLUMNS " ORDER BY o.id LIMIT 1", 0, NULL));
}

SdObservation *
sd_observation_at(const char *time)
{
	return read_observation(sd_spi_queryv("SELECT " COLUMNS
										  " WHERE o.seen_at <= $1::pg_catalog.timestamptz"
										  " ORDER BY o.seen_at DESC, o.id DESC LIMIT 1", time));
}

char *
sd_observation_end(const SdObservation *observation)
{
	SdRows	   *rows = sd_spi_queryv("SELECT pg_catalog.to_char(seen_at, 'YYYY-MM-DD HH24:MI:SSOF') AS seen_at"
									 "  FROM schemadrift.history"
									 " WHERE seen_at > (SELECT o.seen_at FROM schemadrift.observation o"
									 "                   WHERE o.id = $1::pg_catalog.int8)"
									 " ORDER BY schemadrift.history.seen_at LIMIT 1", number(observation->id));

	return rows->nrows > 0 ? sd_rows_value(rows, 0, "seen_at") : NULL;
}

HTAB *
sd_observation_load(const SdObservation *observation, MemoryContext parent)
{
	SdSnapshot *snapshot = sd_snapshot_create(parent);
	HTAB	   *different = sd_text_hash_create("schemadrift observed", sizeof(SdObserved), snapshot->context);
	SdRows	   *rows;
	int			r;

	if (observation->different == 0)
		return different;
	rows = sd_spi_queryv("SELECT w.key, w.form FROM schemadrift.observed_object w"
						 " WHERE " OPEN_AT("$1::pg_catalog.int8"), number(observation->id));
	for (r = 0; r < rows->nrows; r++)
	{
		const char *key = sd_rows_value(rows, r, "key");
		const char *form = sd_rows_value(rows, r, "form");
		SdObserved *observed = hash_search(different, &key, HASH_ENTER, NULL);

		observed->object = form ? sd_form_read(snapshot, key, form) : NULL;
	}
	return different;
}

static void
add(SdSnapshot *snapshot, const SdObject *object)
{
	sd_snapshot_add(snapshot, unconstify(SdObject *, object));
}

SdSnapshot *
sd_observation_apply(const SdSnapshot *base, HTAB *different, HTAB *keys, MemoryContext parent)
{
	SdSnapshot *snapshot = sd_snapshot_create(parent);
	HASH_SEQ_STATUS scan;
	SdObserved *observed;
	int			i;

	snapshot->form = base->form;
	snapshot->database = base->database;
	for (i = 0; i < base->nobjects; i++)
		if (hash_search(different, &base->objects[i]->key, HASH_FIND, NULL) == NULL)
			add(snapshot, base->objects[i]);
	hash_seq_init(&scan, different);
	while ((observed = hash_seq_search(&scan)) != NULL)
		if (observed->object && (keys == NULL || hash_search(keys, &observed->key, HASH_FIND, NULL)))
			add(snapshot, observed->object);
	sd_snapshot_finish(snapshot);
	return snapshot;
}

SdSnapshot *
sd_observation_snapshot(const SdObservation *observation, int form, const char *database, MemoryContext parent)
{
	SdSnapshot *snapshot = sd_snapshot_create(parent);
	SdRows	   *rows = sd_spi_queryv("SELECT o.key, o.form FROM " OBJECTS " o",
									 number(observation->id), number(observation->version));
	int			r;

	snapshot->form = form;
	snapshot->database = database;
	for (r = 0; r < rows->nrows; r++)
		(void) sd_form_read(snapshot, sd_rows_value(rows, r, "key"), sd_rows_value(rows, r, "form"));
	sd_snapshot_finish(snapshot);
	return snapshot;
}

/* -- writing --------------------------------------------------------------- */

SdObservation *
sd_observation_insert(int version, int64 event_horizon, int server_version)
{
	return read_observation(sd_spi_queryv(
		"INSERT INTO schemadrift.observation AS o (id, seen_at, baseline_version, event_horizon, server_version)"
		" SELECT COALESCE(pg_catalog.max(l.id), 0) + 1, pg_catalog.clock_timestamp(), $1::pg_catalog.int4,"
		" $2::pg_catalog.int8, $3::pg_catalog.int4 FROM schemadrift.observation l"
		" RETURNING o.id, o.seen_at, o.baseline_version, o.event_horizon, o.server_version,"
		" 0 AS different",
		number(version), number(event_horizon), number(server_version)));
}

void
sd_observation_close(const SdObservation *observation, List *keys)
{
	StringInfoData json;
	ListCell   *cell;

	if (keys == NIL)
		return;
	initStringInfo(&json);
	sd_json_begin(&json, '[');
	foreach(cell, keys)
		sd_json_text(&json, lfirst(cell));
	sd_json_end(&json, ']');
	(void) sd_spi_commandv("UPDATE schemadrift.observed_object SET until = $1::pg_catalog.int8"
						   " WHERE until IS NULL"
						   "   AND key IN (SELECT pg_catalog.jsonb_array_elements_text($2::pg_catalog.jsonb))",
						   number(observation->id), json.data);
}

static void
append_observed(StringInfo json, const SdObserved *observed)
{
	sd_json_begin(json, '{');
	sd_json_field(json, "key", observed->key);
	if (observed->object)
	{
		sd_json_key(json, "form");
		sd_json_raw(json, sd_form_write(observed->object));
	}
	sd_json_end(json, '}');
}

void
sd_observation_add(const SdObservation *observation, List *different)
{
	int			i = 0;

	while (i < list_length(different))
	{
		StringInfoData json;
		int			end = Min(i + SD_ADD_CHUNK, list_length(different));

		initStringInfo(&json);
		sd_json_begin(&json, '[');
		for (; i < end; i++)
			append_observed(&json, list_nth(different, i));
		sd_json_end(&json, ']');
		(void) sd_spi_commandv("INSERT INTO schemadrift.observed_object (key, since, form)"
							   " SELECT o ->> 'key', $1::pg_catalog.int8, o -> 'form'"
							   " FROM pg_catalog.jsonb_array_elements($2::pg_catalog.jsonb) o",
							   number(observation->id), json.data);
		pfree(json.data);
	}
}

/* -- for people's names ------------------------------------------------------ */

SdRows *
sd_observation_whole(const SdObservation *observation, const char *key, bool with_parts)
{
	const char *id = number(observation->id);
	const char *version = number(observation->version);

	if (!with_parts)
		return sd_spi_queryv("SELECT o.key, o.form FROM " OBJECTS " o WHERE o.key = $3", id, version, key);
	return sd_spi_queryv("WITH RECURSIVE all_of AS MATERIALIZED"
						 " (SELECT o.key, o.form, o.form ->> 'parent' AS parent FROM " OBJECTS " o),"
						 " parts AS (SELECT a.key, a.form, 0 AS depth FROM all_of a WHERE a.key = $3"
						 " UNION ALL"
						 " SELECT a.key, a.form, p.depth + 1 FROM parts p JOIN all_of a ON a.parent = p.key"
						 "  WHERE p.depth < 8)"
						 " SELECT key, form FROM parts ORDER BY depth, key COLLATE \"C\"", id, version, key);
}

SdRows *
sd_observation_named(const SdObservation *observation, const char *name)
{
	return sd_spi_queryv("SELECT o.key, o.form -> 'parent' IS NULL AS whole FROM " OBJECTS " o,"
						 " LATERAL (SELECT pg_catalog.substr(o.key, pg_catalog.strpos(o.key, ' ') + 1)) i(name)"
						 " WHERE i.name = $3 OR pg_catalog.starts_with(i.name, $3 || '(')"
						 "    OR pg_catalog.right(i.name, pg_catalog.length($3) + 1) = '.' || $3"
						 "    OR pg_catalog.strpos(i.name, '.' || $3 || '(') > 0"
						 " ORDER BY o.key COLLATE \"C\"",
						 number(observation->id), number(observation->version), name);
}

SdRows *
sd_observation_names(const SdObservation *observation)
{
	return sd_spi_queryv("SELECT o.key FROM " OBJECTS " o WHERE o.form -> 'parent' IS NULL"
						 " ORDER BY o.key COLLATE \"C\"",
						 number(observation->id), number(observation->version));
}
