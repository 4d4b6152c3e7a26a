/*
 * event_seal.c
 *	  Makes a later change of the event log show.
 *
 * A seal holds the digest of each of its events, of every column, and the
 * digest of the seal before it.  So an event that is removed, altered or put
 * in later no longer fits its seal, and a seal that is made to fit no longer
 * fits the next.  Whoever rewrites everything to the end changes the last
 * digest, the head; that goes into messages and so leaves the server.
 *
 * An event is sealed once nothing with a smaller id can still come: its id is
 * drawn under a lock that is held until the row is there (SD_LOCK_EVENT), and
 * rows of running transactions are seen by sd_event_last_id().  Nobody's lock
 * is waited for, and none is held that a command would wait for.
 *
 * Seals stay when their events are pruned; what may be missing then is said by
 * a seal of its own.  They are never dumped.  Where the chain finds itself in
 * another cluster, database or timeline than before, it says so by an anchor
 * and goes on.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "miscadmin.h"
#include "storage/lock.h"

#include "base/lock.h"
#include "base/spi.h"
#include "store/event.h"
#include "store/event_seal.h"

/* Events of one seal, and seals of one check. */
#define SD_SEAL_EVENTS "5000"
#define SD_SEAL_MOST 4

/* Every column of schemadrift.event e, each framed, none by how a session shows it. */
#define EVENT_DIGEST \
	"pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_array(e.id," \
	" pg_catalog.to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US BC'), e.xid::pg_catalog.text," \
	" e.pid, e.tag," \
	" e.session_role, e.effective_role, e.client, e.application, e.statement, e.deploy_id, e.deploy," \
	" e.refused_claim," \
	" e.objects)::pg_catalog.text, pg_catalog.getdatabaseencoding()))"

/* Of a seal s after one with digest "before". */
#define SEAL_DIGEST(before) \
	"pg_catalog.sha256(COALESCE(" before ", '\\x') ||" \
	" pg_catalog.convert_to(pg_catalog.jsonb_build_array(s.id, s.what," \
	" pg_catalog.to_char(s.sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), s.place, s.first_event," \
	" s.last_event, s.keep_minutes)::pg_catalog.text, pg_catalog.getdatabaseencoding()) || s.digests)"

/* The newest seal, or what comes before the first one. */
#define HEAD \
	"(SELECT COALESCE(pg_catalog.max(id), 0) AS id," \
	" COALESCE(pg_catalog.max(last_event) FILTER (WHERE what <> 'pruned'), 0) AS last_event," \
	" (SELECT digest FROM schemadrift.event_seal ORDER BY id DESC LIMIT 1) AS digest," \
	" (SELECT place FROM schemadrift.event_seal ORDER BY id DESC LIMIT 1) AS place" \
	" FROM schemadrift.event_seal)"

#define INSERT_SEAL \
	"INSERT INTO schemadrift.event_seal (id, what, sealed_at, place, first_event, last_event, keep_minutes," \
	" digests, digest)" \
	" SELECT s.id, s.what, s.sealed_at, s.place, s.first_event, s.last_event, s.keep_minutes, s.digests, " \
	SEAL_DIGEST("s.before") " FROM "

static char *
number(int64 value)
{
	return psprintf(INT64_FORMAT, value);
}

/* As in schemadrift.event_seal.place. */
static char *
this_place(void)
{
	return psprintf(INT64_FORMAT "/%u/%u", (int64) GetSystemIdentifier(), MyDatabaseId,
					GetWALInsertionTimeLine());
}

/* Has somebody drawn an id and not written its row yet?  Looks, takes nothing. */
static bool
is_writing(void)
{
	LOCKTAG		tag;
	VirtualTransactionId *writers;
	int			count;

	sd_lock_tag(&tag, SD_LOCK_EVENT);
	writers = GetLockConflicts(&tag, ExclusiveLock, &count);
	pfree(writers);
	return count > 0;
}

/* The first seal, and the first one somewhere else. */
static void
anchor(void)
{
	sd_spi_commandv(INSERT_SEAL
					"(SELECT h.id + 1 AS id, 'anchor' AS what, pg_catalog.clock_timestamp() AS sealed_at,"
					" $1 AS place,"
					" h.last_event AS first_event, h.last_event, NULL::pg_catalog.int4 AS keep_minutes,"
					" '\\x'::pg_catalog.bytea AS digests, h.digest AS before"
					" FROM " HEAD " h WHERE h.place IS DISTINCT FROM $1 OFFSET 0) s",
					this_place());
}

static uint64
seal_some(int64 last)
{
	return sd_spi_commandv(INSERT_SEAL
						   "(SELECT h.id + 1 AS id, 'events' AS what, pg_catalog.clock_timestamp() AS"
						   " sealed_at, $1 AS place,"
						   " h.last_event + 1 AS first_event, t.last_event, NULL::pg_catalog.int4 AS keep_minutes,"
						   " t.digests, h.digest AS before"
						   " FROM " HEAD " h, LATERAL (SELECT pg_catalog.max(d.id) AS last_event,"
						   "   pg_catalog.string_agg(pg_catalog.int8send(d.id) || d.digest, '' ORDER BY"
						   " d.id) AS digests"
						   "   FROM (SELECT e.id, " EVENT_DIGEST " AS digest FROM schemadrift.event e"
						   "          WHERE e.id > h.last_event AND e.id <= $2::pg_catalog.int8"
						   "          ORDER BY e.id LIMIT " SD_SEAL_EVENTS ") d) t"
						   " WHERE t.last_event IS NOT NULL OFFSET 0) s",
						   this_place(), number(last));
}

void
sd_event_seal(void)
{
	SdRows	   *rows;
	int64		highest;
	int64		decided;
	int			i;

	/* in this order: what is drawn by now is written or given up after it */
	rows = sd_spi_query("SELECT COALESCE(pg_catalog.max(id), 0) AS id FROM schemadrift.event", 0, NULL);
	highest = sd_rows_int(rows, 0, "id");
	if (is_writing())
		return;
	decided = Min(highest, sd_event_last_id());
	anchor();
	for (i = 0; i < SD_SEAL_MOST; i++)
		if (seal_some(decided) == 0)
			break;
}

char *
sd_event_seal_head(void)
{
	SdRows	   *rows = sd_spi_query("SELECT " SD_EVENT_SEAL_HEAD_SQL " AS head", 0, NULL);

	return sd_rows_value(rows, 0, "head");
}

bool
sd_event_is_left_unsealed(void)
{
	SdRows	   *rows = sd_spi_query("SELECT EXISTS (SELECT FROM schemadrift.event e, " HEAD " h WHERE e.id"
	" > h.last_event"
									" AND e.at < pg_catalog.now() - '24 hours'::pg_catalog.interval) AS"
									" is_left", 0, NULL);

	return sd_rows_bool(rows, 0, "is_left");
}

SdRows *
sd_event_unsealed(void)
{
	return sd_spi_query("SELECT pg_catalog.count(*) AS count, pg_catalog.min(e.id) AS first,"
	" pg_catalog.max(e.id) AS last"
						"  FROM schemadrift.event e, " HEAD " h WHERE e.id > h.last_event", 0, NULL);
}

/* -- pruning ---------------------------------------------------------------- */

/*
 * A range without holes, so that one seal says it all: up to before the first
 * event that is to stay.  What was sealed only lately stays, whatever time it
 * bears: the age that the chain itself tells is what sd_event_seal_verify()
 * goes by, and it goes by minutes, which are the same in each time zone.
 */
uint64
sd_event_prune(int64 keep_horizon, int keep_minutes, int batch)
{
	SdRows	   *rows;
	char	   *last;
	uint64		deleted;

	rows = sd_spi_queryv("SELECT pg_catalog.max(f.id) AS last FROM (SELECT e.id FROM schemadrift.event e"
						 " WHERE e.id <= $1::pg_catalog.int8 AND e.id <= (SELECT pg_catalog.max(s.last_event)"
						 "        FROM schemadrift.event_seal s WHERE s.what = 'events'"
						 "         AND s.sealed_at < pg_catalog.now() - $2::pg_catalog.int4 * '1 minute'"
						 "::pg_catalog.interval"
						 "        )"
						 "   AND e.id < COALESCE((SELECT pg_catalog.min(k.id) FROM schemadrift.event k"
						 "        WHERE k.at >= pg_catalog.now() - $2::pg_catalog.int4 * '1 minute'"
						 "::pg_catalog.interval"
						 "        ),"
						 "        9223372036854775807)"
						 "   AND e.id < COALESCE((SELECT pg_catalog.min(d.event_id) FROM schemadrift.drift d"
						 "        WHERE d.state IN ('open', 'ignored')), 9223372036854775807)"
						 " ORDER BY e.id LIMIT $3::pg_catalog.int8) f",
						 number(keep_horizon), psprintf("%d", keep_minutes), psprintf("%d", batch));
	last = sd_rows_value(rows, 0, "last");
	if (last == NULL)
		return 0;
	deleted = sd_spi_commandv("DELETE FROM schemadrift.event WHERE id <= $1::pg_catalog.int8", last);
	sd_spi_commandv("DELETE FROM schemadrift.recognised WHERE event_id <= $1::pg_catalog.int8", last);
	sd_spi_commandv(INSERT_SEAL
					"(SELECT h.id + 1 AS id, 'pruned' AS what, pg_catalog.clock_timestamp() AS sealed_at,"
					" $1 AS place,"
					" 1::pg_catalog.int8 AS first_event, $2::pg_catalog.int8 AS last_event,"
					" $3::pg_catalog.int4 AS keep_minutes, '\\x'::pg_catalog.bytea AS digests, h.digest AS before"
					" FROM " HEAD " h OFFSET 0) s",
					this_place(), last, psprintf("%d", keep_minutes));
	return deleted;
}

/* -- verifying -------------------------------------------------------------- */

/*
 * $1: how many events to look at, NULL = all.  Whatever says that events of a
 * seal were pruned comes later than it, so the newest seals do without the rest.
 */
static const char verify_sql[] =
"WITH bound AS MATERIALIZED (SELECT COALESCE(pg_catalog.min(c.id), 0) AS first"
"   FROM (SELECT id, pg_catalog.sum(pg_catalog.length(digests) / 40) OVER (ORDER BY id DESC)"
"           - pg_catalog.length(digests) / 40 AS newer FROM schemadrift.event_seal) c"
"   WHERE $1 IS NULL OR c.newer < $1::pg_catalog.int8),"
" s AS MATERIALIZED (SELECT a.* FROM bound, (SELECT s.*, pg_catalog.lag(s.digest) OVER (ORDER BY s.id) AS before,"
"   pg_catalog.lag(s.id) OVER (ORDER BY s.id) AS before_id FROM schemadrift.event_seal s"
"   WHERE s.id >= COALESCE((SELECT pg_catalog.max(b.id) FROM schemadrift.event_seal b, bound"
"     WHERE b.id < bound.first), 0)) a WHERE a.id >= bound.first),"
" sealed AS MATERIALIZED (SELECT s.id AS seal, s.sealed_at,"
"   ('x' || pg_catalog.encode(pg_catalog.substr(s.digests, g.i * 40 + 1, 8),"
" 'hex'))::pg_catalog.bit(64)::pg_catalog.int8 AS id,"
"   pg_catalog.substr(s.digests, g.i * 40 + 9, 32) AS digest"
"   FROM s, pg_catalog.generate_series(0, pg_catalog.length(s.digests) / 40 - 1) g(i) WHERE s.what = 'events'),"
/* an age that the seals themselves disprove does not count */
" pruned AS (SELECT COALESCE(pg_catalog.max(p.last_event), 0) AS last_event FROM s p"
"   WHERE p.what = 'pruned' AND p.keep_minutes > 0 AND NOT EXISTS (SELECT FROM s c WHERE c.what = 'events'"
"     AND c.last_event <= p.last_event AND c.sealed_at > p.sealed_at - p.keep_minutes * '1 minute'"
						 "::pg_catalog.interval"
"     AND c.id < p.id)),"
" head AS (SELECT COALESCE(pg_catalog.max(last_event) FILTER (WHERE what <> 'pruned'), 0) AS last_event FROM s)"
" SELECT NULL::pg_catalog.int8 AS event_id, pg_catalog.format('seal %s was altered, or the one before it',"
" s.id) AS problem,"
"   s.sealed_at FROM s WHERE s.digest <> " SEAL_DIGEST("s.before")
" UNION ALL SELECT NULL, CASE WHEN s.id - COALESCE(s.before_id, 0) = 2 THEN pg_catalog.format('seal %s is"
" missing', s.id - 1)"
"   ELSE pg_catalog.format('seals %s to %s are missing', COALESCE(s.before_id, 0) + 1, s.id - 1) END, s.sealed_at"
"   FROM s WHERE s.id <> COALESCE(s.before_id, 0) + 1"
" UNION ALL SELECT NULL, pg_catalog.format('seal %s says that events were pruned sooner than after %s"
" minutes', p.id, p.keep_minutes),"
"   p.sealed_at FROM s p WHERE p.what = 'pruned' AND (p.keep_minutes IS NULL OR p.keep_minutes <= 0 OR EXISTS"
" (SELECT FROM s c"
"     WHERE c.what = 'events' AND c.last_event <= p.last_event AND c.id < p.id"
"     AND c.sealed_at > p.sealed_at - p.keep_minutes * '1 minute'::pg_catalog.interval))"
" UNION ALL SELECT d.id, 'removed', d.sealed_at FROM sealed d, pruned"
"   WHERE d.id > pruned.last_event AND NOT EXISTS (SELECT FROM schemadrift.event e WHERE e.id = d.id)"
" UNION ALL SELECT d.id, 'altered', d.sealed_at FROM sealed d JOIN schemadrift.event e ON e.id = d.id"
"   WHERE d.digest <> " EVENT_DIGEST
" UNION ALL SELECT e.id, 'inserted', c.sealed_at FROM head, schemadrift.event e LEFT JOIN s c"
"     ON c.what = 'events' AND e.id BETWEEN c.first_event AND c.last_event"
"   WHERE e.id <= head.last_event AND NOT EXISTS (SELECT FROM sealed d WHERE d.id = e.id)"
"     AND ($1 IS NULL OR e.id >= (SELECT pg_catalog.min(s.first_event) FROM s WHERE s.what = 'events'))"
" UNION ALL SELECT NULL, pg_catalog.format('the chain does not have seal %s as message %s told it',"
"     pg_catalog.split_part(m.payload ->> 'log_head', ':', 1), m.id), m.created_at"
"   FROM schemadrift.delivery m WHERE m.payload ->> 'log_head' IS NOT NULL AND NOT EXISTS (SELECT FROM s"
"     WHERE pg_catalog.concat(s.id, ':', pg_catalog.encode(s.digest, 'hex')) = m.payload ->> 'log_head')"
"     AND ($1 IS NULL OR CASE WHEN m.payload ->> 'log_head' ~ '^[0-9]{1,18}:' THEN"
"       pg_catalog.split_part(m.payload ->> 'log_head', ':', 1)::pg_catalog.int8"
"         >= (SELECT first FROM bound) ELSE true END)"
" ORDER BY 3, 1, 2";

SdRows *
sd_event_seal_verify(int64 newest)
{
	return sd_spi_queryv(verify_sql, newest ? number(newest) : NULL);
}
