/* -- history --------------------------------------------------------------- */

CREATE FUNCTION drift_blame(
	name text,
	OUT object_type text,
	OUT object text,
	OUT attribute text,
	OUT value text,
	OUT who text,
	OUT via text,
	OUT at timestamptz,
	OUT deploy text,
	OUT statement text,
	OUT event bigint)
RETURNS SETOF record
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_blame';
COMMENT ON FUNCTION drift_blame(text) IS
	'who gave an object and its parts each of their values, as the last check saw them: attribute NULL is the object itself; '
	'who "unknown: ..." says why that is not known; errors: no check yet (SD002), no such object, several (with their names)';

/* A pattern with * for any characters as one of LIKE; one with % is one already. */
CREATE FUNCTION schemadrift.like_pattern(pattern text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN pattern ~ '%' THEN pattern
				ELSE pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
					pattern, '\', '\\'), '_', '\_'), '*', '%') END
$$;
COMMENT ON FUNCTION schemadrift.like_pattern(text) IS 'a pattern with * for any characters as one of LIKE; one with % is one already';

/* A change in words: "column public.t.a: type: integer -> bigint". */
CREATE FUNCTION schemadrift.change_in_words(change text, attribute text, old_value text, new_value text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN attribute IS NULL THEN change
				ELSE pg_catalog.concat(attribute, ': ', COALESCE(pg_catalog.left(old_value, 200), '(not set)'),
									   ' -> ', COALESCE(pg_catalog.left(new_value, 200), '(not set)')) END
$$;
COMMENT ON FUNCTION schemadrift.change_in_words(text, text, text, text) IS 'what a change did, in a line';

/*
 * Each branch finds its rows by an index on its time.  What is about no object
 * or nobody is left out where one is asked for.
 */
CREATE FUNCTION drift_timeline(
	since timestamptz DEFAULT NULL,
	until timestamptz DEFAULT NULL,
	name text DEFAULT NULL,
	role text DEFAULT NULL,
	OUT at timestamptz,
	OUT what text,
	OUT who text,
	OUT object text,
	OUT detail text,
	OUT deploy text,
	OUT drift bigint,
	OUT incident bigint)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	WITH asked AS (
		SELECT schemadrift.like_pattern(drift_timeline.name) AS pattern
	), story AS (
		SELECT e.at, 5 AS place, e.id, 'command' AS what,
			   e.session_role || CASE WHEN e.effective_role <> e.session_role
									  THEN ' as ' || e.effective_role ELSE '' END AS who,
			   (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', o.value ->> 'type', o.value ->> 'identity'), ', '
											 ORDER BY o.n)
				  FROM pg_catalog.jsonb_array_elements(e.objects) WITH ORDINALITY AS o(value, n)
				 WHERE o.n <= 3) AS object,
			   COALESCE(e.statement, e.tag) AS detail,
			   COALESCE(e.deploy, (SELECT r.deploy FROM schemadrift.recognised AS r WHERE r.event_id = e.id)) AS deploy,
			   NULL::bigint AS drift, NULL::bigint AS incident
		  FROM schemadrift.event AS e
		 WHERE e.at >= COALESCE(drift_timeline.since, '-infinity') AND e.at < COALESCE(drift_timeline.until, 'infinity')
		   AND (drift_timeline.role IS NULL OR drift_timeline.role IN (e.session_role, e.effective_role))
		   AND (drift_timeline.name IS NULL OR
				EXISTS (SELECT FROM pg_catalog.jsonb_array_elements(e.objects) AS o(value)
						 WHERE o.value ->> 'identity' LIKE (SELECT pattern FROM asked)))
		UNION ALL
		SELECT h.seen_at, 6, h.id, 'change seen', h.who, h.object_type || ' ' || h.object,
			   schemadrift.change_in_words(h.change, h.attribute, h.old_value, h.new_value), h.deploy, NULL, NULL
		  FROM schemadrift.history AS h
		 WHERE h.seen_at >= COALESCE(drift_timeline.since, '-infinity')
		   AND h.seen_at < COALESCE(drift_timeline.until, 'infinity')
		   AND (drift_timeline.role IS NULL OR drift_timeline.role = ANY (pg_catalog.string_to_array(h.who, ' as ')))
		   AND (drift_timeline.name IS NULL OR h.object LIKE (SELECT pattern FROM asked) OR
				h.change = 'renamed' AND h.old_value LIKE (SELECT pattern FROM asked))
		UNION ALL
		SELECT d.first_seen, 7, d.id, 'drift opened', d.who, d.object_type || ' ' || d.object,
			   pg_catalog.concat(d.severity, ', ', d.class, ': ',
								 schemadrift.change_in_words(d.change, d.attribute, d.expected, d.actual)),
			   NULL, d.id, d.incident_id
		  FROM schemadrift.drift AS d
		 WHERE d.first_seen >= COALESCE(drift_timeline.since, '-infinity')
		   AND d.first_seen < COALESCE(drift_timeline.until, 'infinity')
		   AND (drift_timeline.role IS NULL OR drift_timeline.role = ANY (pg_catalog.string_to_array(d.who, ' as ')))
		   AND (drift_timeline.name IS NULL OR d.object LIKE (SELECT pattern FROM asked))
		UNION ALL
		SELECT d.closed_at, 10, d.id, 'drift ' || d.state, d.closed_by, d.object_type || ' ' || d.object,
			   d.close_reason, NULL, d.id, d.incident_id
		  FROM schemadrift.drift AS d
		 WHERE d.closed_at >= COALESCE(drift_timeline.since, '-infinity')
		   AND d.closed_at < COALESCE(drift_timeline.until, 'infinity')
		   AND (drift_timeline.role IS NULL OR drift_timeline.role = ANY (pg_catalog.string_to_array(d.closed_by, ' as ')))
		   AND (drift_timeline.name IS NULL OR d.object LIKE (SELECT pattern FROM asked))
		UNION ALL
		SELECT c.at, 4, c.id, 'decision: ' || c.action, c.by,
			   COALESCE(c.object_type || ' ' || c.object, c.object),
			   pg_catalog.concat_ws(' ', c.attribute || ':', c.reason, 'until ' || c.until::text), NULL, c.drift_id,
			   (SELECT d.incident_id FROM schemadrift.drift AS d WHERE d.id = c.drift_id)
		  FROM schemadrift.decision AS c
		 WHERE c.at >= COALESCE(drift_timeline.since, '-infinity') AND c.at < COALESCE(drift_timeline.until, 'infinity')
		   AND (drift_timeline.role IS NULL OR drift_timeline.role = ANY (pg_catalog.string_to_array(c.by, ' as ')))
		   AND (drift_timeline.name IS NULL OR c.object LIKE (SELECT pattern FROM asked))
		UNION ALL
		SELECT p.opened_at, 1, p.id, 'deploy begun', p.opened_by, NULL,
			   pg_catalog.concat_ws(', ', 'scope ' || p.scope, p.ref, 'until ' || p.expires_at::text), p.label, NULL, NULL
		  FROM schemadrift.deploy AS p
		 WHERE p.opened_at >= COALESCE(drift_timeline.since, '-infinity')
		   AND p.opened_at < COALESCE(drift_timeline.until, 'infinity')
		   AND (drift_timeline.role IS NULL OR drift_timeline.role = ANY (pg_catalog.string_to_array(p.opened_by, ' as ')))
		   AND drift_timeline.name IS NULL
		UNION ALL
		SELECT p.closed_at, 9, p.id, 'deploy ended', p.closed_by, NULL, p.close_reason, p.label, NULL, NULL
		  FROM schemadrift.deploy AS p
		 WHERE p.closed_at >= COALESCE(drift_timeline.since, '-infinity')
		   AND p.closed_at < COALESCE(drift_timeline.until, 'infinity')
		   AND (drift_timeline.role IS NULL OR drift_timeline.role = ANY (pg_catalog.string_to_array(p.closed_by, ' as ')))
		   AND drift_timeline.name IS NULL
		UNION ALL
		SELECT b.created_at, 3, b.version, 'baseline set', b.created_by, 'baseline ' || b.name,
			   pg_catalog.concat_ws(': ', 'version ' || b.version, b.reason),
			   (SELECT p.label FROM schemadrift.deploy AS p WHERE p.id = b.deploy_id), NULL, NULL
		  FROM schemadrift.baseline AS b
		 WHERE b.created_at >= COALESCE(drift_timeline.since, '-infinity')
		   AND b.created_at < COALESCE(drift_timeline.until, 'infinity')
		   AND (drift_timeline.role IS NULL OR drift_timeline.role = ANY (pg_catalog.string_to_array(b.created_by, ' as ')))
		   AND drift_timeline.name IS NULL
		UNION ALL
		SELECT i.opened_at, 8, i.id, 'incident opened', NULL, NULL,
			   pg_catalog.concat_ws(', ', i.severity, i.class, 'for ' || i.owner), NULL, NULL, i.id
		  FROM schemadrift.incident AS i
		 WHERE i.opened_at >= COALESCE(drift_timeline.since, '-infinity')
		   AND i.opened_at < COALESCE(drift_timeline.until, 'infinity')
		   AND drift_timeline.role IS NULL
		   AND (drift_timeline.name IS NULL OR
				EXISTS (SELECT FROM schemadrift.drift AS d
						 WHERE d.incident_id = i.id AND d.object LIKE (SELECT pattern FROM asked)))
		UNION ALL
		SELECT m.created_at, 12, m.id, 'message: ' || m.purpose, NULL, NULL,
			   pg_catalog.concat_ws(' ', 'to', m.channel || ':', m.state, 'at ' || m.delivered_at::text),
			   NULL, NULL, m.incident_id
		  FROM schemadrift.delivery AS m
		 WHERE m.created_at >= COALESCE(drift_timeline.since, '-infinity')
		   AND m.created_at < COALESCE(drift_timeline.until, 'infinity')
		   AND drift_timeline.role IS NULL
		   AND (drift_timeline.name IS NULL OR
				EXISTS (SELECT FROM schemadrift.drift AS d
						 WHERE d.incident_id = m.incident_id AND d.object LIKE (SELECT pattern FROM asked)))
		UNION ALL
		SELECT i.resolved_at, 11, i.id, 'incident resolved', NULL, NULL, i.resolve_reason, NULL, NULL, i.id
		  FROM schemadrift.incident AS i
		 WHERE i.resolved_at >= COALESCE(drift_timeline.since, '-infinity')
		   AND i.resolved_at < COALESCE(drift_timeline.until, 'infinity')
		   AND drift_timeline.role IS NULL
		   AND (drift_timeline.name IS NULL OR
				EXISTS (SELECT FROM schemadrift.drift AS d
						 WHERE d.incident_id = i.id AND d.object LIKE (SELECT pattern FROM asked)))
	)
	SELECT s.at, s.what, s.who, s.object, s.detail, s.deploy, s.drift, s.incident
	  FROM story AS s
	 ORDER BY s.at, s.place, s.id
$$;
COMMENT ON FUNCTION drift_timeline(timestamptz, timestamptz, text, text) IS
	'what happened from since up to but not including until, oldest first: commands, changes as checks saw them, drifts, decisions, '
	'deploys, baselines, incidents and messages; only about objects whose identity fits name (% or * for any characters), only by role';

REVOKE ALL ON FUNCTION
	drift_blame(text), schemadrift.like_pattern(text),
	schemadrift.change_in_words(text, text, text, text),
	drift_timeline(timestamptz, timestamptz, text, text)
	FROM PUBLIC;
