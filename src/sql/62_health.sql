/* Is everything as it should be? */

CREATE FUNCTION drift_health(OUT check_name text, OUT status text, OUT detail text, OUT hint text)
	RETURNS SETOF record
	LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_health';
REVOKE ALL ON FUNCTION drift_health() FROM PUBLIC;
COMMENT ON FUNCTION drift_health() IS
	'checks of schemadrift in this database: status is ok, warning or error; hint is the next step';

CREATE FUNCTION drift_metrics(OUT name text, OUT value double precision, OUT help text)
	RETURNS SETOF record
	LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_metrics';
REVOKE ALL ON FUNCTION drift_metrics() FROM PUBLIC;
COMMENT ON FUNCTION drift_metrics() IS 'numbers for a monitoring system';
