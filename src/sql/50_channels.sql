/*
 * Channels: who is told, and of what.
 */

CREATE FUNCTION drift_channel_add(name text, kind text, config jsonb DEFAULT '{}', secret text DEFAULT NULL)
RETURNS void
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_channel_add';
REVOKE ALL ON FUNCTION drift_channel_add(text, text, jsonb, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_channel_add(text, text, jsonb, text) IS
	'adds an account at a service; secret is the name of a file in schemadrift.secrets_directory, never the secret itself';

CREATE FUNCTION drift_channel_drop(name text)
RETURNS void
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_channel_drop';
REVOKE ALL ON FUNCTION drift_channel_drop(text) FROM PUBLIC;
COMMENT ON FUNCTION drift_channel_drop(text) IS 'removes a channel and its routes';

CREATE FUNCTION drift_channel_enable(name text, enabled boolean DEFAULT true)
RETURNS void
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_channel_enable';
REVOKE ALL ON FUNCTION drift_channel_enable(text, boolean) FROM PUBLIC;
COMMENT ON FUNCTION drift_channel_enable(text, boolean) IS 'switches a channel on or off';

CREATE FUNCTION drift_channel_test(name text)
RETURNS bigint
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_channel_test';
REVOKE ALL ON FUNCTION drift_channel_test(text) FROM PUBLIC;
COMMENT ON FUNCTION drift_channel_test(text) IS
	'puts a harmless test message for the channel into the outbox; gives the number of the delivery';

CREATE FUNCTION drift_preview(incident_id bigint, channel text)
RETURNS jsonb
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_preview';
REVOKE ALL ON FUNCTION drift_preview(bigint, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_preview(bigint, text) IS
	'the exact request that the newest message about an incident makes of a channel, its secret masked';

CREATE FUNCTION schemadrift.channel_problem(name text)
RETURNS text
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_channel_problem';
REVOKE ALL ON FUNCTION schemadrift.channel_problem(text) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.channel_problem(text) IS 'what keeps a channel from sending now, NULL when nothing is known to';

CREATE FUNCTION drift_channels(
	OUT name text, OUT kind text, OUT config jsonb, OUT secret text,
	OUT enabled boolean, OUT workflows text[], OUT problem text)
RETURNS SETOF record
LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.name, c.kind, c.config, c.secret, c.enabled,
	       ARRAY(SELECT DISTINCT r.workflow COLLATE "C" FROM schemadrift.route AS r
	              WHERE r.channel = c.name ORDER BY 1),
	       schemadrift.channel_problem(c.name)
	  FROM schemadrift.channel AS c
	 ORDER BY c.name COLLATE "C"
$$;
REVOKE ALL ON FUNCTION drift_channels() FROM PUBLIC;
COMMENT ON FUNCTION drift_channels() IS
	'the channels, the name of each one''s secret (never the secret), what is routed to it and what keeps it from sending';

/* -- internals, for tests ------------------------------------------------ */

CREATE FUNCTION schemadrift.sink_request(channel jsonb, delivery jsonb)
RETURNS jsonb
LANGUAGE C STRICT IMMUTABLE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_sink_request';
REVOKE ALL ON FUNCTION schemadrift.sink_request(jsonb, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.sink_request(jsonb, jsonb) IS
	'the request {method, url, headers, body}, or {reason}, that channel {kind, config, secret} '
	'makes of delivery {purpose, key, payload, step}';

CREATE FUNCTION schemadrift.sink_verdict(channel jsonb, delivery jsonb, response jsonb)
RETURNS jsonb
LANGUAGE C STRICT IMMUTABLE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_sink_verdict';
REVOKE ALL ON FUNCTION schemadrift.sink_verdict(jsonb, jsonb, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.sink_verdict(jsonb, jsonb, jsonb) IS
	'what a channel''s sink makes of response {status, body, retry_after, error, refused} to a delivery';

CREATE FUNCTION schemadrift.url_problem(url text, allowed_hosts text DEFAULT '')
RETURNS text
LANGUAGE C STRICT IMMUTABLE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_url_problem';
REVOKE ALL ON FUNCTION schemadrift.url_problem(text, text) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.url_problem(text, text) IS 'why policy refuses a URL, NULL when it does not';

CREATE FUNCTION schemadrift.address_is_public(address text)
RETURNS boolean
LANGUAGE C STRICT IMMUTABLE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_address_is_public';
REVOKE ALL ON FUNCTION schemadrift.address_is_public(text) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.address_is_public(text) IS 'is this a public unicast address?';

CREATE FUNCTION schemadrift.retry_after(value text, now bigint)
RETURNS integer
LANGUAGE C STRICT IMMUTABLE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_retry_after';
REVOKE ALL ON FUNCTION schemadrift.retry_after(text, bigint) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.retry_after(text, bigint) IS
	'seconds to wait that a Retry-After header asks for at now (seconds since 1970), -1 when it asks for nothing we understand';

CREATE FUNCTION schemadrift.secret_problem(name text)
RETURNS text
LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_secret_problem';
REVOKE ALL ON FUNCTION schemadrift.secret_problem(text) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.secret_problem(text) IS 'why the secret of that name cannot be read, NULL when it can';
