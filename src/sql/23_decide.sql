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

CREATE FUNCTION drift_accept(id bigint, reason text)
RETURNS text
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_accept';
REVOKE ALL ON FUNCTION drift_accept(bigint, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_accept(bigint, text) IS 'takes one open drift into the baseline as a new version';

CREATE FUNCTION drift_accept_all(reason text, class text DEFAULT NULL, pattern text DEFAULT NULL)
RETURNS integer
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_accept_all';
REVOKE ALL ON FUNCTION drift_accept_all(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_accept_all(text, text, text) IS
	'takes all open drifts, or those of a class or that a pattern is about, into the baseline; how many they were';

CREATE FUNCTION drift_ignore(pattern text, reason text, until timestamptz, target text DEFAULT 'live')
RETURNS bigint
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_ignore';
REVOKE ALL ON FUNCTION drift_ignore(text, text, timestamptz, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_ignore(text, text, timestamptz, text) IS
	'hides drifts that a pattern is about, present and to come, until a time at most 1 year away; the number of the rule. '
	'What is wrong with the watch itself is never hidden. SELECT drift_help(''patterns'')';

CREATE FUNCTION drift_unignore(rule bigint)
RETURNS text
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_unignore';
REVOKE ALL ON FUNCTION drift_unignore(bigint) FROM PUBLIC;
COMMENT ON FUNCTION drift_unignore(bigint) IS 'removes an ignore rule; what it hid and differs still is told';

CREATE FUNCTION drift_ignore_rules(
	OUT rule bigint, OUT pattern text, OUT target text, OUT reason text, OUT author text, OUT created_at timestamptz,
	OUT until timestamptz, OUT state text, OUT hits bigint, OUT last_hit timestamptz, OUT hides bigint)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT r.id, r.pattern, r.target, r.reason, r.author, r.created_at, r.until,
		   CASE WHEN r.removed_at IS NOT NULL THEN 'removed by ' || r.removed_by
				WHEN r.until <= pg_catalog.now() THEN 'expired' ELSE 'active' END,
		   r.hits, r.last_hit,
		   CASE WHEN r.removed_at IS NULL AND r.until > pg_catalog.now() THEN
				(SELECT pg_catalog.count(*) FROM schemadrift.drift AS d WHERE d.state = 'ignored' AND d.rule_id = r.id)
				ELSE 0 END
	  FROM schemadrift.ignore_rule AS r
	 ORDER BY r.id
$$;
REVOKE ALL ON FUNCTION drift_ignore_rules() FROM PUBLIC;
COMMENT ON FUNCTION drift_ignore_rules() IS
	'all ignore rules, past ones too: who wants what hidden, why and until when, how many drifts each has hidden (hits) and hides now';

CREATE FUNCTION drift_ignored(
	OUT id bigint, OUT severity text, OUT class text, OUT change text, OUT object_type text, OUT object text,
	OUT attribute text, OUT expected text, OUT actual text, OUT who text, OUT via text, OUT at timestamptz,
	OUT ddl text, OUT state text, OUT hint text,
	OUT rule bigint, OUT pattern text, OUT reason text, OUT author text, OUT until timestamptz)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT d.id, d.severity, d.class, d.change, d.object_type, d.object, d.attribute, d.expected, d.actual,
		   d.who, d.via, d.at, d.ddl, d.state, pg_catalog.format('SELECT drift_explain(%s);', d.id),
		   r.id, r.pattern, r.reason, r.author, r.until
	  FROM schemadrift.drift AS d
	  JOIN (SELECT r.id, r.pattern, r.reason, r.author, r.until
			  FROM schemadrift.ignore_rule AS r
			 WHERE r.removed_at IS NULL AND r.until > pg_catalog.now()
			 UNION ALL
			SELECT n.id, n.pattern, n.reason, 'built in', NULL
			  FROM schemadrift.noise_rules() AS n) AS r ON r.id = d.rule_id
	 WHERE d.state = 'ignored'
	 ORDER BY d.id
$$;
REVOKE ALL ON FUNCTION drift_ignored() FROM PUBLIC;
COMMENT ON FUNCTION drift_ignored() IS
	'the drifts that ignore rules hide, as the last check found them: drift_item and the rule';

CREATE FUNCTION drift_ack(id bigint, note text DEFAULT NULL)
RETURNS text
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_ack';
REVOKE ALL ON FUNCTION drift_ack(bigint, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_ack(bigint, text) IS
	'acknowledges an open drift: it stays open and listed, and nobody is told of it until it changes';

CREATE FUNCTION drift_snooze(id bigint, duration interval, note text DEFAULT NULL)
RETURNS text
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_snooze';
REVOKE ALL ON FUNCTION drift_snooze(bigint, interval, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_snooze(bigint, interval, text) IS
	'silences an open drift for a while, at most 30 days, whatever becomes of it; then it is told again';

CREATE FUNCTION drift_comment(id bigint, note text)
RETURNS void
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_comment';
REVOKE ALL ON FUNCTION drift_comment(bigint, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_comment(bigint, text) IS 'notes something about a drift, open or closed, for drift_explain()';

CREATE FUNCTION drift_decisions(
	drift bigint DEFAULT NULL,
	OUT decision bigint, OUT at timestamptz, OUT by text, OUT action text, OUT drift_id bigint, OUT rule bigint,
	OUT object_type text, OUT object text, OUT attribute text, OUT reason text, OUT until timestamptz,
	OUT baseline_version integer, OUT undoes bigint, OUT undone_by bigint)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT d.id, d.at, d.by, d.action, d.drift_id, d.rule_id, d.object_type, d.object, d.attribute, d.reason, d.until,
		   d.baseline_version, d.undoes, (SELECT pg_catalog.min(u.id) FROM schemadrift.decision AS u WHERE u.undoes = d.id)
	  FROM schemadrift.decision AS d
	 WHERE $1 IS NULL OR d.drift_id = $1
	 ORDER BY d.id
$$;
REVOKE ALL ON FUNCTION drift_decisions(bigint) FROM PUBLIC;
COMMENT ON FUNCTION drift_decisions(bigint) IS
	'what people decided, about one drift or all, oldest first: accept, ignore, unignore, acknowledge, snooze, comment, baseline, undo';

CREATE FUNCTION drift_undo(decision bigint, reason text DEFAULT NULL)
RETURNS text
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_undo';
REVOKE ALL ON FUNCTION drift_undo(bigint, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_undo(bigint, text) IS
	'takes back a decision of drift_decisions(): what was accepted is drift again, a rule is removed, what was silenced is told; '
	'an error where later versions of the baseline build on it';

CREATE FUNCTION drift_revert_sql(ids bigint[])
RETURNS text
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_revert_sql';
REVOKE ALL ON FUNCTION drift_revert_sql(bigint[]) FROM PUBLIC;
COMMENT ON FUNCTION drift_revert_sql(bigint[]) IS
	'the DDL that takes just these drifts back, as a script for psql; an error for one that is not open or ignored';

CREATE FUNCTION drift_adopt_sql(ids bigint[])
RETURNS text
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_adopt_sql';
REVOKE ALL ON FUNCTION drift_adopt_sql(bigint[]) FROM PUBLIC;
COMMENT ON FUNCTION drift_adopt_sql(bigint[]) IS
	'the DDL that makes just these drifts in a database that is as the baseline is, as for a migration file; '
	'an error for one that is not open or ignored';
