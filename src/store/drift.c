/*
 * drift.c
 *	  Drifts: one row for one difference for as long as it lasts.
 */
#include "postgres.h"

#include "base/digest.h"
#include "base/hash.h"
#include "base/spi.h"
#include "store/drift.h"
#include "store/ignore.h"

static const char *
or_empty(const char *text)
{
	return text ? text : "";
}

/* What makes two sightings the same drift, unchanged. */
static char *
content_digest(const SdItem *item)
{
	return sd_digest_text_hex(psprintf("%s\n%s\n%s\n%s\n%s\n%s", item->object_type, item->object,
									   or_empty(item->attribute), sd_change_name(item->change),
									   or_empty(item->expected),
									   or_empty(item->secret ? item->secret : item->actual)));
}

/* The drift about the same thing, open or ignored, or no row. */
static SdRows *
find_open(const SdItem *item)
{
	return sd_spi_queryv("SELECT d.id, d.content_digest, d.state = 'ignored' AS was_ignored, d.rule_id,"
						 " d.acknowledged_digest,"
						 " COALESCE(d.snoozed_until > pg_catalog.now(), false) AS is_snoozed,"
						 " COALESCE(d.snoozed_until <= pg_catalog.now(), false) AS was_snoozed"
						 " FROM schemadrift.drift d"
						 " WHERE d.state IN ('open', 'ignored') AND d.object_type = $1 AND d.object = $2"
						 " AND d.attribute IS NOT DISTINCT FROM $3 AND d.target = 'live'",
						 item->object_type, item->object, item->attribute);
}

static const char *
rule_number(const SdItem *item)
{
	return item->rule_id ? psprintf(INT64_FORMAT, item->rule_id) : NULL;
}

static int64
insert_drift(const SdItem *item, int64 event_id, const char *digest)
{
	static const char sql[] =
		"INSERT INTO schemadrift.drift (object_type, object, attribute, change, class, severity,"
		" expected, actual, event_id, who, via, at, ddl, content_digest, state, rule_id)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::pg_catalog.int8, $10, $11,"
		" $12::pg_catalog.timestamptz, $13, $14, $15, $16::pg_catalog.int8) RETURNING id";
	SdRows	   *rows = sd_spi_queryv(sql, item->object_type, item->object, item->attribute,
									 sd_change_name(item->change), sd_class_name(item->class),
									 sd_severity_name(item->severity), item->expected, item->actual,
									 event_id ? psprintf(INT64_FORMAT, event_id) : NULL,
									 item->who, item->via, item->at, item->ddl, digest,
									 item->rule_id ? "ignored" : "open", rule_number(item));

	return sd_rows_int(rows, 0, "id");
}

static void
update_drift(const char *id, const SdItem *item, int64 event_id, const char *digest)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET change = $2, class = $3, severity = $4,"
					" expected = $5, actual = $6, event_id = COALESCE($7::pg_catalog.int8, event_id),"
					" who = COALESCE($8, who), via = COALESCE($9, via),"
					" at = COALESCE($10::pg_catalog.timestamptz, at), ddl = COALESCE($11, ddl),"
					" content_digest = $12, last_seen = pg_catalog.now()"
					" WHERE id = $1::pg_catalog.int8",
					id, sd_change_name(item->change), sd_class_name(item->class),
					sd_severity_name(item->severity), item->expected, item->actual,
					event_id ? psprintf(INT64_FORMAT, event_id) : NULL,
					item->who, item->via, item->at, item->ddl, digest);
}

/*
 * Hidden, or no longer.  One that was hidden belongs to no incident that was
 * told meanwhile, so it comes to the next one.
 */
static void
set_rule(const char *id, const SdItem *item)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET rule_id = $2::pg_catalog.int8,"
					" state = CASE WHEN $2 IS NULL THEN 'open' ELSE 'ignored' END,"
					" incident_id = CASE WHEN $2 IS NULL THEN NULL ELSE incident_id END"
					" WHERE id = $1::pg_catalog.int8", id, rule_number(item));
}

/* What was said about it until a time counts no more. */
static void
end_snooze(const char *id)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET snoozed_until = NULL WHERE id = $1::pg_catalog.int8", id);
}

int64
sd_drift_record(const SdItem *item, int64 event_id, bool *news)
{
	char	   *digest = content_digest(item);
	SdRows	   *found = find_open(item);
	const char *acknowledged;
	bool		is_changed;
	bool		is_ruled_anew;
	char	   *id;

	if (found->nrows == 0)
	{
		*news = item->rule_id == 0;
		if (item->rule_id)
			sd_ignore_hit(item->rule_id);
		return insert_drift(item, event_id, digest);
	}
	id = sd_rows_value(found, 0, "id");
	acknowledged = sd_rows_value(found, 0, "acknowledged_digest");
	is_changed = strcmp(sd_rows_value(found, 0, "content_digest"), digest) != 0;
	is_ruled_anew = sd_rows_int(found, 0, "rule_id") != item->rule_id;
	if (is_changed)
		update_drift(id, item, event_id, digest);
	if (is_ruled_anew)
		set_rule(id, item);
	if (item->rule_id && (is_changed || is_ruled_anew))
		sd_ignore_hit(item->rule_id);
	if (sd_rows_bool(found, 0, "was_snoozed"))
		end_snooze(id);
	*news = item->rule_id == 0 && !sd_rows_bool(found, 0, "is_snoozed") &&
		!(acknowledged && strcmp(acknowledged, digest) == 0) &&
		(is_changed || is_ruled_anew || sd_rows_bool(found, 0, "was_snoozed"));
	return sd_rows_int(found, 0, "id");
}

/* What find_open() goes by, as one text. */
static char *
subject_key(const char *object_type, const char *object, const char *attribute)
{
	return psprintf("%s %s\n%s", object_type, object, or_empty(attribute));
}

typedef struct NumberEntry
{
	const char *key;			/* hash key, must be first */
	int			row;
} NumberEntry;

/*
 * The item bears the drift's number and, as long as it is just what the check
 * saw, its author: commands that came later have not made it.
 */
static void
identify(SdItem *item, const SdRows *rows, int r)
{
	item->id = sd_rows_int(rows, r, "id");
	item->state = sd_rows_value(rows, r, "state");
	if (strcmp(sd_rows_value(rows, r, "content_digest"), content_digest(item)) != 0)
		return;
	item->unattributed = strcmp(sd_rows_value(rows, r, "class"), sd_class_name(SD_CLASS_UNATTRIBUTED)) == 0;
	if (item->unattributed)
		item->class = SD_CLASS_UNATTRIBUTED;
	else if (item->class == SD_CLASS_UNATTRIBUTED)
		return;
	item->severity = sd_class_severity(item->class);
	item->who = sd_rows_value(rows, r, "who");
	item->via = sd_rows_value(rows, r, "via");
	item->at = sd_rows_value(rows, r, "at");
	item->ddl = sd_rows_value(rows, r, "ddl");
	item->application = sd_rows_value(rows, r, "application");
	item->client = sd_rows_value(rows, r, "client");
	item->deploy = sd_rows_value(rows, r, "deploy");
	item->refused_claim = sd_rows_value(rows, r, "refused_claim");
}

void
sd_drift_identify(List *items)
{
	HTAB	   *numbers = sd_text_hash_create("schemadrift numbers", sizeof(NumberEntry), CurrentMemoryContext);
	SdRows	   *rows = sd_spi_query("SELECT d.id, d.object_type, d.object, d.attribute, d.content_digest, d.class,"
									" d.who, d.via, d.at, d.ddl, " SD_DRIFT_STATE " AS state,"
									" NULLIF(e.application, '') AS application,"
									" e.client, e.deploy, e.refused_claim"
									" FROM schemadrift.drift d LEFT JOIN schemadrift.event e ON e.id = d.event_id"
									" WHERE d.state IN ('open', 'ignored') AND d.target = 'live'", 0, NULL);
	ListCell   *cell;
	int			r;

	for (r = 0; r < rows->nrows; r++)
	{
		const char *key = subject_key(sd_rows_value(rows, r, "object_type"), sd_rows_value(rows, r, "object"),
									  sd_rows_value(rows, r, "attribute"));

		((NumberEntry *) hash_search(numbers, &key, HASH_ENTER, NULL))->row = r;
	}
	foreach(cell, items)
	{
		SdItem	   *item = lfirst(cell);
		const char *key = subject_key(item->object_type, item->object, item->attribute);
		NumberEntry *entry = hash_search(numbers, &key, HASH_FIND, NULL);

		if (entry)
			identify(item, rows, entry->row);
	}
	hash_destroy(numbers);
}

uint64
sd_drift_close_others(const char *ids_json)
{
	return sd_spi_commandv("UPDATE schemadrift.drift SET state = 'gone', closed_at = pg_catalog.now(),"
						   " close_reason = 'no longer differs'"
						   " WHERE state IN ('open', 'ignored') AND id NOT IN (SELECT v::pg_catalog.int8"
						   " FROM pg_catalog.jsonb_array_elements_text($1::pg_catalog.jsonb) v)",
						   ids_json);
}

void
sd_drift_accept(int64 id, const char *by, const char *reason)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET state = 'accepted', closed_at = pg_catalog.now(),"
					" closed_by = $2, close_reason = $3"
					" WHERE state IN ('open', 'ignored') AND ($1 = '0' OR id = $1::pg_catalog.int8)",
					psprintf(INT64_FORMAT, id), by, reason);
}

SdRows *
sd_drift_open(void)
{
	return sd_spi_query("SELECT " SD_DRIFT_ITEM_COLUMNS " FROM schemadrift.drift d"
						" WHERE d.state = 'open' ORDER BY d.id", 0, NULL);
}

SdRows *
sd_drift_one(int64 id)
{
	return sd_spi_queryv("SELECT " SD_DRIFT_ITEM_COLUMNS ", d.state IN ('open', 'ignored') AS is_standing,"
						 " d.event_id, d.incident_id, d.first_seen, d.content_digest, d.rule_id, d.snoozed_until,"
						 " d.closed_at, d.closed_by, d.close_reason"
						 " FROM schemadrift.drift d WHERE d.id = $1::pg_catalog.int8",
						 psprintf(INT64_FORMAT, id));
}

void
sd_drift_acknowledge(int64 id)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET acknowledged_digest = content_digest"
					" WHERE id = $1::pg_catalog.int8", psprintf(INT64_FORMAT, id));
}

void
sd_drift_snooze(int64 id, const char *until)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET snoozed_until = $2::pg_catalog.timestamptz"
					" WHERE id = $1::pg_catalog.int8", psprintf(INT64_FORMAT, id), until);
}

/* A snooze that ends now is what the next check looks for; one that lasts goes on. */
void
sd_drift_unacknowledge(int64 id)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET acknowledged_digest = NULL,"
					" snoozed_until = GREATEST(snoozed_until, pg_catalog.now())"
					" WHERE id = $1::pg_catalog.int8", psprintf(INT64_FORMAT, id));
}

int64
sd_drift_count_ignored(int64 rule_id)
{
	return sd_rows_int(sd_spi_queryv("SELECT pg_catalog.count(*) AS n FROM schemadrift.drift"
									 " WHERE state = 'ignored' AND rule_id = $1::pg_catalog.int8",
									 psprintf(INT64_FORMAT, rule_id)), 0, "n");
}
