/* -- help ---------------------------------------------------------------- */

CREATE FUNCTION drift_help(topic text DEFAULT 'start')
RETURNS text
LANGUAGE C STABLE STRICT SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_help';
REVOKE ALL ON FUNCTION drift_help(text) FROM PUBLIC;
COMMENT ON FUNCTION drift_help(text) IS 'what to type next, by topic or name of a function; the start page lists the topics';
