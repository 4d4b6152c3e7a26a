-- The gate of a pipeline: never green without reason.
CREATE EXTENSION schemadrift;
CREATE TABLE orders (id integer PRIMARY KEY, note text);
CREATE FUNCTION state(gate text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE gate;
	RETURN 'green';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
-- no baseline
SELECT drift_gate();
SELECT drift_baseline_set();
SELECT drift_gate();
SELECT drift_gate('critical');

-- worse than what is tolerated; the rest is counted
COMMENT ON TABLE orders IS 'x';
SELECT drift_gate();
SELECT drift_gate('warning');
ALTER TABLE orders DROP COLUMN note;
SELECT drift_gate('warning');
SELECT drift_gate('error');
-- a check changes nothing of it
SELECT count(*) FROM drift_check();
SELECT state($$SELECT drift_gate('info')$$), state($$SELECT drift_gate('warning')$$), state($$SELECT drift_gate('error')$$);
-- nor does silence
SELECT count(drift_ack(id)) FROM drift_check() WHERE attribute = 'comment';
SELECT count(drift_snooze(id, '1 day')) FROM drift_check() WHERE attribute IS NULL;
SELECT state($$SELECT drift_gate('info')$$), state($$SELECT drift_gate('warning')$$);

-- an ignore rule does, as long as it lasts, and is told
SELECT drift_ignore('public.orders, public.orders.*', 'known', now() + interval '1 day') AS rule \gset
SELECT drift_gate();
CREATE TABLE more (a integer);
\set VERBOSITY terse
SELECT drift_gate();
\set VERBOSITY default
DROP TABLE more;
-- of the baseline only
SELECT state($$SELECT drift_gate(from_side => 'baseline@1')$$);
UPDATE schemadrift.ignore_rule SET until = now();
SELECT state('SELECT drift_gate()');
SELECT count(*) FROM drift_ignored();

-- arguments
SELECT drift_gate('harmless');
SELECT drift_gate('');
SELECT drift_gate(NULL);
SELECT drift_gate('info', NULL);
SELECT drift_gate('info', 'baseline', NULL);
SELECT drift_gate('info', 'live', 'live');
SELECT drift_gate('info', 'baseline', 'baseline');
SELECT state($$SELECT drift_gate('info', 'nowhere')$$), state($$SELECT drift_gate('info', 'baseline', 'host=/nonexistent')$$);
SELECT drift_gate(max_age => NULL);

-- an accepted schema is green, and stays so in any transaction that reads
SELECT drift_accept_all('fine') > 0 AS accepted;
BEGIN READ ONLY;
SELECT drift_gate();
COMMIT;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT drift_gate();
COMMIT;
-- what the same transaction did counts
BEGIN;
CREATE TABLE more (a integer);
SELECT state('SELECT drift_gate()');
ROLLBACK;

-- stale
SELECT state($$SELECT drift_gate(max_age => '1 hour')$$);
UPDATE schemadrift.baseline SET created_at = created_at - interval '2 hours';
SELECT state($$SELECT drift_gate(max_age => '1 hour')$$), state($$SELECT drift_gate(max_age => '1 day')$$), state('SELECT drift_gate()');
UPDATE schemadrift.baseline SET form = form - 1;
SELECT drift_gate('critical');
UPDATE schemadrift.baseline SET form = form + 1;
-- of another database: what is told of it is said
UPDATE schemadrift.baseline SET database = '1/1';
SELECT drift_gate();
SELECT count(*) FROM drift_check();
SELECT drift_gate();

-- watched: that nobody sees what happens is worse than most
SELECT drift_watch() <> '' AS watching;
SELECT drift_gate();
ALTER EVENT TRIGGER schemadrift_capture_ddl DISABLE;
SELECT drift_gate('error');
SELECT drift_ignore('[kind=event_trigger], schema*', 'known', now() + interval '1 day') > 0 AS ruled;
SELECT state($$SELECT drift_gate('error')$$), state($$SELECT drift_gate('error', 'baseline@1')$$);
SELECT drift_watch() <> '' AS mended;
SELECT drift_gate();
-- nor is a claim to be a deploy by somebody who may not, even if nothing is left of it
CREATE ROLE regress_claimant SUPERUSER;
SELECT drift_accept_all('the role') >= 0 AS accepted;
SET SESSION AUTHORIZATION regress_claimant;
SET schemadrift.deploy = 'PR-1';
CREATE TABLE passing (a integer);
DROP TABLE passing;
RESET schemadrift.deploy;
RESET SESSION AUTHORIZATION;
SELECT object_type, object, attribute FROM drift_check();
SELECT regexp_replace(state('SELECT drift_gate()'), '\d+ c', 'N c');
SELECT drift_ignore('regress_claimant', 'never mind', now() + interval '1 day') > 0 AS ruled;
SELECT state('SELECT drift_gate()');
SELECT drift_accept(id, 'we talked') <> '' AS accepted FROM drift_check();
SELECT drift_gate();
\set VERBOSITY terse
SELECT drift_undo(max(decision)) IS NULL FROM drift_decisions() WHERE action = 'accept' AND reason = 'we talked';
\set VERBOSITY default
SELECT drift_unwatch() <> '' AS stopped;
SELECT drift_gate();

-- a reader may
CREATE ROLE regress_reader;
SET ROLE regress_reader;
SELECT state('SELECT drift_gate()');
RESET ROLE;
GRANT EXECUTE ON FUNCTION drift_gate TO regress_reader;
SELECT drift_accept_all('the grant') >= 0 AS accepted;
SET ROLE regress_reader;
SELECT drift_gate();
RESET ROLE;
REVOKE EXECUTE ON FUNCTION drift_gate FROM regress_reader;
DROP EXTENSION schemadrift;
DROP TABLE orders;
DROP FUNCTION state;
DROP ROLE regress_reader, regress_claimant;
