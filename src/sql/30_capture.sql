/* -- capture -------------------------------------------------------------- */

/*
 * The event triggers' functions.  Not SECURITY DEFINER: they run no SQL, and
 * the effective role is one of the things they record.
 */
CREATE FUNCTION schemadrift.capture_ddl() RETURNS event_trigger
	LANGUAGE C AS 'MODULE_PATHNAME', 'sd_sql_capture_ddl';
COMMENT ON FUNCTION schemadrift.capture_ddl() IS 'records a DDL command; for the event trigger that drift_watch() creates';

CREATE FUNCTION schemadrift.capture_drop() RETURNS event_trigger
	LANGUAGE C AS 'MODULE_PATHNAME', 'sd_sql_capture_drop';
COMMENT ON FUNCTION schemadrift.capture_drop() IS 'records what a DDL command dropped; for the event trigger that drift_watch() creates';

CREATE FUNCTION schemadrift.capture_arm() RETURNS void
	LANGUAGE C SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_capture_arm';
COMMENT ON FUNCTION schemadrift.capture_arm() IS 'creates the event triggers of capture, without a baseline; users call drift_watch()';

CREATE FUNCTION schemadrift.capture_disarm() RETURNS void
	LANGUAGE C SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_capture_disarm';
COMMENT ON FUNCTION schemadrift.capture_disarm() IS 'drops the event triggers of capture; users call drift_unwatch()';

CREATE FUNCTION schemadrift.capture_problem() RETURNS text
	LANGUAGE C STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_capture_problem';
COMMENT ON FUNCTION schemadrift.capture_problem() IS 'what keeps capture from working in this database, NULL when it works';

CREATE FUNCTION schemadrift.capture_misses() RETURNS bigint
	LANGUAGE C SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_capture_misses';
COMMENT ON FUNCTION schemadrift.capture_misses() IS 'number of DDL commands that could not be captured in this database';

CREATE FUNCTION schemadrift.capture_horizon() RETURNS bigint
	LANGUAGE C SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_capture_horizon';
COMMENT ON FUNCTION schemadrift.capture_horizon() IS 'greatest event id below which no running transaction can still commit an event';

CREATE FUNCTION schemadrift.capture_redact(statement text, backslashes boolean DEFAULT false) RETURNS text
	LANGUAGE C IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_capture_redact';
COMMENT ON FUNCTION schemadrift.capture_redact(text, boolean) IS 'a statement as capture would store it, secrets masked';

CREATE FUNCTION schemadrift.capture_fault_points() RETURNS SETOF text
	LANGUAGE C IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_capture_fault_points';
COMMENT ON FUNCTION schemadrift.capture_fault_points() IS
	'names for schemadrift.inject_fault: the steps of capture that a test can make fail';

CREATE FUNCTION drift_log(
	since timestamptz DEFAULT NULL,
	until timestamptz DEFAULT NULL,
	role text DEFAULT NULL,
	object text DEFAULT NULL,
	deploy_label text DEFAULT NULL,
	command text DEFAULT NULL,
	drift bigint DEFAULT NULL,
	OUT id bigint,
	OUT at timestamptz,
	OUT who text,
	OUT via text,
	OUT tag text,
	OUT objects text,
	OUT deploy text,
	OUT statement text,
	OUT note text)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT e.id,
		   e.at,
		   e.session_role ||
		   CASE WHEN e.effective_role <> e.session_role THEN ' as ' || e.effective_role ELSE '' END,
		   pg_catalog.concat_ws(' ', e.application, 'from ' || e.client, 'pid ' || e.pid),
		   e.tag,
		   (SELECT pg_catalog.string_agg(
					   pg_catalog.concat_ws(' ', o.value ->> 'type', o.value ->> 'identity',
											CASE WHEN o.value ->> 'dropped' = 'true' THEN '(dropped)' END),
					   ', ' ORDER BY o.n)
			  FROM pg_catalog.jsonb_array_elements(e.objects) WITH ORDINALITY AS o(value, n)
			 WHERE o.n <= 10) ||
		   CASE WHEN pg_catalog.jsonb_array_length(e.objects) > 10
				THEN ' and ' || pg_catalog.jsonb_array_length(e.objects) - 10 || ' more' ELSE '' END,
		   COALESCE(e.deploy, r.deploy),
		   e.statement,
		   CASE WHEN pg_catalog.starts_with(COALESCE(e.refused_claim, r.refused_claim), 'in freeze ')
				THEN 'no deploy counts ' || COALESCE(e.refused_claim, r.refused_claim)
				WHEN e.refused_claim IS NOT NULL
				THEN 'claimed to be deploy ' || e.refused_claim || ', but may not deploy' END
	  FROM schemadrift.event AS e
	  LEFT JOIN schemadrift.recognised AS r ON r.event_id = e.id
	 WHERE (drift_log.since IS NULL OR e.at >= drift_log.since)
	   AND (drift_log.until IS NULL OR e.at < drift_log.until)
	   AND (drift_log.role IS NULL OR drift_log.role IN (e.session_role, e.effective_role))
	   AND (drift_log.object IS NULL OR
			EXISTS (SELECT 1
					  FROM pg_catalog.jsonb_array_elements(e.objects) AS o(value)
					 WHERE o.value ->> 'identity' LIKE drift_log.object))
	   AND (drift_log.deploy_label IS NULL OR COALESCE(e.deploy, r.deploy) = drift_log.deploy_label)
	   AND (drift_log.command IS NULL OR e.tag LIKE pg_catalog.upper(drift_log.command))
	   AND (drift_log.drift IS NULL OR
			EXISTS (SELECT 1
					  FROM schemadrift.drift AS d
					 WHERE d.id = drift_log.drift
					   AND (e.id = d.event_id OR
							EXISTS (SELECT 1
									  FROM pg_catalog.jsonb_array_elements(e.objects) AS o(value)
									 WHERE o.value ->> 'identity' = d.object))))
	 ORDER BY e.id
$$;
COMMENT ON FUNCTION drift_log(timestamptz, timestamptz, text, text, text, text, bigint) IS
	'captured DDL commands, oldest first: from since up to but not including until, by a role, on objects whose identity is LIKE '
	'object, of a deploy, with a tag LIKE command, and those on the object of a drift';

REVOKE ALL ON FUNCTION
	schemadrift.capture_ddl(), schemadrift.capture_drop(),
	schemadrift.capture_arm(), schemadrift.capture_disarm(),
	schemadrift.capture_problem(), schemadrift.capture_misses(),
	schemadrift.capture_horizon(), schemadrift.capture_redact(text, boolean),
	schemadrift.capture_fault_points(),
	drift_log(timestamptz, timestamptz, text, text, text, text, bigint)
	FROM PUBLIC;
