-- Watching: what others do to what a deploy made, parts that move, rollbacks of
-- the baseline, checks in odd transactions.
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_migrator SUPERUSER;
CREATE ROLE regress_stranger SUPERUSER;
CREATE SCHEMA s;
SELECT drift_baseline_set() AS version;
SELECT schemadrift.capture_arm();
SELECT drift_deployer_add('regress_migrator') > 0 AS added;

-- a deploy makes tables; before the check somebody else adds to them
SET SESSION AUTHORIZATION regress_migrator;
SET schemadrift.deploy = 'PR-1';
CREATE TABLE s.t (a integer PRIMARY KEY, b integer);
CREATE TABLE s.u (a integer);
COMMENT ON TABLE s.u IS 'from the deploy';
RESET schemadrift.deploy;
SET SESSION AUTHORIZATION regress_stranger;
CREATE INDEX by_b ON s.t (b);
CREATE POLICY open_door ON s.t USING (true);
CREATE RULE away AS ON DELETE TO s.t DO INSTEAD NOTHING;
COMMENT ON COLUMN s.t.b IS 'not from the deploy';
GRANT SELECT ON s.u TO PUBLIC;
RESET SESSION AUTHORIZATION;
SELECT class, change, object_type, object, attribute, who, ddl FROM drift_check();
SELECT version, reason FROM schemadrift.baseline ORDER BY version;
SELECT change, object_type, object, attribute FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT count(*) AS open FROM drift_check();

-- what partitions repeat goes, or stays, with its original
SET SESSION AUTHORIZATION regress_migrator;
SET schemadrift.deploy = 'PR-2';
CREATE TABLE s.p (a integer, b integer) PARTITION BY RANGE (a);
CREATE TABLE s.p1 PARTITION OF s.p FOR VALUES FROM (0) TO (10);
CREATE INDEX good ON s.p (a);
RESET schemadrift.deploy;
SET SESSION AUTHORIZATION regress_stranger;
CREATE INDEX bad ON s.p (b);
RESET SESSION AUTHORIZATION;
SELECT change, object_type, object, who, ddl FROM drift_check();
SELECT change, object_type, object FROM drift_diff('baseline', 'live');
SET SESSION AUTHORIZATION regress_migrator;
SET schemadrift.deploy = 'PR-3';
CREATE TABLE s.p2 PARTITION OF s.p FOR VALUES FROM (10) TO (20);
RESET schemadrift.deploy;
RESET SESSION AUTHORIZATION;
SELECT change, object_type, object, who FROM drift_check();
SELECT kind, identity FROM drift_objects('baseline') WHERE identity ~ '^s.p' AND kind <> 'column';
DROP INDEX s.bad;
SELECT count(*) AS open FROM drift_check();

-- a part that moves to another whole is one drift, told once
CREATE INDEX mover ON s.t (a);
SELECT drift_accept_all('fine') AS accepted;
DROP INDEX s.mover;
CREATE INDEX mover ON s.u (a);
SELECT class, change, object_type, object, expected, actual FROM drift_check();
SELECT content_digest AS before FROM schemadrift.drift WHERE state = 'open' \gset
SELECT count(*) AS open FROM drift_check();
SELECT content_digest = :'before' AS unchanged, last_seen = first_seen AS told_once FROM schemadrift.drift WHERE state = 'open';
SELECT drift_accept(id, 'moved') IS NOT NULL AS done FROM drift_check();
SELECT count(*) AS open FROM drift_check();

-- what is accepted is what was seen
COMMENT ON TABLE s.t IS 'one';
SELECT id AS drift FROM drift_check() \gset
COMMENT ON TABLE s.t IS 'two';
\set VERBOSITY sqlstate
SELECT drift_accept(:drift, 'one is fine') AS accepted;
\set VERBOSITY default
SELECT actual FROM drift_check();
SELECT drift_accept(:drift, 'two is fine') IS NOT NULL AS accepted;
\set VERBOSITY sqlstate
SELECT drift_accept(:drift, 'again') AS accepted;
\set VERBOSITY default

-- going back to an older baseline keeps authors known
SET SESSION AUTHORIZATION regress_stranger;
CREATE TABLE s.later (a integer);
RESET SESSION AUTHORIZATION;
SELECT max(version) AS good FROM schemadrift.baseline \gset
SELECT drift_accept_all('hasty') AS accepted;
SELECT drift_baseline_set(side => 'baseline@' || :good) - :good AS versions_on;
SELECT change, object, who FROM drift_check();
DROP TABLE s.later;

-- names that no side could be written with
SELECT drift_baseline_set('a@3');
SELECT drift_baseline_set(E'a\nb');
SELECT drift_baseline_set(repeat('n', 64));
SELECT drift_baseline_set('release 7') AS version;
SELECT count(*) AS differences FROM drift_diff('baseline:release 7@1', 'live');

-- in a transaction, its own uncommitted DDL included; a rollback forgets
BEGIN;
CREATE TABLE s.mine (a integer);
SELECT change, object FROM drift_check();
SAVEPOINT one;
CREATE TABLE s.more (a integer);
SELECT change, object FROM drift_check();
ROLLBACK TO one;
SELECT change, object FROM drift_check();
ROLLBACK;
SELECT count(*) AS open FROM drift_check();
SELECT count(*) AS recorded FROM schemadrift.drift WHERE object IN ('s.mine', 's.more');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM drift_diff('baseline', 'live');
SAVEPOINT one;
SELECT drift_check();
ROLLBACK TO one;
SELECT drift_baseline_set();
ROLLBACK;

-- an error while catalogs are read leaves no setting behind
SET search_path = s, public;
SET statement_timeout = '100ms';
DO $$
BEGIN
	PERFORM drift_fingerprint() FROM generate_series(1, 1000);
EXCEPTION WHEN query_canceled THEN
	PERFORM pg_catalog.set_config('regress.seen', current_setting('search_path') || '; ' || current_setting('lock_timeout'), false);
END
$$;
RESET statement_timeout;
SELECT current_setting('regress.seen') AS while_caught, current_setting('search_path') AS after;
RESET search_path;

-- the extension goes, disarmed plainly and armed with CASCADE
SELECT schemadrift.capture_disarm();
DROP EXTENSION schemadrift;
SELECT count(*) AS triggers FROM pg_event_trigger;
CREATE EXTENSION schemadrift;
SELECT schemadrift.capture_arm();
DROP EXTENSION schemadrift;
DROP EXTENSION schemadrift CASCADE;
SELECT count(*) AS triggers FROM pg_event_trigger;
CREATE TABLE s.after (a integer);
DROP SCHEMA s CASCADE;
DROP ROLE regress_migrator, regress_stranger;
