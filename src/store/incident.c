/*
 * incident.c
 *	  Incidents: drifts that are told about together, and what is told.
 *
 * Declared in drift.h, since neither table means anything without the other.
 */
#include "postgres.h"

#include "base/spi.h"
#include "store/drift.h"

/* Items in one message; the rest is counted. */
#define SD_PAYLOAD_ITEMS "20"

#define INCIDENT_COLUMNS \
	"i.id, i.dedup_key, i.severity, i.content_digest," \
	" (SELECT pg_catalog.count(*) FROM schemadrift.drift d" \
	"   WHERE d.incident_id = i.id AND d.state = 'open') AS open_drifts"

static SdIncident *
read_incident(const SdRows *rows)
{
	SdIncident *incident;

	if (rows->nrows == 0)
		return NULL;
	incident = palloc(sizeof(SdIncident));
	incident->id = sd_rows_int(rows, 0, "id");
	incident->dedup_key = sd_rows_value(rows, 0, "dedup_key");
	incident->severity = sd_rows_value(rows, 0, "severity");
	incident->content_digest = sd_rows_value(rows, 0, "content_digest");
	incident->open_drifts = (int) sd_rows_int(rows, 0, "open_drifts");
	return incident;
}

static char *
number(int64 value)
{
	return psprintf(INT64_FORMAT, value);
}

SdIncident *
sd_incident_open(void)
{
	return read_incident(sd_spi_query("SELECT " INCIDENT_COLUMNS " FROM schemadrift.incident i"
									  " WHERE i.state = 'open' ORDER BY i.id DESC LIMIT 1", 0, NULL));
}

SdIncident *
sd_incident_create(const char *dedup_key)
{
	return read_incident(sd_spi_queryv("INSERT INTO schemadrift.incident AS i"
									   " (dedup_key, severity, class, content_digest)"
									   " VALUES ($1, 'info', 'additive', '')"
									   " RETURNING " INCIDENT_COLUMNS, dedup_key));
}

bool
sd_incident_is_acknowledged(int64 id)
{
	SdRows	   *rows = sd_spi_queryv("SELECT COALESCE(pg_catalog.bool_and(COALESCE("
									 " d.acknowledged_digest = d.content_digest, false)), false) AS all"
									 "  FROM schemadrift.drift d"
									 " WHERE d.state = 'open' AND d.incident_id = $1::pg_catalog.int8",
									 number(id));

	return sd_rows_bool(rows, 0, "all");
}

char *
sd_incident_key(int64 id)
{
	SdRows	   *rows = sd_spi_queryv("SELECT i.dedup_key FROM schemadrift.incident i"
									 " WHERE i.id = $1::pg_catalog.int8"
									 "   AND EXISTS (SELECT FROM schemadrift.drift d WHERE d.incident_id = i.id)",
									 number(id));

	return rows->nrows > 0 ? sd_rows_value(rows, 0, "dedup_key") : NULL;
}

int64
sd_incident_newest(void)
{
	SdRows	   *rows = sd_spi_query("SELECT pg_catalog.max(id) AS id FROM schemadrift.incident", 0, NULL);

	return sd_rows_int(rows, 0, "id");
}

void
sd_incident_adopt(const SdIncident *incident)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET incident_id = $1::pg_catalog.int8"
					" WHERE state = 'open' AND incident_id IS NULL", number(incident->id));
}

static const char refresh_sql[] =
"UPDATE schemadrift.incident AS i SET updated_at = pg_catalog.now(),"
" severity = w.severity, class = w.class, content_digest = w.content_digest"
" FROM (SELECT (pg_catalog.array_agg(d.severity ORDER BY pg_catalog.array_position("
"   '{critical,error,warning,info}', d.severity)))[1] AS severity,"
"  (pg_catalog.array_agg(d.class ORDER BY pg_catalog.array_position("
"   '{unattributed,security,breaking,risky,additive}', d.class)))[1] AS class,"
"  pg_catalog.md5(pg_catalog.string_agg(d.content_digest, ',' ORDER BY d.id)) AS content_digest"
"  FROM schemadrift.drift d WHERE d.state = 'open' AND d.incident_id = $1::pg_catalog.int8) w"
" WHERE i.id = $1::pg_catalog.int8 AND w.severity IS NOT NULL"
" RETURNING " INCIDENT_COLUMNS;

SdIncident *
sd_incident_refresh(int64 id)
{
	return read_incident(sd_spi_queryv(refresh_sql, number(id)));
}

void
sd_incident_resolve(int64 id, const char *reason)
{
	sd_spi_commandv("UPDATE schemadrift.incident SET state = 'resolved', resolved_at = pg_catalog.now(),"
					" updated_at = pg_catalog.now(), resolve_reason = $2 WHERE id = $1::pg_catalog.int8",
					number(id), reason);
}

/* One line that names the worst drift, who made it, and how many more. */
#define TITLE \
	"pg_catalog.concat('Schema drift in ', pg_catalog.current_database(), ': '," \
	" w.object_type, ' ', w.object, CASE WHEN w.attribute IS NULL THEN ' ' || w.change" \
	" ELSE ': ' || w.attribute || ' ' || w.change END," \
	" ' by ' || w.who, CASE WHEN t.open > 1" \
	" THEN pg_catalog.format(' and %s more differences', t.open - 1) END)"

#define ITEM \
	"pg_catalog.jsonb_build_object('id', d.id, 'severity', d.severity, 'class', d.class," \
	" 'change', d.change, 'object_type', d.object_type, 'object', d.object," \
	" 'attribute', d.attribute, 'expected', d.expected, 'actual', d.actual, 'who', d.who," \
	" 'via', d.via, 'at', d.at, 'ddl', d.ddl)"

static const char payload_sql[] =
"WITH shown AS ("
"  SELECT d.*, pg_catalog.row_number() OVER (ORDER BY (d.state = 'open') DESC,"
"    pg_catalog.array_position('{critical,error,warning,info}', d.severity), d.id) AS place"
"    FROM schemadrift.drift d WHERE d.incident_id = $1::pg_catalog.int8),"
" total AS (SELECT pg_catalog.count(*) FILTER (WHERE state = 'open') AS open, pg_catalog.count(*) AS n FROM shown),"
" worst AS (SELECT * FROM shown WHERE place = 1),"
" told AS (SELECT * FROM shown WHERE state = 'open' OR (SELECT open FROM total) = 0)"
" SELECT pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object("
"  'title', " TITLE ","
"  'database', pg_catalog.current_database(),"
"  'cluster', COALESCE(NULLIF(pg_catalog.current_setting('cluster_name'), ''),"
"    (SELECT system_identifier::pg_catalog.text FROM pg_catalog.pg_control_system())),"
"  'severity', i.severity, 'class', i.class, 'incident', i.id,"
"  'at', pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'),"
"  'count', t.open,"
"  'items', (SELECT pg_catalog.jsonb_agg(" ITEM " ORDER BY d.place) FROM told d"
"    WHERE d.place <= " SD_PAYLOAD_ITEMS "),"
"  'sql', NULLIF($2, ''), 'note', $3)) AS payload"
" FROM schemadrift.incident i, total t, worst w WHERE i.id = $1::pg_catalog.int8";

char *
sd_incident_payload(int64 id, const char *revert_sql, const char *note)
{
	SdRows	   *rows = sd_spi_queryv(payload_sql, number(id), revert_sql, note);

	if (rows->nrows == 0)
		elog(ERROR, "incident " INT64_FORMAT " has no drift", id);
	return sd_rows_value(rows, 0, "payload");
}
