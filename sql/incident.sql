-- Findings and how grave they are, causes, owners, incidents and routes.
\set QUIET on
\pset format unaligned
\pset null '(null)'
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_team;
CREATE SCHEMA a;
COMMENT ON SCHEMA a IS 'Orders and what belongs to them. @owner: team-a.';
CREATE TABLE a.secured (i int, tenant int);
ALTER TABLE a.secured ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everybody ON a.secured USING (tenant = 1);
CREATE POLICY limit_it ON a.secured AS RESTRICTIVE FOR SELECT TO regress_team USING (i > 0);
CREATE POLICY few ON a.secured FOR SELECT TO regress_team USING (true);
CREATE VIEW a.own_rights WITH (security_invoker = on, security_barrier = true) AS SELECT i FROM a.secured;
CREATE FUNCTION a.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION a.g() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1';
CREATE FUNCTION a.h() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1';
CREATE FUNCTION a.fired() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER watcher ON ddl_command_end EXECUTE FUNCTION a.fired();
CREATE TABLE public.plain (id int PRIMARY KEY, v int, w int NOT NULL);
CREATE TABLE public.parent (id int PRIMARY KEY, note text);
COMMENT ON TABLE public.parent IS 'Parents.
@owner: db/team_b';
CREATE TABLE public.child (id int, parent_id int REFERENCES public.parent);
CREATE VIEW public.on_parent AS SELECT id FROM public.parent;
CREATE VIEW public.on_view AS SELECT id FROM public.on_parent;
CREATE POLICY by_parent ON public.child USING (EXISTS (SELECT FROM public.parent p WHERE p.id = parent_id));
SELECT drift_watch() IS NOT NULL AS watched;

\echo -- security findings look at values
CREATE VIEW found AS
	SELECT d.finding, d.class, d.severity, d.change, d.object_type, d.object, d.attribute, d.owner
	  FROM schemadrift.drift d WHERE d.state = 'open' AND d.object NOT LIKE '%found%';
SELECT drift_accept_all('test') > 0 AS accepted;
ALTER TABLE a.secured DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER POLICY everybody ON a.secured USING (true);
DROP POLICY limit_it ON a.secured;
ALTER POLICY few ON a.secured TO PUBLIC;
CREATE POLICY more ON a.secured USING (false);
CREATE POLICY less ON a.secured AS RESTRICTIVE USING (false);
CREATE OR REPLACE VIEW a.own_rights AS SELECT i FROM a.secured;
ALTER FUNCTION a.f() SECURITY DEFINER;
ALTER FUNCTION a.g() RESET search_path;
ALTER FUNCTION a.h() SET application_name = 'SET search_path TO x';
CREATE FUNCTION a.made() RETURNS int LANGUAGE sql SECURITY DEFINER SET application_name = ' SET search_path TO x' AS 'SELECT 1';
ALTER EVENT TRIGGER watcher DISABLE;
GRANT SELECT ON public.plain TO PUBLIC;
GRANT UPDATE (v) ON public.plain TO PUBLIC;
GRANT SELECT ON a.secured TO regress_team;
REVOKE EXECUTE ON FUNCTION a.h() FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA a GRANT SELECT ON TABLES TO PUBLIC;
SELECT count(*) > 0 AS drift FROM drift_check();
SELECT finding, change, object_type, object, attribute FROM found ORDER BY finding, object_type, object, attribute;
SELECT DISTINCT class, severity, owner FROM found ORDER BY 1, 2, 3;
SELECT drift_accept_all('test') > 0 AS accepted;

\echo -- breaking, risky, additive
ALTER TABLE public.plain ALTER v TYPE bigint, ALTER v SET NOT NULL, ADD CHECK (v > 0), ADD extra int, ADD needed int NOT NULL,
	DROP COLUMN w;
ALTER TABLE public.plain ALTER v SET DEFAULT 3;
CREATE UNIQUE INDEX u ON public.plain (v);
COMMENT ON TABLE public.plain IS 'changed';
CREATE TABLE public.fresh (id serial);
SELECT count(*) > 0 AS drift FROM drift_check();
SELECT finding, class, severity, change, object_type, object, attribute FROM found ORDER BY object_type, object, attribute;
SELECT d.object, c.object AS cause FROM schemadrift.drift d JOIN schemadrift.drift c ON c.id = d.cause_id WHERE d.state = 'open';

\echo -- users change what is grave; open drifts follow at the next check
SELECT drift_severity_set('comment_changed', 'info');
SELECT drift_severity_set('default_changed', 'critical', 'breaking');
SELECT count(*) > 0 AS drift FROM drift_check();
SELECT finding, class, severity FROM found WHERE finding IN ('comment_changed', 'default_changed') ORDER BY 1;
SELECT finding, class, severity, built_in, changed_by IS NOT NULL AS changed FROM drift_severities() WHERE built_in IS NOT NULL ORDER BY 1;
SELECT drift_severity_reset('comment_changed'), drift_severity_reset('comment_changed');
SELECT count(*) > 0 AS drift FROM drift_check();
SELECT finding, class, severity FROM found WHERE finding = 'comment_changed';
SELECT severity, class FROM drift_diff('baseline', 'live') WHERE attribute = 'default';
SELECT drift_severity_set('nonsense', 'info');
SELECT drift_severity_set('owner_changed', 'fatal');
SELECT drift_severity_set('owner_changed', 'info', 'unattributed');
SELECT drift_severity_set('unattributed', 'info', 'additive');
SELECT drift_severity_set(NULL, 'info');
SELECT count(*), count(DISTINCT finding), count(meaning) FROM drift_severities();
SELECT drift_accept_all('test') > 0 AS accepted;

\echo -- a dropped table is one drift, and one incident of its owner
DROP TABLE public.parent CASCADE;
ALTER TABLE a.secured ADD elsewhere int;
SELECT id AS parent FROM drift_check() WHERE object = 'public.parent' \gset
SELECT change, object_type, object, regexp_replace(hint, '[0-9]+\)', 'N)') AS hint FROM drift_check() ORDER BY object;
SELECT change, object_type, object, attribute, cause_id = :parent AS folded, owner
  FROM schemadrift.drift WHERE state = 'open' ORDER BY object;
SELECT severity, class, owner, drifts FROM drift_incidents() WHERE state = 'open' ORDER BY owner;
SELECT regexp_replace(line, 'drift [0-9]+', 'drift N') FROM regexp_split_to_table(drift_explain(:parent), '\n') line
 WHERE line ~ '^(Owner|Finding|Brought|  (view|policy|constraint) )' ORDER BY 1;
SELECT (p->>'count')::int AS count, regexp_replace(p->>'title', 'in .*: table', 'in DB: table') AS title,
       jsonb_array_length(p->'items') AS items
  FROM (SELECT schemadrift.incident_payload(incident_id) AS p FROM schemadrift.drift WHERE id = :parent) x;

\echo -- routes
SELECT drift_channel_add('all', 'webhook', '{"url": "https://example.com/all"}'),
       drift_channel_add('team', 'webhook', '{"url": "https://example.com/team"}'),
       drift_channel_add('rest', 'webhook', '{"url": "https://example.com/rest"}');
SELECT drift_route_add('watch', 'team', owner => 'team-a'), drift_route_add('watch', 'team', pattern => '[kind=view] public.*'),
       drift_route_add('watch', 'rest', min_severity => 'warning', fallback => true),
       drift_route_add('watch', 'all', class => 'security');
SELECT drift_route_add('watch', 'team', owner => 'team-a') AS again;
SELECT workflow, channel, pattern, class, min_severity, owner, fallback FROM drift_routes();
SELECT name, workflows FROM drift_channels();
SELECT channel, takes, reason FROM drift_routes_explain(:parent);
SELECT channel, takes, reason FROM drift_routes_explain((SELECT id FROM schemadrift.drift WHERE object = 'a.secured.elsewhere' AND state = 'open'));
SELECT count(*) > 0 AS drift FROM drift_check();
SELECT q.channel, i.owner, q.purpose FROM schemadrift.delivery q JOIN schemadrift.incident i ON i.id = q.incident_id ORDER BY 1, 2, 3;
SELECT drift_route_add('watch', 'all', class => 'odd');
SELECT drift_route_add('watch', 'all', min_severity => 'odd');
SELECT drift_route_add('watch', 'all', owner => 'not one');
SELECT drift_route_add('watch', 'all', pattern => '[odd=x]');
SELECT channel FROM drift_routes_explain(0);
SELECT drift_route_drop(id) FROM drift_routes() WHERE class = 'security';
SELECT drift_route_drop('watch', 'team'), drift_route_drop('watch', 'team') AS again, drift_route_drop(0) AS none;
SELECT channel FROM drift_routes();

\echo -- resolved where it was told
SELECT drift_accept_all('test') > 0 AS accepted;
SELECT q.channel, i.owner, i.state, q.purpose FROM schemadrift.delivery q JOIN schemadrift.incident i ON i.id = q.incident_id
 ORDER BY 1, 2, 3, q.id;

\echo -- what nothing explains has at least its own severity
SET schemadrift.enabled = off;
COMMENT ON TABLE public.plain IS 'in secret';
RESET schemadrift.enabled;
SELECT severity, class FROM drift_check();
SELECT drift_severity_set('unattributed', 'info');
SELECT severity, class FROM drift_check();

\echo -- what kept it from being told is over before its time
SELECT drift_accept_all('test') > 0 AS accepted;
SELECT drift_route_add('watch', 'all');
SELECT drift_window_add('* * * * *', '1 hour', 'quiet') AS quiet \gset
CREATE TABLE public.later (i int);
SELECT count(*) FROM drift_check();
SELECT told_at IS NULL AS waits FROM drift_incidents() WHERE state = 'open';
SELECT drift_window_drop(:quiet);
SELECT drift_channel_enable(name, false) FROM drift_channels();
SELECT count(*) FROM drift_check();
SELECT told_at IS NULL AS waits FROM drift_incidents() WHERE state = 'open';
SELECT drift_channel_enable('all');
SELECT count(*) FROM drift_check();
SELECT told_at IS NULL AS waits FROM drift_incidents() WHERE state = 'open';
SELECT drift_accept_all('test') > 0 AS accepted;
SELECT drift_window_add('* * * * *', '1 hour', 'quiet') AS quiet \gset
ALTER TABLE public.later ADD j int;
SELECT count(*) FROM drift_check();
SELECT told_at IS NULL AS waits FROM drift_incidents() WHERE state = 'open';
SELECT drift_window_drop(:quiet);
SELECT count(*) FROM drift_check();
SELECT told_at IS NULL AS waits FROM drift_incidents() WHERE state = 'open';
DROP TABLE public.later;

DROP EVENT TRIGGER watcher;
SELECT drift_unwatch() IS NOT NULL AS unwatched;
DROP EXTENSION schemadrift CASCADE;
DROP SCHEMA a CASCADE;
DROP TABLE public.plain, public.child, public.fresh;
DROP ROLE regress_team;
