/* -- what comes and goes by design ----------------------------------------- */

CREATE FUNCTION drift_partition_policy(parent text, policy text, note text DEFAULT NULL)
RETURNS text
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_partition_policy';
REVOKE ALL ON FUNCTION drift_partition_policy(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_partition_policy(text, text, text) IS
	'how partitions of a parent (a table, or a pattern of tables) are watched: strict, structure or ignore; what holds from now on';

CREATE FUNCTION drift_partition_policy_drop(parent text)
RETURNS text
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_partition_policy_drop';
REVOKE ALL ON FUNCTION drift_partition_policy_drop(text) FROM PUBLIC;
COMMENT ON FUNCTION drift_partition_policy_drop(text) IS 'takes back what drift_partition_policy() set for this parent';

CREATE FUNCTION drift_partition_policies(
	OUT parent text, OUT policy text, OUT note text, OUT added_at timestamptz, OUT added_by text)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT p.parent, p.policy, p.note, p.added_at, p.added_by
	  FROM schemadrift.partition_policy AS p
	 ORDER BY p.added_at DESC, p.parent
$$;
REVOKE ALL ON FUNCTION drift_partition_policies() FROM PUBLIC;
COMMENT ON FUNCTION drift_partition_policies() IS
	'how partitions are watched; of several that fit, the one for the very table counts, then the newest';

/* -- what tools make for themselves while they are at work ------------------ */

/* As in workflow/noise.c. */
CREATE FUNCTION schemadrift.noise_rules(OUT id bigint, OUT pattern text, OUT reason text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
	VALUES (-1::bigint, 'what pg_repack makes', 'pg_repack holds its lock on a table'),
		   (-2, 'an index that is not valid yet', 'it is being built CONCURRENTLY'),
		   (-3, 'what pg_osc makes', 'it is not older than schemadrift.leftover_after'),
		   (-4, 'what pgroll makes', 'it is not older than schemadrift.leftover_after')
$$;
REVOKE ALL ON FUNCTION schemadrift.noise_rules() FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.noise_rules() IS 'built-in rules that hide what a tool makes for itself, and while what';
