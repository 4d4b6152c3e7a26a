/* -- how grave things are -------------------------------------------------- */

CREATE FUNCTION schemadrift.findings(
	OUT place integer, OUT finding text, OUT class text, OUT severity text, OUT meaning text)
RETURNS SETOF record
LANGUAGE C IMMUTABLE SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_findings';
COMMENT ON FUNCTION schemadrift.findings() IS 'what differences can be, with built-in class and severity';

CREATE FUNCTION drift_severity_set(finding text, severity text, class text DEFAULT NULL)
RETURNS void
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_severity_set';
COMMENT ON FUNCTION drift_severity_set(text, text, text) IS
	'gives a finding another severity (info, warning, error, critical) and class (default: the built-in one); '
	'the next check applies it to open drifts. Errors: no such finding, severity or class';

CREATE FUNCTION drift_severity_reset(finding text)
RETURNS boolean
LANGUAGE C VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_severity_reset';
COMMENT ON FUNCTION drift_severity_reset(text) IS
	'gives a finding its built-in severity and class back; false when it had them. Errors: no such finding';

CREATE FUNCTION drift_severities(
	OUT finding text, OUT class text, OUT severity text, OUT built_in text, OUT meaning text,
	OUT changed_at timestamptz, OUT changed_by text)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT f.finding, COALESCE(s.class, f.class), COALESCE(s.severity, f.severity),
	       CASE WHEN s.finding IS NOT NULL THEN pg_catalog.format('%s, %s', f.class, f.severity) END,
	       f.meaning, s.changed_at, s.changed_by
	  FROM schemadrift.findings() AS f LEFT JOIN schemadrift.severity AS s ON s.finding = f.finding
	 ORDER BY f.place
$$;
COMMENT ON FUNCTION drift_severities() IS
	'all findings with their class and severity; built_in has what they were where somebody changed them';

/* -- incidents -------------------------------------------------------------- */

CREATE FUNCTION drift_incidents(
	OUT id bigint, OUT state text, OUT severity text, OUT class text, OUT owner text, OUT drifts bigint,
	OUT opened_at timestamptz, OUT told_at timestamptz, OUT tell_at timestamptz, OUT resolved_at timestamptz,
	OUT dedup_key text)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT i.id, i.state, i.severity, i.class, i.owner,
	       (SELECT pg_catalog.count(*) FROM schemadrift.drift AS d
	         WHERE d.incident_id = i.id AND d.state = 'open'
	           AND NOT EXISTS (SELECT FROM schemadrift.drift AS c WHERE c.id = d.cause_id AND c.state = 'open')),
	       i.opened_at, i.told_at, i.tell_at, i.resolved_at, i.dedup_key
	  FROM schemadrift.incident AS i
	 ORDER BY i.id
$$;
COMMENT ON FUNCTION drift_incidents() IS
	'incidents: drifts counts open ones without what they brought about; told_at is when a message was last written, '
	'tell_at when it is to be told or looked at next (NULL = when something changes)';

/* -- routes ------------------------------------------------------------------ */

CREATE FUNCTION drift_route_add(
	workflow text, channel text, pattern text DEFAULT NULL, class text DEFAULT NULL,
	min_severity text DEFAULT NULL, owner text DEFAULT NULL, fallback boolean DEFAULT false)
RETURNS boolean
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_route_add';
COMMENT ON FUNCTION drift_route_add(text, text, text, text, text, text, boolean) IS
	'lets a workflow (watch, ticket, gate, fleet, review) tell a channel, where given only of drift whose object '
	'pattern, class, least severity and owner fit, and as fallback only of what no other route takes; false when it '
	'did already. Errors: no such workflow, channel, class or severity; no pattern; no name of an owner';

CREATE FUNCTION drift_route_drop(id bigint)
RETURNS boolean
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_route_drop';
COMMENT ON FUNCTION drift_route_drop(bigint) IS 'removes the route with that number of drift_routes(); false when there is none';

CREATE FUNCTION drift_route_drop(workflow text, channel text)
RETURNS boolean
LANGUAGE C VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_route_drop_all';
COMMENT ON FUNCTION drift_route_drop(text, text) IS
	'stops a workflow from telling a channel: removes all routes between them; false when there was none';

CREATE FUNCTION drift_routes(
	OUT id bigint, OUT workflow text, OUT channel text, OUT enabled boolean, OUT pattern text, OUT class text,
	OUT min_severity text, OUT owner text, OUT fallback boolean, OUT added_at timestamptz, OUT added_by text)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT r.id, r.workflow, r.channel, c.enabled, r.pattern, r.class, r.min_severity, r.owner, r.fallback,
	       r.added_at, r.added_by
	  FROM schemadrift.route AS r JOIN schemadrift.channel AS c ON c.name = r.channel
	 ORDER BY r.workflow COLLATE "C", r.channel COLLATE "C", r.id
$$;
COMMENT ON FUNCTION drift_routes() IS 'all routes; enabled says whether the channel is switched on';

CREATE FUNCTION schemadrift.route_answers(
	drift_id bigint, OUT route bigint, OUT channel text, OUT takes boolean, OUT reason text)
RETURNS SETOF record
LANGUAGE C VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_route_answers';
COMMENT ON FUNCTION schemadrift.route_answers(bigint) IS 'what drift_routes_explain() is made of';

CREATE FUNCTION drift_routes_explain(
	id bigint, OUT route bigint, OUT channel text, OUT takes boolean, OUT reason text,
	OUT sent_state text, OUT sent_at timestamptz)
RETURNS SETOF record
LANGUAGE sql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT a.route, a.channel, a.takes, a.reason, q.state, q.delivered_at
	  FROM schemadrift.route_answers(id) AS a
	  LEFT JOIN schemadrift.drift AS d ON d.id = drift_routes_explain.id
	  LEFT JOIN LATERAL (SELECT s.state, s.delivered_at FROM schemadrift.delivery AS s
	                      WHERE s.incident_id = d.incident_id AND s.channel = a.channel AND s.purpose = 'trigger'
	                      ORDER BY s.id DESC LIMIT 1) AS q ON true
	 ORDER BY a.channel COLLATE "C", a.route
$$;
COMMENT ON FUNCTION drift_routes_explain(bigint) IS
	'for one drift each route of the watch workflow: does it take the drift, why (not), and what became of the newest '
	'message about its incident to that channel. Errors: no such drift';

REVOKE ALL ON FUNCTION
	schemadrift.findings(), drift_severity_set(text, text, text), drift_severity_reset(text), drift_severities(),
	drift_incidents(), drift_route_add(text, text, text, text, text, text, boolean), drift_route_drop(bigint),
	drift_route_drop(text, text), drift_routes(), schemadrift.route_answers(bigint), drift_routes_explain(bigint)
	FROM PUBLIC;

/* -- internals, for tests ---------------------------------------------------- */

CREATE FUNCTION schemadrift.incident_payload(id bigint)
RETURNS jsonb
LANGUAGE C VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'sd_sql_incident_payload';
REVOKE ALL ON FUNCTION schemadrift.incident_payload(bigint) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.incident_payload(bigint) IS 'what a message about the incident would say now';
