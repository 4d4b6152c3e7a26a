/*
 * drift.c
 *	  Drifts: one row for one difference for as long as it lasts.
 */
#include "postgres.h"

#include "base/digest.h"
#include "base/hash.h"
#include "base/spi.h"
#include "store/drift.h"

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

/* The open drift about the same thing: id and content_digest, or no row. */
static SdRows *
find_open(const SdItem *item)
{
	return sd_spi_queryv("SELECT id, content_digest FROM schemadrift.drift"
						 " WHERE state = 'open' AND object_type = $1 AND object = $2"
						 " AND attribute IS NOT DISTINCT FROM $3 AND target = 'live'",
						 item->object_type, item->object, item->attribute);
}

static int64
insert_drift(const SdItem *item, int64 event_id, const char *digest)
{
	static const char sql[] =
		"INSERT INTO schemadrift.drift (object_type, object, attribute, change, class, severity,"
		" expected, actual, event_id, who, via, at, ddl, content_digest)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::pg_catalog.int8, $10, $11,"
		" $12::pg_catalog.timestamptz, $13, $14) RETURNING id";
	SdRows	   *rows = sd_spi_queryv(sql, item->object_type, item->object, item->attribute,
									 sd_change_name(item->change), sd_class_name(item->class),
									 sd_severity_name(item->severity), item->expected, item->actual,
									 event_id ? psprintf(INT64_FORMAT, event_id) : NULL,
									 item->who, item->via, item->at, item->ddl, digest);

	return sd_rows_int(rows, 0, "id");
}

static void
update_drift(const char *id, const SdItem *item, int64 event_id, const char *digest)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET change = $2, class = $3, severity = $4,"
					" expected = $5, actual = $6, event_id = COALESCE($7::pg_catalog.int8, event_id),"
					" who = COALESCE($8, who), via = COALESCE($9, via),"
					" at = COALESCE($10::pg_catalog.timestamptz, at), ddl = COALESCE($11, ddl),"
					" content_digest = $12, last_seen = pg_catalog.clock_timestamp()"
					" WHERE id = $1::pg_catalog.int8",
					id, sd_change_name(item->change), sd_class_name(item->class),
					sd_severity_name(item->severity), item->expected, item->actual,
					event_id ? psprintf(INT64_FORMAT, event_id) : NULL,
					item->who, item->via, item->at, item->ddl, digest);
}

int64
sd_drift_record(const SdItem *item, int64 event_id, bool *news)
{
	char	   *digest = content_digest(item);
	SdRows	   *found = find_open(item);
	char	   *id;

	if (found->nrows == 0)
	{
		*news = true;
		return insert_drift(item, event_id, digest);
	}
	id = sd_rows_value(found, 0, "id");
	*news = strcmp(sd_rows_value(found, 0, "content_digest"), digest) != 0;
	if (*news)
		update_drift(id, item, event_id, digest);
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
									" d.who, d.via, d.at, d.ddl, NULLIF(e.application, '') AS application,"
									" e.client, e.deploy, e.refused_claim"
									" FROM schemadrift.drift d LEFT JOIN schemadrift.event e ON e.id = d.event_id"
									" WHERE d.state = 'open' AND d.target = 'live'", 0, NULL);
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
	return sd_spi_commandv("UPDATE schemadrift.drift SET state = 'gone', closed_at = pg_catalog.clock_timestamp(),"
						   " close_reason = 'no longer differs'"
						   " WHERE state = 'open' AND id NOT IN (SELECT v::pg_catalog.int8"
						   " FROM pg_catalog.jsonb_array_elements_text($1::pg_catalog.jsonb) v)",
						   ids_json);
}

void
sd_drift_accept(int64 id, const char *by, const char *reason)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET state = 'accepted', closed_at = pg_catalog.clock_timestamp(),"
					" closed_by = $2, close_reason = $3"
					" WHERE state = 'open' AND ($1 = '0' OR id = $1::pg_catalog.int8)",
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
	return sd_spi_queryv("SELECT " SD_DRIFT_ITEM_COLUMNS ", d.event_id, d.incident_id, d.first_seen, d.content_digest,"
						 " d.closed_at, d.closed_by, d.close_reason"
						 " FROM schemadrift.drift d WHERE d.id = $1::pg_catalog.int8",
						 psprintf(INT64_FORMAT, id));
}
