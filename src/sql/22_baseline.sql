/* -- baselines ------------------------------------------------------------ */

CREATE FUNCTION drift_baseline_set(name text DEFAULT 'default', reason text DEFAULT NULL, side text DEFAULT 'live')
RETURNS integer
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_baseline_set';
REVOKE ALL ON FUNCTION drift_baseline_set(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_baseline_set(text, text, text) IS
	'stores a side as the next version of a baseline and returns the version; live as the default baseline accepts all open drifts, '
	'which drift_decisions() then names each';

CREATE FUNCTION drift_baselines(
	OUT name text, OUT version integer, OUT created_at timestamptz, OUT created_by text,
	OUT reason text, OUT objects integer, OUT fingerprint text)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT b.name, b.version, b.created_at, b.created_by, b.reason, b.object_count, b.fingerprint
	  FROM schemadrift.baseline AS b
	 ORDER BY b.name COLLATE "C", b.version
$$;
REVOKE ALL ON FUNCTION drift_baselines() FROM PUBLIC;
COMMENT ON FUNCTION drift_baselines() IS
	'the baselines and their versions; the newest version of "default" is what drift_check() compares with';

CREATE FUNCTION drift_baseline_export(name text DEFAULT 'default', version integer DEFAULT NULL)
RETURNS text
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_baseline_export';
REVOKE ALL ON FUNCTION drift_baseline_export(text, integer) FROM PUBLIC;
COMMENT ON FUNCTION drift_baseline_export(text, integer) IS
	'a version of a baseline (default: the newest) as a document for drift_baseline_import() in another database: '
	'JSON, one object on a line in a fixed order, fit for a repository';

CREATE FUNCTION drift_baseline_import(document text, name text DEFAULT NULL, reason text DEFAULT NULL)
RETURNS integer
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_baseline_import';
REVOKE ALL ON FUNCTION drift_baseline_import(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_baseline_import(text, text, text) IS
	'stores an exported baseline as the next version of that name (default: the document''s) and returns the version; '
	'accepts nothing; superusers only';

CREATE FUNCTION drift_baseline_rollback(name text DEFAULT 'default', version integer DEFAULT NULL, reason text DEFAULT NULL)
RETURNS integer
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_baseline_rollback';
REVOKE ALL ON FUNCTION drift_baseline_rollback(text, integer, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_baseline_rollback(text, integer, text) IS
	'makes an older version (default: the one before the newest) the newest again and returns its new number; '
	'what was accepted or deployed since is drift again';
