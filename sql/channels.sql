-- Channels and routes: what is accepted, what is refused and how.
\set QUIET on
\pset format unaligned
\pset null '(null)'
\set VERBOSITY default
CREATE EXTENSION schemadrift;

-- a channel; its secret is not there yet
\set VERBOSITY terse
SELECT drift_channel_add('oncall', 'pagerduty', '{}', 'pagerduty-key');
SELECT drift_channel_add('eu', 'pagerduty', '{"url": "https://events.eu.pagerduty.com"}', 'pagerduty-eu');
\set VERBOSITY default
SELECT name, kind, config, secret, enabled, workflows, problem IS NOT NULL AS has_problem FROM drift_channels();

-- what is refused
SELECT drift_channel_add('oncall', 'pagerduty', '{}', 'pagerduty-key');
-- the hint lists all kinds, of which there may be more any day
\set VERBOSITY terse
SELECT drift_channel_add('x', 'pagerdutty', '{}', 'pagerduty-key');
\set VERBOSITY default
SELECT drift_channel_add('x', 'pagerduty', '{"uri": "https://x.example"}', 'pagerduty-key');
SELECT drift_channel_add('x', 'pagerduty', '{"url": {"a": 1}}', 'pagerduty-key');
SELECT drift_channel_add('x', 'pagerduty', '{"url": "https://u:p@x.example"}', 'pagerduty-key');
SELECT drift_channel_add('x', 'pagerduty', '"text"', 'pagerduty-key');
SELECT drift_channel_add('x', 'pagerduty', '{}');
SELECT drift_channel_add('x', NULL);
SELECT drift_channel_add(NULL, 'pagerduty');
SELECT drift_channel_add('', 'pagerduty', '{}', 'pagerduty-key');
SELECT drift_channel_add(E'a\nb', 'pagerduty', '{}', 'pagerduty-key');
SELECT drift_channel_add(repeat('x', 64), 'pagerduty', '{}', 'pagerduty-key');

-- hosts that policy does not allow
SELECT drift_channel_add('x', 'pagerduty', '{"url": "http://events.pagerduty.com"}', 'pagerduty-key');
SELECT drift_channel_add('x', 'pagerduty', '{"url": "https://10.1.2.3"}', 'pagerduty-key');
SELECT drift_channel_add('x', 'pagerduty', '{"url": "https://169.254.169.254"}', 'pagerduty-key');
SELECT drift_channel_add('x', 'pagerduty', '{"url": "https://[fd00::1]:8443"}', 'pagerduty-key');

-- a secret where its name belongs; the message does not repeat it
DO $$
DECLARE
	token text;
	shown text;
BEGIN
	FOREACH token IN ARRAY ARRAY['0123456789abcdef0123456789abcdef', 'xoxb-1-2-abc', 'ghp_abc', 'lin_api_abc', 'ntn_abc',
		'../postgresql.conf', '/etc/passwd', '.hidden', '', 'a b', E'a\nb', repeat('-', 129), 'a' || repeat('-', 128)]
	LOOP
		BEGIN
			PERFORM drift_channel_add('x', 'pagerduty', '{}', token);
			RAISE NOTICE 'accepted: %', token;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS shown = MESSAGE_TEXT;
			RAISE NOTICE '% (%) repeats it: %', shown, SQLSTATE, token <> '' AND strpos(shown, token) > 0;
		END;
	END LOOP;
END
$$;
-- names that only look long
\set VERBOSITY terse
SELECT drift_channel_add('x', 'pagerduty', '{}', 'pagerduty-production-2026');
SELECT drift_channel_drop('x');
\set VERBOSITY default

-- who may add channels may not read secrets by having them sent to a host of his
CREATE ROLE regress_sd_admin;
GRANT EXECUTE ON FUNCTION drift_channel_add(text, text, jsonb, text), drift_fingerprint(text) TO regress_sd_admin;
SET ROLE regress_sd_admin;
SELECT drift_channel_add('x', 'webhook', '{"url": "https://his.example/hook"}', 'pagerduty-key');
SELECT drift_channel_add('x', 'pagerduty', '{"url": "https://his.example"}', 'pagerduty-key');
\set VERBOSITY terse
SELECT drift_channel_add('x', 'webhook', '{"url": "https://his.example/hook"}');
SELECT drift_channel_add('y', 'pagerduty', '{}', 'pagerduty-key');

-- nor, while a superuser maintains a table of his, connect with the superuser's rights
RESET ROLE;
CREATE TABLE his (a int);
INSERT INTO his VALUES (1);
ALTER TABLE his OWNER TO regress_sd_admin;
GRANT CREATE ON SCHEMA public TO regress_sd_admin;
SET ROLE regress_sd_admin;
SELECT drift_fingerprint('dbname=postgres');
CREATE FUNCTION his_function(a int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
$$ BEGIN IF current_setting('his.turn', true) = 'on' THEN PERFORM public.drift_fingerprint('dbname=postgres'); END IF; RETURN a; END $$;
CREATE INDEX ON his (his_function(a));
RESET ROLE;
SET his.turn = 'on';
REINDEX TABLE his;
RESET his.turn;
DROP TABLE his;
DROP FUNCTION his_function(int);
SELECT drift_channel_drop('x'), drift_channel_drop('y');
DROP OWNED BY regress_sd_admin;
DROP ROLE regress_sd_admin;
\set VERBOSITY default

-- routes
SELECT drift_route_add('watch', 'oncall'), drift_route_add('watch', 'oncall'), drift_route_add('ticket', 'oncall');
SELECT drift_route_add('watch', 'eu');
SELECT drift_route_add('wach', 'oncall');
SELECT drift_route_add('watch', 'nobody');
SELECT drift_route_drop('ticket', 'oncall'), drift_route_drop('ticket', 'oncall');
SELECT drift_route_drop('', 'oncall');
SELECT name, workflows FROM drift_channels();

-- off and on; rolled back, as a commit would start a worker
BEGIN;
SELECT drift_channel_enable('eu', false);
SELECT name, enabled FROM drift_channels();
SELECT drift_channel_enable('eu');
SELECT name, enabled FROM drift_channels();
ROLLBACK;
SELECT drift_channel_enable('nobody', true);

-- a test message waits in the outbox
BEGIN;
SELECT drift_channel_test('oncall') > 0;
SELECT channel, purpose, incident_id, state, idempotency_key LIKE 'schemadrift:test:%' AS key,
       payload - 'title' - 'database' - 'cluster' AS payload, payload->>'database' = current_database() AS here
  FROM schemadrift.delivery;
ROLLBACK;
SELECT drift_channel_test('nobody');
SELECT drift_channel_test(NULL);
SELECT count(*) FROM schemadrift.delivery;

-- a preview shows the request, the key masked
INSERT INTO schemadrift.delivery (channel, purpose, incident_id, idempotency_key, payload) VALUES
	('oncall', 'trigger', 7, 'schemadrift:1:old', '{"title": "old"}'),
	('oncall', 'trigger', 7, 'schemadrift:1:new', '{"title": "new", "severity": "warning", "database": "shop"}'),
	('oncall', 'trigger', 8, 'schemadrift:1:other', '{"title": "other"}');
SELECT jsonb_pretty(drift_preview(7, 'eu'));
SELECT drift_preview(9, 'oncall');
SELECT drift_preview(NULL, 'oncall');
SELECT drift_preview(7, 'nobody');

-- dropping
SELECT drift_channel_drop('eu');
SELECT drift_channel_drop('eu');
SELECT workflow, channel FROM schemadrift.route;

-- nothing is for everybody
SELECT p.oid::regprocedure FROM pg_proc AS p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
 WHERE a.grantee = 0 AND (p.proname LIKE 'drift\_%' OR p.pronamespace = 'schemadrift'::regnamespace) ORDER BY 1;
CREATE ROLE regress_schemadrift_nobody;
SET ROLE regress_schemadrift_nobody;
SELECT drift_channel_add('y', 'pagerduty', '{}', 'k');
SELECT * FROM drift_channels();
SELECT drift_preview(7, 'oncall');
RESET ROLE;
DROP ROLE regress_schemadrift_nobody;

DROP EXTENSION schemadrift;
