/* -- the seal on the log -------------------------------------------------- */

CREATE FUNCTION drift_verify_log(OUT event_id bigint, OUT problem text, OUT sealed_at timestamptz)
RETURNS SETOF record
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_verify_log';
REVOKE ALL ON FUNCTION drift_verify_log() FROM PUBLIC;
COMMENT ON FUNCTION drift_verify_log() IS
	'captured events that were removed, altered or put in after a check sealed them, and seals that do not fit; no row = intact';

/* -- what we do ourselves -------------------------------------------------- */

CREATE FUNCTION schemadrift.own_change(begins boolean) RETURNS void
LANGUAGE C STRICT SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_own_change';
REVOKE ALL ON FUNCTION schemadrift.own_change(boolean) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.own_change(boolean) IS
	'from here on in this transaction, or no longer, roles and grants are the work of drift_create_roles() and expected';
