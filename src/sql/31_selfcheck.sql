/* -- the seal on the log -------------------------------------------------- */

CREATE FUNCTION drift_verify_log(OUT event_id bigint, OUT problem text, OUT sealed_at timestamptz)
RETURNS SETOF record
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_verify_log';
REVOKE ALL ON FUNCTION drift_verify_log() FROM PUBLIC;
COMMENT ON FUNCTION drift_verify_log() IS
	'captured events that were removed, altered or put in after a check sealed them, and seals that do not fit; no row = intact';
