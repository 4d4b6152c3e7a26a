/* -- the watch workflow -------------------------------------------------- */

CREATE FUNCTION drift_check(target text DEFAULT 'live')
RETURNS SETOF drift_item
LANGUAGE C VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_check';
REVOKE ALL ON FUNCTION drift_check(text) FROM PUBLIC;
COMMENT ON FUNCTION drift_check(text) IS
	'compares live with the baseline, records and tells drift; the open drifts. The first call records the baseline';

CREATE FUNCTION drift_explain(id bigint)
RETURNS text
LANGUAGE C VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_explain';
REVOKE ALL ON FUNCTION drift_explain(bigint) FROM PUBLIC;
COMMENT ON FUNCTION drift_explain(bigint) IS
	'all that is known of a drift: what, who, when, by which statement, how to take it back or accept it';

CREATE FUNCTION schemadrift.watch_arm(channel text)
RETURNS void
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_watch_arm';
REVOKE ALL ON FUNCTION schemadrift.watch_arm(text) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.watch_arm(text) IS 'what drift_watch() does besides scheduling';

CREATE FUNCTION drift_watch(schedule text DEFAULT NULL, channel text DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM schemadrift.watch_arm(channel);
	IF schedule IS NOT NULL THEN
		PERFORM @extschema@.drift_schedule('watch', schedule, 'SELECT drift_check()');
	END IF;
	RETURN pg_catalog.concat(
		'Watching ', pg_catalog.current_database(), ': DDL is captured',
		' and checked as soon as it commits', ', and by schedule ' || schedule,
		', told to ' || channel, '. SELECT * FROM drift_health() shows how it is doing.');
END
$$;
REVOKE ALL ON FUNCTION drift_watch(text, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_watch(text, text) IS
	'arms capture, records the baseline where there is none, routes to a channel and schedules a check (cron syntax)';

CREATE FUNCTION drift_unwatch()
RETURNS text
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_unwatch';
REVOKE ALL ON FUNCTION drift_unwatch() FROM PUBLIC;
COMMENT ON FUNCTION drift_unwatch() IS 'stops capturing; baselines, drifts and events stay';

CREATE FUNCTION drift_gate(
	max_severity text DEFAULT 'info',
	from_side text DEFAULT 'baseline',
	to_side text DEFAULT 'live',
	max_age interval DEFAULT NULL)
RETURNS void
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_gate';
REVOKE ALL ON FUNCTION drift_gate(text, text, text, interval) FROM PUBLIC;
COMMENT ON FUNCTION drift_gate(text, text, text, interval) IS
	'for pipelines, records nothing: an error SD001 when something differs that is worse than max_severity, '
	'SD002 without a baseline, SD003 when a side cannot be reached or is a baseline older than max_age';
