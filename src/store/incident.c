/*
 * incident.c
 *	  Incidents: drifts that are told about together, and what is told.
 *
 * All times are compared on this server's clock alone, and within one check by
 * one look at it, so that what a message says is what is kept as told.
 */
#include "postgres.h"

#include "base/json.h"
#include "base/settings.h"
#include "base/spi.h"
#include "base/wake.h"
#include "store/drift.h"
#include "store/event_seal.h"
#include "store/incident.h"

/* Items in one message; the rest is counted. */
#define SD_PAYLOAD_ITEMS "20"

#define SEVERITIES "'{critical,error,warning,info}'"
#define CLASSES "'{unattributed,security,breaking,risky,additive}'"

/* Is the open drift d shown by itself, and not under the one that brought it about? */
#define IS_CAUSE \
	"(d.cause_id IS NULL OR NOT EXISTS (SELECT FROM schemadrift.drift c" \
	" WHERE c.id = d.cause_id AND c.state = 'open'))"

/* Is the loud drift d to be told, its grace being over?  $1 = seen_by(). */
#define IS_RIPE "(d.told_digest IS NOT NULL OR d.first_seen <= " MOMENT("$1") ")"

/* A moment as µs, and back. */
#define MOMENT(microseconds) \
	"('2000-01-01 00:00:00+00'::pg_catalog.timestamptz" \
	" + " microseconds "::pg_catalog.int8 * '1 microsecond'::pg_catalog.interval)"

#define MICROSECONDS(time) \
	"(EXTRACT(EPOCH FROM " time " - '2000-01-01 00:00:00+00'::pg_catalog.timestamptz) * 1000000)::pg_catalog.int8"

static char *
number(int64 value)
{
	return psprintf(INT64_FORMAT, value);
}

/* What was seen by then has had its grace. */
static char *
seen_by(TimestampTz now)
{
	return number(now - (int64) sd_alert_grace * USECS_PER_SEC);
}

static SdSeverity
severity_of(const SdRows *rows, int r, const char *column)
{
	const char *name = sd_rows_value(rows, r, column);
	SdSeverity	severity = SD_SEVERITY_INFO;

	if (name)
		(void) sd_severity_parse(name, &severity);
	return severity;
}

/* -- what they come to ------------------------------------------------------- */

static const char open_sql[] =
"SELECT i.id, i.dedup_key, i.told_severity, i.told_digest,"
" COALESCE(" MICROSECONDS("i.told_at") ", 0) AS told_at, COALESCE(" MICROSECONDS("i.tell_at") ", 0) AS tell_at,"
" pg_catalog.count(d.id) AS nopen,"
" pg_catalog.count(d.id) FILTER (WHERE d.loud AND d.ripe) AS nripe,"
" (pg_catalog.array_agg(d.severity ORDER BY pg_catalog.array_position(" SEVERITIES ", d.severity))"
"   FILTER (WHERE d.loud AND d.ripe))[1] AS severity,"
" COALESCE(pg_catalog.md5(pg_catalog.string_agg(d.content_digest, ',' ORDER BY d.content_digest)"
"   FILTER (WHERE d.loud AND d.ripe)), '') AS digest,"
" COALESCE(pg_catalog.bool_or(d.told_digest IS DISTINCT FROM d.content_digest)"
"   FILTER (WHERE d.loud AND d.ripe), false) AS news,"
" COALESCE(" MICROSECONDS("pg_catalog.min(d.ripe_at) FILTER (WHERE d.loud AND NOT d.ripe)") ", 0) AS ripe_at,"
" COALESCE(" MICROSECONDS("pg_catalog.min(d.snoozed_until) FILTER (WHERE d.snoozed_until > pg_catalog.now())")
", 0) AS wake_at"
" FROM schemadrift.incident i LEFT JOIN (SELECT d.*, NOT " SD_DRIFT_IS_SILENT " AS loud, " IS_RIPE " AS ripe,"
"   d.first_seen + $2::pg_catalog.int4 * '1 second'::pg_catalog.interval AS ripe_at"
"   FROM schemadrift.drift d WHERE d.state = 'open') d ON d.incident_id = i.id"
" WHERE i.state = 'open' GROUP BY i.id"
" ORDER BY pg_catalog.min(pg_catalog.array_position(" SEVERITIES ", d.severity))"
"   FILTER (WHERE d.loud AND d.ripe) NULLS LAST, i.id";

List *
sd_incidents_open(TimestampTz now)
{
	SdRows	   *rows = sd_spi_queryv(open_sql, seen_by(now), psprintf("%d", sd_alert_grace));
	List	   *incidents = NIL;
	int			r;

	for (r = 0; r < rows->nrows; r++)
	{
		SdIncident *incident = palloc(sizeof(SdIncident));

		incident->id = sd_rows_int(rows, r, "id");
		incident->dedup_key = sd_rows_value(rows, r, "dedup_key");
		incident->nopen = (int) sd_rows_int(rows, r, "nopen");
		incident->nripe = (int) sd_rows_int(rows, r, "nripe");
		incident->severity = severity_of(rows, r, "severity");
		incident->digest = sd_rows_value(rows, r, "digest");
		incident->has_news = sd_rows_bool(rows, r, "news");
		incident->ripe_at = sd_rows_int(rows, r, "ripe_at");
		incident->wake_at = sd_rows_int(rows, r, "wake_at");
		incident->told_at = sd_rows_int(rows, r, "told_at");
		incident->told_severity = severity_of(rows, r, "told_severity");
		incident->told_digest = sd_rows_value(rows, r, "told_digest");
		incident->tell_at = sd_rows_int(rows, r, "tell_at");
		incidents = lappend(incidents, incident);
	}
	return incidents;
}

bool
sd_incident_is_due(void)
{
	return sd_spi_query("SELECT FROM schemadrift.incident WHERE state = 'open' AND tell_at <= pg_catalog.now()"
						" LIMIT 1", 0, NULL)->nrows > 0;
}

void
sd_incident_recheck(void)
{
	sd_spi_command("UPDATE schemadrift.incident SET tell_at = pg_catalog.now() WHERE state = 'open'", 0, NULL);
	sd_wake_request();
}

/* -- which drifts belong together --------------------------------------------- */

/* Open drifts without an open incident, but those that go with another one. */
#define HOMELESS \
	" FROM schemadrift.drift d LEFT JOIN schemadrift.incident own ON own.id = d.incident_id" \
	" WHERE d.state = 'open' AND (own.id IS NULL OR own.state <> 'open')"

/* The incident that the homeless drifts of an owner join: the same burst, or the same transaction. */
static const char burst_sql[] =
"SELECT i.id FROM schemadrift.incident i WHERE i.state = 'open' AND i.owner IS NOT DISTINCT FROM $1"
" AND (i.grown_at > pg_catalog.now() - $2::pg_catalog.int4 * '1 second'::pg_catalog.interval"
"  OR EXISTS (SELECT FROM schemadrift.drift o JOIN schemadrift.event oe ON oe.id = o.event_id"
"   WHERE o.incident_id = i.id AND o.state = 'open' AND oe.xid IN (SELECT e.xid FROM schemadrift.event e"
"    WHERE e.id IN (SELECT d.event_id" HOMELESS " AND d.owner IS NOT DISTINCT FROM $1))))"
" ORDER BY i.id DESC LIMIT 1";

static char *
find_or_create(const char *owner, char *(*make_key) (void))
{
	SdRows	   *rows = sd_spi_queryv(burst_sql, owner, psprintf("%d", sd_incident_window));

	if (rows->nrows == 0)
		rows = sd_spi_queryv("INSERT INTO schemadrift.incident (dedup_key, owner, severity, class, content_digest)"
							 " VALUES ($1, $2, 'info', 'additive', '') RETURNING id", make_key(), owner);
	return sd_rows_value(rows, 0, "id");
}

/* A drift that comes back to be told was not told to this incident's people. */
#define JOIN "UPDATE schemadrift.drift j SET told_digest = NULL, incident_id = "

void
sd_incident_adopt(char *(*make_key) (void))
{
	SdRows	   *owners = sd_spi_query("SELECT DISTINCT d.owner" HOMELESS " AND " IS_CAUSE, 0, NULL);
	int			r;

	for (r = 0; r < owners->nrows; r++)
	{
		const char *owner = sd_rows_value(owners, r, "owner");
		char	   *id = find_or_create(owner, make_key);

		sd_spi_commandv(JOIN "$1::pg_catalog.int8 WHERE j.id IN (SELECT d.id" HOMELESS " AND " IS_CAUSE
						" AND d.owner IS NOT DISTINCT FROM $2)", id, owner);
		sd_spi_commandv("UPDATE schemadrift.incident SET grown_at = pg_catalog.now()"
						" WHERE id = $1::pg_catalog.int8", id);
	}
	sd_spi_command(JOIN "c.incident_id FROM schemadrift.drift c WHERE c.id = j.cause_id"
				   " AND j.id IN (SELECT d.id" HOMELESS ")", 0, NULL);
}

/* The worst of what is open and not silent; all silent, they stay as they were. */
static const char refresh_sql[] =
"UPDATE schemadrift.incident AS i SET updated_at = pg_catalog.now(),"
" severity = w.severity, class = w.class, content_digest = w.content_digest"
" FROM (SELECT (pg_catalog.array_agg(d.severity ORDER BY pg_catalog.array_position(" SEVERITIES
", d.severity)))[1] AS severity,"
"  (pg_catalog.array_agg(d.class ORDER BY pg_catalog.array_position(" CLASSES ", d.class)))[1] AS class,"
"  pg_catalog.md5(pg_catalog.string_agg(d.content_digest, ',' ORDER BY d.content_digest)) AS content_digest"
"  FROM schemadrift.drift d WHERE d.state = 'open' AND NOT " SD_DRIFT_IS_SILENT
"  AND d.incident_id = $1::pg_catalog.int8) w"
" WHERE i.id = $1::pg_catalog.int8 AND w.severity IS NOT NULL"
" AND (i.severity, i.class, i.content_digest) IS DISTINCT FROM (w.severity, w.class, w.content_digest)";

void
sd_incident_refresh(int64 id)
{
	sd_spi_commandv(refresh_sql, number(id));
}

/* -- what was told ------------------------------------------------------------- */

static char *
as_json(List *texts)
{
	StringInfoData json;
	ListCell   *cell;

	initStringInfo(&json);
	sd_json_begin(&json, '[');
	foreach(cell, texts)
		sd_json_text(&json, lfirst(cell));
	sd_json_end(&json, ']');
	return json.data;
}

static List *
column_of(const SdRows *rows, const char *column)
{
	List	   *values = NIL;
	int			r;

	for (r = 0; r < rows->nrows; r++)
		values = lappend(values, sd_rows_value(rows, r, column));
	return values;
}

List *
sd_incident_channels(int64 id)
{
	return column_of(sd_spi_queryv("SELECT pg_catalog.unnest(channels) AS channel FROM schemadrift.incident"
								   " WHERE id = $1::pg_catalog.int8", number(id)), "channel");
}

void
sd_incident_told(const SdIncident *incident, List *channels, TimestampTz now)
{
	sd_spi_commandv("UPDATE schemadrift.drift d SET told_digest = d.content_digest"
					" WHERE d.incident_id = $2::pg_catalog.int8 AND d.state = 'open'"
					" AND d.told_digest IS DISTINCT FROM d.content_digest"
					" AND " IS_RIPE " AND NOT " SD_DRIFT_IS_SILENT, seen_by(now), number(incident->id));
	sd_spi_commandv("UPDATE schemadrift.incident SET told_at = " MOMENT("$5") ", told_digest = $2,"
					" told_severity = $3, channels = ARRAY(SELECT c FROM pg_catalog.unnest(channels) c UNION "
					" SELECT pg_catalog.jsonb_array_elements_text($4::pg_catalog.jsonb) ORDER BY 1)"
					" WHERE id = $1::pg_catalog.int8",
					number(incident->id), incident->digest, sd_severity_name(incident->severity), as_json(channels),
					number(now));
}

void
sd_incident_tell_later(int64 id, TimestampTz at)
{
	sd_spi_commandv("UPDATE schemadrift.incident SET tell_at = CASE WHEN $2 <> '0' THEN " MOMENT("$2") " END"
					" WHERE id = $1::pg_catalog.int8", number(id), number(at));
}

uint64
sd_incident_tell_parked(void)
{
	uint64		due;

	due = sd_spi_command("UPDATE schemadrift.incident i SET told_at = NULL, told_digest = NULL, told_severity = NULL,"
						 " tell_at = pg_catalog.now() WHERE i.state = 'open' AND EXISTS ("
						 "  SELECT FROM schemadrift.delivery q WHERE q.incident_id = i.id AND q.state = 'dead'"
						 "   AND q.purpose = 'trigger' AND q.retry_at >= pg_catalog.now())", 0, NULL);
	if (due > 0)
		sd_spi_command("UPDATE schemadrift.drift d SET told_digest = NULL FROM schemadrift.incident i"
					   " WHERE i.id = d.incident_id AND i.state = 'open' AND i.told_at IS NULL"
					   " AND d.state = 'open'", 0, NULL);
	return due;
}

void
sd_incident_resolve(int64 id, const char *reason)
{
	sd_spi_commandv("UPDATE schemadrift.incident SET state = 'resolved', resolved_at = pg_catalog.now(),"
					" updated_at = pg_catalog.now(), tell_at = NULL, resolve_reason = $2"
					" WHERE id = $1::pg_catalog.int8",
					number(id), reason);
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

SdRows *
sd_incident_ripe(int64 id, TimestampTz now)
{
	return sd_spi_queryv("SELECT d.object_type, d.object, d.attribute, d.change, d.class, d.severity, d.owner"
						 " FROM schemadrift.drift d WHERE d.incident_id = $2::pg_catalog.int8 AND d.state = 'open'"
						 " AND NOT " SD_DRIFT_IS_SILENT " AND " IS_RIPE " ORDER BY d.id", seen_by(now), number(id));
}

/* -- what is told --------------------------------------------------------------- */

/* One line that names the worst drift, who made it, and how many more. */
#define TITLE \
	"pg_catalog.concat('Schema drift in ', pg_catalog.current_database(), ': '," \
	" w.object_type, ' ', w.object, CASE WHEN w.attribute IS NULL THEN ' ' || w.change" \
	" ELSE ': ' || w.attribute || ' ' || w.change END," \
	" CASE WHEN w.folded > 0 THEN pg_catalog.format(' with %s that depended on it', w.folded) END," \
	" ' by ' || w.who, CASE WHEN t.open > 1" \
	" THEN pg_catalog.format(' and %s more difference%s', t.open - 1, CASE WHEN t.open > 2 THEN 's' END) END)"

#define ITEM \
	"pg_catalog.jsonb_build_object('id', d.id, 'severity', d.severity, 'class', d.class, 'finding', d.finding," \
	" 'change', d.change, 'object_type', d.object_type, 'object', d.object," \
	" 'attribute', d.attribute, 'expected', d.expected, 'actual', d.actual, 'who', d.who," \
	" 'via', d.via, 'at', d.at, 'ddl', d.ddl, 'folded', NULLIF(d.folded, 0))"

/*
 * What is open and loud is told; where nothing is, what was.  A drift whose
 * grace is not over does not exist yet for those who are told.
 */
static const char payload_sql[] =
"WITH shown AS ("
"  SELECT d.*, d.state = 'open' AND NOT " SD_DRIFT_IS_SILENT " AS told,"
"    (SELECT pg_catalog.count(*) FROM schemadrift.drift f"
"      WHERE f.cause_id = d.id AND f.state = d.state) AS folded,"
"    pg_catalog.row_number() OVER (ORDER BY (d.state = 'open') DESC, " SD_DRIFT_IS_SILENT ","
"    pg_catalog.array_position(" SEVERITIES ", d.severity), d.id) AS place"
"    FROM schemadrift.drift d WHERE d.incident_id = $2::pg_catalog.int8 AND (d.state <> 'open' OR " IS_RIPE ")"
"     AND (d.state <> 'open' OR " IS_CAUSE ")),"
" total AS (SELECT pg_catalog.count(*) FILTER (WHERE told) AS open,"
"  pg_catalog.count(*) FILTER (WHERE state = 'open') AS standing FROM shown),"
" worst AS (SELECT * FROM shown WHERE place = 1),"
" listed AS (SELECT * FROM shown WHERE told OR (SELECT open FROM total) = 0)"
" SELECT pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object("
"  'title', " TITLE ","
"  'database', pg_catalog.current_database(),"
"  'cluster', COALESCE(NULLIF(pg_catalog.current_setting('cluster_name'), ''),"
"    (SELECT system_identifier::pg_catalog.text FROM pg_catalog.pg_control_system())),"
"  'severity', i.severity, 'class', i.class, 'owner', i.owner, 'incident', i.id,"
"  'at', pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'),"
"  'count', CASE WHEN t.open > 0 THEN t.open ELSE t.standing END,"
"  'items', (SELECT pg_catalog.jsonb_agg(" ITEM " ORDER BY d.place) FROM listed d"
"    WHERE d.place <= " SD_PAYLOAD_ITEMS "),"
"  'sql', NULLIF($3, ''), 'note', $4, 'log_head', " SD_EVENT_SEAL_HEAD_SQL ")) AS payload"
" FROM schemadrift.incident i, total t, worst w WHERE i.id = $2::pg_catalog.int8";

char *
sd_incident_payload(int64 id, const char *revert_sql, const char *note, TimestampTz now)
{
	SdRows	   *rows = sd_spi_queryv(payload_sql, seen_by(now), number(id), revert_sql, note);

	/* only shown, before there is anything to tell */
	if (rows->nrows == 0)
		rows = sd_spi_queryv(payload_sql, number(PG_INT64_MAX / 2), number(id), revert_sql, note);
	if (rows->nrows == 0)
		elog(ERROR, "incident " INT64_FORMAT " has no drift", id);
	return sd_rows_value(rows, 0, "payload");
}

/* -- storms ----------------------------------------------------------------------- */

int
sd_storm_count(TimestampTz *oldest_ends)
{
	SdRows	   *rows = sd_spi_query("SELECT pg_catalog.count(DISTINCT (incident_id, created_at)) AS pages, COALESCE("
									MICROSECONDS("(pg_catalog.min(created_at) + '1 hour'::pg_catalog.interval)")
									", 0) AS ends FROM schemadrift.delivery"
									" WHERE purpose = 'trigger' AND incident_id IS NOT NULL"
									" AND created_at > pg_catalog.now() - '1 hour'::pg_catalog.interval", 0, NULL);

	*oldest_ends = sd_rows_int(rows, 0, "ends");
	return (int) sd_rows_int(rows, 0, "pages");
}

char *
sd_storm_key(void)
{
	SdRows	   *rows = sd_spi_query("SELECT dedup_key FROM schemadrift.storm WHERE ended_at IS NULL", 0, NULL);

	return rows->nrows > 0 ? sd_rows_value(rows, 0, "dedup_key") : NULL;
}

void
sd_storm_begin(const char *key, List *channels)
{
	sd_spi_commandv("INSERT INTO schemadrift.storm (dedup_key, channels)"
					" SELECT $1, ARRAY(SELECT pg_catalog.jsonb_array_elements_text($2::pg_catalog.jsonb))",
					key, as_json(channels));
}

List *
sd_storm_end(void)
{
	return column_of(sd_spi_query("WITH ended AS (UPDATE schemadrift.storm SET ended_at = pg_catalog.now()"
								  "  WHERE ended_at IS NULL RETURNING channels)"
								  " SELECT pg_catalog.unnest(channels) AS channel FROM ended", 0, NULL), "channel");
}
