/* Workers and the outbox. */

CREATE FUNCTION drift_worker_start() RETURNS text
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_worker_start';
REVOKE ALL ON FUNCTION drift_worker_start() FROM PUBLIC;
COMMENT ON FUNCTION drift_worker_start() IS
	'have a worker look at this database now: woken when one is there or the launcher runs, else started';

CREATE FUNCTION drift_redeliver(delivery bigint) RETURNS void
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_redeliver';
REVOKE ALL ON FUNCTION drift_redeliver(bigint) FROM PUBLIC;
COMMENT ON FUNCTION drift_redeliver(bigint) IS
	'send a dead letter again, with all its attempts before it and the same idempotency key';

CREATE FUNCTION schemadrift.enqueue_delivery(channel text, purpose text, incident_id bigint,
											 idempotency_key text, payload jsonb)
	RETURNS bigint
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_enqueue_delivery';
REVOKE ALL ON FUNCTION schemadrift.enqueue_delivery(text, text, bigint, text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.enqueue_delivery(text, text, bigint, text, jsonb) IS
	'put a message into the outbox and wake the worker at commit; incident 0 = none; gives its id';

CREATE VIEW drift_deliveries AS
	SELECT id, channel, purpose, incident_id, state, attempts,
		   CASE WHEN state IN ('pending', 'sending') THEN retry_at END AS next_attempt,
		   last_error, external_id, external_url, idempotency_key,
		   pg_catalog.left(payload ->> 'title', 200) AS title,
		   created_at, delivered_at
	  FROM schemadrift.delivery;
REVOKE ALL ON drift_deliveries FROM PUBLIC;
COMMENT ON VIEW drift_deliveries IS 'the outbox: messages, what became of them, and when the next attempt is';
