/* -- decisions ------------------------------------------------------------ */

CREATE FUNCTION schemadrift.pattern_matches(
	pattern text, object text, kind text DEFAULT NULL, class text DEFAULT NULL,
	change text DEFAULT NULL, attribute text DEFAULT NULL)
RETURNS boolean
LANGUAGE C IMMUTABLE SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_pattern_matches';
REVOKE ALL ON FUNCTION schemadrift.pattern_matches(text, text, text, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.pattern_matches(text, text, text, text, text, text) IS
	'is a pattern of objects about an object like this? An error where it is no pattern; see drift_help(''patterns'')';
