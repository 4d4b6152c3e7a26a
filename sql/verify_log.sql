-- The log is sealed: what was removed, altered or put in later shows.
\set QUIET on
\pset format unaligned
\pset null '(null)'
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
-- each news is told at once, also by the worker
SET schemadrift.update_interval = 0;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET schemadrift.update_interval = 0', current_database()); END $$;
CREATE FUNCTION seals(OUT id bigint, OUT what text, OUT first_event bigint, OUT last_event bigint, OUT events bigint)
	RETURNS SETOF record LANGUAGE sql AS
	'SELECT id, what, first_event, last_event, length(digests) / 40 FROM schemadrift.event_seal ORDER BY id';
SELECT drift_watch() <> '' AS watching;
SELECT drift_channel_add('oncall', 'webhook', '{"url": "https://example.org/hook"}');
SELECT drift_route_add('watch', 'oncall');
SELECT count(*) FROM schemadrift.event_seal;
-- (in one transaction, so that no worker is quicker)
BEGIN;
CREATE TABLE a (a int);
CREATE TABLE b (a int);
SET client_min_messages = notice;
SELECT * FROM drift_verify_log();
SET client_min_messages = warning;
SELECT count(*) > 0 AS drift FROM drift_check();
COMMIT;
SELECT * FROM seals();
SET client_min_messages = notice;
SELECT * FROM drift_verify_log();

-- nothing new, no new seal; more events, another one
SELECT count(*) > 0 AS drift FROM drift_check();
-- sent, so that the next one is another message
UPDATE schemadrift.delivery SET state = 'delivered';
SELECT count(*) FROM seals();
BEGIN;
CREATE TABLE c (a int);
CREATE TABLE d (a int);
ALTER TABLE d ADD b text;
SELECT count(*) > 0 AS drift FROM drift_check();
COMMIT;
SELECT * FROM seals();
SELECT * FROM drift_verify_log();
SELECT regexp_replace(detail, '[0-9a-f]{64}', 'digest') FROM drift_health() WHERE check_name = 'log';
SELECT DISTINCT payload ->> 'log_head' IN (SELECT id || ':' || encode(digest, 'hex') FROM schemadrift.event_seal) AS told
  FROM schemadrift.delivery;
-- the session's way of showing things does not matter
SET TimeZone = 'Asia/Tokyo';
SET DateStyle = 'SQL, DMY';
SET extra_float_digits = 0;
SET bytea_output = 'escape';
SET quote_all_identifiers = on;
SELECT * FROM drift_verify_log();
RESET ALL;
SET client_min_messages = notice;

-- each column counts
SELECT id AS b FROM schemadrift.event WHERE tag = 'CREATE TABLE' AND objects -> 0 ->> 'identity' = 'public.b' \gset
DO $$
DECLARE
	c text;
	found text;
BEGIN
	FOREACH c IN ARRAY ARRAY['id = id + 1000000', 'at = at + ''1 us''', 'xid = ''7''', 'pid = pid + 1', 'tag = tag || '' ''',
		'session_role = ''mallory''', 'effective_role = ''mallory''', 'client = ''10.0.0.1''', 'application = ''x''',
		'statement = ''CREATE TABLE innocent ()''', 'deploy_id = 1', 'deploy = ''PR-1''', 'refused_claim = ''x''',
		'objects = objects || objects', 'statement = NULL', 'at = ''infinity'''] LOOP
		BEGIN
			EXECUTE 'UPDATE schemadrift.event SET ' || c || ' WHERE tag = ''CREATE TABLE'' AND objects -> 0 ->> ''identity'' = ''public.b''';
			SELECT string_agg(v.problem, ', ') INTO found FROM drift_verify_log() v;
			RAISE EXCEPTION SQLSTATE 'UNDO1';
		EXCEPTION WHEN SQLSTATE 'UNDO1' THEN
			RAISE INFO '%: %', split_part(c, ' ', 1), found;
		END;
	END LOOP;
END
$$;
SELECT count(*) FROM drift_verify_log();
SELECT status, regexp_replace(regexp_replace(split_part(detail, ';', 1), '[0-9a-f]{64}', 'digest'), '\d+', 'N') FROM drift_health() WHERE check_name = 'log';

-- removed, put in, both
BEGIN;
DELETE FROM schemadrift.event WHERE id = :b;
SELECT status, regexp_replace(regexp_replace(split_part(detail, ';', 1), '[0-9a-f]{64}', 'digest'), '\d+', 'N') FROM drift_health() WHERE check_name = 'log';
SELECT event_id = :b AS b, problem, sealed_at IS NOT NULL AS sealed FROM drift_verify_log();
INSERT INTO schemadrift.event SELECT :b, at, xid, pid, tag, session_role, effective_role, client, application, 'SELECT 1', deploy_id,
	deploy, refused_claim, objects FROM schemadrift.event ORDER BY id LIMIT 1;
SELECT event_id = :b AS b, problem FROM drift_verify_log();
INSERT INTO schemadrift.event SELECT 0, at, xid, pid, tag, session_role, effective_role, client, application, statement, deploy_id,
	deploy, refused_claim, objects FROM schemadrift.event ORDER BY id LIMIT 1;
SELECT event_id, problem FROM drift_verify_log() WHERE event_id <> :b;
TRUNCATE schemadrift.event;
SELECT problem, count(*) > 3 AS many FROM drift_verify_log() GROUP BY 1;
ROLLBACK;

-- the seals themselves
BEGIN;
UPDATE schemadrift.event_seal SET digests = set_byte(digests, 20, (get_byte(digests, 20) + 1) % 256) WHERE id = 2;
SELECT problem FROM drift_verify_log();
ROLLBACK;
BEGIN;
UPDATE schemadrift.event_seal SET sealed_at = sealed_at - interval '1 day' WHERE id = 2;
SELECT problem FROM drift_verify_log();
ROLLBACK;
BEGIN;
DELETE FROM schemadrift.event_seal WHERE id = 2;
SELECT status, regexp_replace(regexp_replace(split_part(detail, ';', 1), '[0-9a-f]{64}', 'digest'), '\d+', 'N') FROM drift_health() WHERE check_name = 'log';
SELECT DISTINCT problem FROM drift_verify_log();
ROLLBACK;
-- its end cut off: what was told shows
BEGIN;
DELETE FROM schemadrift.event_seal WHERE id >= 2;
DELETE FROM schemadrift.event;
SELECT DISTINCT regexp_replace(problem, 'message \d+', 'message N') FROM drift_verify_log();
ROLLBACK;
-- pruned by us, and by somebody who says so
BEGIN;
DELETE FROM schemadrift.event WHERE id <= :b;
INSERT INTO schemadrift.event_seal
	SELECT s.id, s.what, s.sealed_at, s.place, s.first_event, s.last_event, s.keep_minutes, s.digests,
		   sha256(s.digest || convert_to(jsonb_build_array(s.id, s.what, to_char(s.sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
				  s.place, s.first_event, s.last_event, s.keep_minutes)::text, getdatabaseencoding()) || s.digests)
	  FROM (SELECT id + 1 AS id, 'pruned' AS what, clock_timestamp() AS sealed_at, place, 1::bigint AS first_event,
				   (SELECT last_event FROM schemadrift.event_seal WHERE id = 2) AS last_event, 90 AS keep_minutes, '\x'::bytea AS digests, digest
			  FROM schemadrift.event_seal ORDER BY id DESC LIMIT 1 OFFSET 0) s;
SELECT DISTINCT problem FROM drift_verify_log() ORDER BY 1;
ROLLBACK;

-- rolled back with what it seals
BEGIN;
CREATE TABLE e (a int);
SELECT count(*) > 0 AS drift FROM drift_check();
ROLLBACK;
BEGIN;
CREATE TABLE f (a int);
SELECT count(*) > 0 AS drift FROM drift_check();
COMMIT;
SELECT count(*) FROM drift_verify_log();

-- a new extension has a new chain
SET client_min_messages = warning;
DROP EXTENSION schemadrift CASCADE;
CREATE EXTENSION schemadrift;
SELECT drift_watch() <> '' AS watching;
BEGIN;
CREATE TABLE g (a int);
SELECT count(*) > 0 AS drift FROM drift_check();
COMMIT;
SELECT id, what FROM seals();
SELECT count(*) FROM drift_verify_log();
DROP EXTENSION schemadrift CASCADE;
DROP TABLE a, b, c, d, f, g;
DROP FUNCTION seals;
