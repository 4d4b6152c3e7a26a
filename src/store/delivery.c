/*
 * delivery.c
 *	  The outbox: schemadrift.delivery.
 *
 * A state column and FOR UPDATE SKIP LOCKED, never a high-water mark: rows
 * become visible in another order than their ids were drawn.  An attempt is
 * counted before it is made, so that a message which takes the server down is
 * not sent for ever.  Times are compared on this server's clock alone.
 */
#include "postgres.h"

#include "base/json.h"
#include "base/rows.h"
#include "base/settings.h"
#include "base/spi.h"
#include "base/wake.h"
#include "store/delivery.h"

static const char *
number(int64 value)
{
	return psprintf(INT64_FORMAT, value);
}

int64
sd_delivery_enqueue(const char *channel, const char *purpose, int64 incident_id,
					const char *idempotency_key, const char *payload_json)
{
	SdRows	   *rows;

	rows = sd_spi_queryv("INSERT INTO schemadrift.delivery"
						 " (channel, purpose, incident_id, idempotency_key, payload)"
						 " VALUES ($1, $2, $3::pg_catalog.int8, $4, $5::pg_catalog.jsonb)"
						 " RETURNING id",
						 channel, purpose, incident_id ? number(incident_id) : NULL,
						 idempotency_key, payload_json);
	sd_wake_request();
	return sd_rows_int(rows, 0, "id");
}

bool
sd_delivery_replace(const char *channel, int64 incident_id, const char *payload_json)
{
	if (sd_spi_commandv("UPDATE schemadrift.delivery SET payload = $3::pg_catalog.jsonb, step = 0,"
						"   created_at = pg_catalog.now()"
						" WHERE channel = $1 AND incident_id = $2::pg_catalog.int8 AND purpose = 'trigger'"
						"   AND state = 'pending'",
						channel, number(incident_id), payload_json) == 0)
		return false;
	sd_wake_request();
	return true;
}

/*
 * May this row q be sent once its time has come?  A message waits while an
 * earlier one of the same incident and channel is neither delivered nor dead:
 * a resolve must not overtake its trigger.  A disabled channel keeps its
 * messages; they go out when it is enabled.  $1 = held channels, $2 = tests
 * only.
 */
#define SENDABLE \
	"     q.state IN ('pending', 'sending')" \
	"     AND ($2 = 'f' OR q.purpose = 'test')" \
	"     AND NOT EXISTS (SELECT FROM pg_catalog.jsonb_array_elements_text($1::jsonb) h" \
	"                      WHERE h.value = q.channel)" \
	"     AND NOT EXISTS (SELECT FROM schemadrift.channel c" \
	"                      WHERE c.name = q.channel AND NOT c.enabled)" \
	"     AND (q.incident_id IS NULL OR NOT EXISTS (" \
	"            SELECT FROM schemadrift.delivery e" \
	"             WHERE e.state IN ('pending', 'sending') AND e.channel = q.channel" \
	"               AND e.incident_id = q.incident_id AND e.id < q.id))"

/* When that time is. */
#define DUE_AT \
	"CASE q.state WHEN 'pending' THEN q.retry_at ELSE q.lease_until END"

static const char *const claim_sql =
	"WITH due AS ("
	"  SELECT q.id"
	"    FROM schemadrift.delivery q"
	"   WHERE " SENDABLE
	"     AND " DUE_AT " <= pg_catalog.clock_timestamp()"
	"   ORDER BY EXISTS (SELECT FROM pg_catalog.jsonb_array_elements_text($3::jsonb) f"
	"                     WHERE f.value = q.channel), q.id"
	"   LIMIT 1 FOR UPDATE OF q SKIP LOCKED),"
	" claimed AS ("
	"  UPDATE schemadrift.delivery d"
	"     SET state = 'sending', attempts = d.attempts + 1,"
	"         lease_pid = pg_catalog.pg_backend_pid(),"
	"         lease_until = pg_catalog.clock_timestamp() + $4::interval"
	"    FROM due WHERE d.id = due.id"
	"  RETURNING d.*)"
	" SELECT d.id, d.channel, d.purpose, d.idempotency_key, d.payload, d.attempts, d.step,"
	"        d.external_id, d.external_url, c.kind, c.config, c.secret"
	"   FROM claimed d LEFT JOIN schemadrift.channel c ON c.name = d.channel";

SdClaim *
sd_delivery_claim(const char *held, const char *failing, bool tests_only)
{
	SdClaim    *claim;
	SdRows	   *rows;

	rows = sd_spi_queryv(claim_sql, held, tests_only ? "t" : "f", failing,
						 psprintf("%d ms", sd_lease));
	if (rows->nrows == 0)
		return NULL;
	claim = palloc0(sizeof(SdClaim));
	claim->delivery.id = sd_rows_int(rows, 0, "id");
	claim->delivery.idempotency_key = sd_rows_value(rows, 0, "idempotency_key");
	claim->delivery.purpose = sd_rows_value(rows, 0, "purpose");
	claim->delivery.payload = sd_jsonb_parse(sd_rows_value(rows, 0, "payload"));
	claim->delivery.attempts = (int) sd_rows_int(rows, 0, "attempts");
	claim->delivery.step = (int) sd_rows_int(rows, 0, "step");
	claim->delivery.external_id = sd_rows_value(rows, 0, "external_id");
	claim->delivery.external_url = sd_rows_value(rows, 0, "external_url");
	claim->channel.name = sd_rows_value(rows, 0, "channel");
	claim->channel.kind = sd_rows_value(rows, 0, "kind");
	if (claim->channel.kind != NULL)
		claim->channel.config = sd_jsonb_parse(sd_rows_value(rows, 0, "config"));
	claim->channel.secret_name = sd_rows_value(rows, 0, "secret");
	return claim;
}

void
sd_delivery_delivered(int64 id, const char *external_id, const char *external_url)
{
	/* a fact: it counts whoever holds the claim by now */
	sd_spi_commandv("UPDATE schemadrift.delivery"
					"   SET state = 'delivered', delivered_at = pg_catalog.clock_timestamp(),"
					"       lease_until = NULL, lease_pid = NULL, last_error = NULL,"
					"       external_id = COALESCE($2, external_id),"
					"       external_url = COALESCE($3, external_url)"
					" WHERE id = $1::pg_catalog.int8",
					number(id), external_id, external_url);
}

void
sd_delivery_next_step(int64 id, int step, const char *external_id, const char *external_url)
{
	/* progress earns new attempts; going back to an earlier step does not */
	sd_spi_commandv("UPDATE schemadrift.delivery"
					"   SET state = 'pending', retry_at = pg_catalog.clock_timestamp(),"
					"       attempts = CASE WHEN $2::int4 > step THEN 0 ELSE attempts END,"
					"       step = $2::int4, lease_until = NULL, lease_pid = NULL,"
					"       external_id = COALESCE($3, external_id),"
					"       external_url = COALESCE($4, external_url)"
					" WHERE id = $1::pg_catalog.int8 AND state = 'sending'"
					"   AND lease_pid = pg_catalog.pg_backend_pid()",
					number(id), number(step), external_id, external_url);
}

void
sd_delivery_retry(int64 id, int64 wait_ms, const char *error)
{
	sd_spi_commandv("UPDATE schemadrift.delivery"
					"   SET state = 'pending', lease_until = NULL, lease_pid = NULL,"
					"       retry_at = pg_catalog.clock_timestamp() + $2::interval, last_error = $3"
					" WHERE id = $1::pg_catalog.int8 AND state = 'sending'"
					"   AND lease_pid = pg_catalog.pg_backend_pid()",
					number(id), psprintf(INT64_FORMAT " ms", wait_ms), error);
}

void
sd_delivery_dead(int64 id, const char *error)
{
	sd_spi_commandv("UPDATE schemadrift.delivery"
					"   SET state = 'dead', lease_until = NULL, lease_pid = NULL,"
					"       delivered_at = NULL, last_error = $2,"
					"       retry_at = pg_catalog.clock_timestamp()"
					" WHERE id = $1::pg_catalog.int8 AND state = 'sending'"
					"   AND lease_pid = pg_catalog.pg_backend_pid()",
					number(id), error);
}

uint64
sd_delivery_release(void)
{
	return sd_spi_command("UPDATE schemadrift.delivery"
						  "   SET state = 'pending', lease_until = NULL, lease_pid = NULL,"
						  "       retry_at = pg_catalog.clock_timestamp(),"
						  "       last_error = 'the worker that was sending it is gone'"
						  " WHERE state = 'sending'", 0, NULL);
}

int64
sd_delivery_next_due(const char *held, bool tests_only)
{
	SdRows	   *rows;

	rows = sd_spi_queryv("SELECT pg_catalog.ceil(GREATEST(0, pg_catalog.min("
						 "         EXTRACT(EPOCH FROM " DUE_AT
						 "                            - pg_catalog.clock_timestamp()) * 1000)))::int8 AS wait"
						 "  FROM schemadrift.delivery q"
						 " WHERE " SENDABLE
						 " HAVING pg_catalog.count(*) > 0",
						 held, tests_only ? "t" : "f");
	return rows->nrows == 0 ? -1 : sd_rows_int(rows, 0, "wait");
}

uint64
sd_delivery_expire(int batch)
{
	return sd_spi_commandv("DELETE FROM schemadrift.delivery WHERE id IN ("
						   "  SELECT id FROM schemadrift.delivery"
						   "   WHERE state = 'delivered'"
						   "         AND delivered_at < pg_catalog.now() - interval '30 days'"
						   "      OR state = 'dead'"
						   "         AND retry_at < pg_catalog.now() - interval '90 days'"
						   "   LIMIT $1::int8 FOR UPDATE SKIP LOCKED)",
						   number(batch));
}

uint64
sd_delivery_park(int older_than, const char *reason)
{
	return sd_spi_commandv("UPDATE schemadrift.delivery"
						   "   SET state = 'dead', lease_until = NULL, lease_pid = NULL,"
						   "       retry_at = pg_catalog.clock_timestamp(), last_error = $2"
						   " WHERE state IN ('pending', 'sending')"
						   "   AND created_at < pg_catalog.clock_timestamp() - $1::interval",
						   psprintf("%d s", older_than), reason);
}

bool
sd_delivery_redeliver(int64 id)
{
	if (sd_spi_commandv("UPDATE schemadrift.delivery"
						"   SET state = 'pending', attempts = 0,"
						"       retry_at = pg_catalog.clock_timestamp()"
						" WHERE id = $1::pg_catalog.int8 AND state = 'dead'",
						number(id)) == 0)
		return false;
	sd_wake_request();
	return true;
}
