/*
 * history.c
 *	  What changed in live, property by property.
 *
 * Rows are written once and never changed: who did it is copied from the event,
 * which is deleted earlier.
 */
#include "postgres.h"

#include "base/json.h"
#include "base/spi.h"
#include "store/history.h"

/* Rows sent in one statement. */
#define SD_INSERT_CHUNK 500

static void
append_item(StringInfo json, const SdHistoryItem *one)
{
	const SdItem *item = one->item;

	sd_json_begin(json, '{');
	sd_json_field(json, "change", sd_change_name(item->change));
	sd_json_field(json, "object_type", item->object_type);
	sd_json_field(json, "object", item->object);
	sd_json_field(json, "attribute", item->attribute);
	sd_json_field(json, "old_value", item->expected);
	sd_json_field(json, "new_value", item->actual);
	if (one->event_id)
		sd_json_field_int(json, "event_id", one->event_id);
	sd_json_field(json, "at", item->at);
	sd_json_field(json, "who", item->who);
	sd_json_field(json, "via", item->via);
	sd_json_field(json, "deploy", item->deploy);
	sd_json_field(json, "statement", item->ddl);
	sd_json_end(json, '}');
}

static void
insert_chunk(const SdObservation *observation, const char *json)
{
	(void) sd_spi_commandv(
		"INSERT INTO schemadrift.history (seen_at, change, object_type, object, attribute, old_value,"
		" new_value, event_id, at, who, via, deploy, statement)"
		" SELECT o.seen_at, j.change, j.object_type, j.object, j.attribute, j.old_value, j.new_value,"
		" j.event_id, j.at, j.who, j.via, j.deploy, j.statement"
		"  FROM schemadrift.observation o,"
		"       pg_catalog.jsonb_to_recordset($2::pg_catalog.jsonb) j(change pg_catalog.text,"
		"       object_type pg_catalog.text, object pg_catalog.text, attribute pg_catalog.text,"
		"       old_value pg_catalog.text, new_value pg_catalog.text, event_id pg_catalog.int8,"
		"       at pg_catalog.timestamptz, who pg_catalog.text, via pg_catalog.text, deploy pg_catalog.text,"
		"       statement pg_catalog.text)"
		" WHERE o.id = $1::pg_catalog.int8",
		psprintf(INT64_FORMAT, observation->id), json);
}

void
sd_history_insert(const SdObservation *observation, List *items)
{
	int			i = 0;

	while (i < list_length(items))
	{
		StringInfoData json;
		int			end = Min(i + SD_INSERT_CHUNK, list_length(items));

		initStringInfo(&json);
		sd_json_begin(&json, '[');
		for (; i < end; i++)
			append_item(&json, list_nth(items, i));
		sd_json_end(&json, ']');
		insert_chunk(observation, json.data);
		pfree(json.data);
	}
}

/* -- who did it ------------------------------------------------------------- */

SdRows *
sd_history_renames(void)
{
	return sd_spi_query("SELECT id, object_type, object, old_value FROM schemadrift.history"
						" WHERE change = 'renamed' ORDER BY id DESC", 0, NULL);
}

SdRows *
sd_history_of(const char *names, const char *from, const char *to)
{
	return sd_spi_queryv("SELECT i.n, h.id, h.change, h.attribute, h.who, h.via,"
						 "       pg_catalog.to_char(COALESCE(h.at, h.seen_at), 'YYYY-MM-DD HH24:MI:SS.USOF') AS at,"
						 "       h.deploy, h.statement, h.event_id"
						 "  FROM pg_catalog.jsonb_to_recordset($1::pg_catalog.jsonb) i(n pg_catalog.int4,"
						 "       type pg_catalog.text, object pg_catalog.text, below pg_catalog.int8,"
						 "       above pg_catalog.int8)"
						 "  JOIN schemadrift.history h ON pg_catalog.md5(h.object) = pg_catalog.md5(i.object)"
						 "       AND h.object = i.object AND h.object_type = i.type"
						 "       AND h.id >= i.above AND h.id < i.below"
						 "       AND ($2 IS NULL OR h.seen_at > $2::pg_catalog.timestamptz)"
						 "       AND ($3 IS NULL OR h.seen_at <= $3::pg_catalog.timestamptz)"
						 " ORDER BY h.id DESC", names, from, to);
}

SdRows *
sd_history_removed(const char *name)
{
	return sd_spi_queryv("SELECT object_type, object, COALESCE(who, 'somebody unknown') AS who,"
						 "       pg_catalog.to_char(seen_at, 'YYYY-MM-DD HH24:MI:SSOF') AS seen_at"
						 "  FROM schemadrift.history"
						 " WHERE change = 'removed' AND attribute IS NULL"
						 "   AND (object = $1 OR pg_catalog.right(object, pg_catalog.length($1) + 1) = '.' || $1)"
						 " ORDER BY id DESC LIMIT 1", name);
}

char *
sd_history_begin(void)
{
	SdRows	   *rows = sd_spi_query("SELECT pg_catalog.to_char(pg_catalog.min(seen_at), 'YYYY-MM-DD HH24:MI:SSOF')"
									" AS seen_at FROM schemadrift.observation", 0, NULL);

	return sd_rows_value(rows, 0, "seen_at");
}
