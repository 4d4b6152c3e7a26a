-- Modes: schemadrift.capture = off, record, notice and block.
\set QUIET on
\pset format unaligned
\pset null '(null)'
\set VERBOSITY default
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
SELECT drift_create_roles();
CREATE ROLE regress_sd_ci LOGIN;
CREATE ROLE regress_sd_app LOGIN;
GRANT drift_deployer TO regress_sd_ci;
GRANT CREATE ON SCHEMA public TO regress_sd_ci, regress_sd_app;
SELECT schemadrift.capture_arm();
SELECT drift_channel_add('oncall', 'webhook', '{"url": "https://example.org/hook"}');
SELECT drift_route_add('watch', 'oncall');
SELECT enumvals FROM pg_settings WHERE name = 'schemadrift.capture';
SHOW schemadrift.capture;

-- off: nothing
SET schemadrift.capture = 'off';
CREATE TABLE a (a int);
DROP TABLE a;
SET schemadrift.capture = 'record';
CREATE TABLE a (a int);
SELECT tag, objects FROM drift_log() WHERE tag <> 'SET';
TRUNCATE schemadrift.event;

-- notice: once for each sort of command in a transaction
SET client_min_messages = notice;
SET schemadrift.capture = 'notice';
BEGIN;
CREATE TABLE b (a int);
CREATE TABLE c (a int);
ALTER TABLE c ADD b int;
COMMIT;
CREATE TABLE d (a int);
CREATE TEMP TABLE e (a int);
-- (each role is named once)
BEGIN;
SELECT drift_deployer_add('regress_sd_ci', 'flyway%') > 0 AS added, drift_deployer_add('regress_sd_ci', 'sqitch%') > 0 AS added;
CREATE TABLE f (a int);
ROLLBACK;
CREATE ROLE regress_sd_other;
DROP ROLE regress_sd_other;
SET SESSION AUTHORIZATION regress_sd_app;
CREATE TABLE f (a int);
SET schemadrift.deploy = 'PR-1';
CREATE TABLE g (a int);
RESET schemadrift.deploy;
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION regress_sd_ci;
CREATE TABLE h (a int);
BEGIN; SET LOCAL schemadrift.deploy = 'PR-2'; CREATE TABLE i (a int); COMMIT;
RESET SESSION AUTHORIZATION;
-- what stands in the way of the notice is no miss
SET schemadrift.inject_fault = 'capture.deploy';
CREATE TABLE j (a int);
RESET schemadrift.inject_fault;
BEGIN;
LOCK TABLE schemadrift.route IN ACCESS EXCLUSIVE MODE;
CREATE TABLE k (a int);
COMMIT;
SELECT tag, objects, deploy, note FROM drift_log() WHERE tag <> 'SET';
TRUNCATE schemadrift.event;

-- block
SET schemadrift.capture = 'block';
SET client_min_messages = warning;
SET SESSION AUTHORIZATION regress_sd_app;
CREATE TABLE l (a int);
DROP TABLE f;
ALTER TABLE f ADD b int;
CREATE INDEX CONCURRENTLY f_a ON f (a);
CREATE TABLE l AS SELECT 1 AS a;
SELECT 1 AS a INTO l;
PREPARE p AS SELECT 1 AS a;
CREATE TABLE l AS EXECUTE p;
EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off) CREATE TABLE l AS SELECT 1 AS a;
DO $$BEGIN CREATE TABLE l (a int); END$$;
DO $$BEGIN EXECUTE 'CREATE TABLE l (a int)'; EXCEPTION WHEN OTHERS THEN RAISE WARNING '%', SQLSTATE; END$$;
CREATE FUNCTION pg_temp.sneak() RETURNS void LANGUAGE sql AS 'CREATE TABLE public.l (a int)';
SELECT pg_temp.sneak();
CREATE TEMP TABLE t (a int);
CREATE INDEX CONCURRENTLY t_a ON t (a);
DROP INDEX CONCURRENTLY t_a;
DROP TABLE t;
CREATE TEMP TABLE t (a int);
DROP TABLE t, f;
-- no way out for who is no superuser
SET schemadrift.capture = 'record';
SET LOCAL schemadrift.capture = 'record';
SELECT set_config('schemadrift.capture', 'off', false);
SET schemadrift.enabled = off;
SET session_replication_role = replica;
RESET schemadrift.capture;
ALTER ROLE regress_sd_app SET schemadrift.capture = 'record';
ALTER EVENT TRIGGER schemadrift_capture_ddl DISABLE;
CREATE FUNCTION sneak_out() RETURNS void LANGUAGE sql SET schemadrift.capture = 'record' AS 'CREATE TABLE l (a int)';
SET schemadrift.deploy = 'PR-3';
CREATE TABLE l (a int);
RESET schemadrift.deploy;
-- what is no DDL, or changes nothing
CREATE TABLE IF NOT EXISTS f (a int);
DROP TABLE IF EXISTS l;
INSERT INTO f VALUES (1);
TRUNCATE f;
REINDEX TABLE f;
ANALYZE f;
RESET SESSION AUTHORIZATION;
-- who may deploy
SET SESSION AUTHORIZATION regress_sd_ci;
CREATE TABLE l (a int);
BEGIN; SET LOCAL schemadrift.deploy = 'PR-4'; CREATE TABLE l (a int); COMMIT;
SET schemadrift.deploy = 'PR-5';
CREATE INDEX CONCURRENTLY l_a ON l (a);
DROP INDEX CONCURRENTLY l_a;
RESET schemadrift.deploy;
DROP INDEX CONCURRENTLY l_a;
RESET SESSION AUTHORIZATION;
-- where it cannot be told, it is refused; capture that fails otherwise goes on
SET schemadrift.deploy = 'PR-6';
SET schemadrift.inject_fault = 'capture.deploy';
SET SESSION AUTHORIZATION regress_sd_ci;
CREATE TABLE m (a int);
DROP TABLE l;
RESET SESSION AUTHORIZATION;
SET schemadrift.inject_fault = 'capture.collect';
SET SESSION AUTHORIZATION regress_sd_ci;
CREATE TABLE m (a int);
DROP TABLE l;
RESET SESSION AUTHORIZATION;
SET schemadrift.inject_fault = 'capture.insert';
SET client_min_messages = error;
SET SESSION AUTHORIZATION regress_sd_ci;
CREATE TABLE m (a int);
RESET SESSION AUTHORIZATION;
SET client_min_messages = warning;
RESET schemadrift.inject_fault;
RESET schemadrift.deploy;
-- a superuser's ways out
CREATE TABLE n (a int);
REASSIGN OWNED BY regress_sd_app TO regress_sd_ci;
CREATE ROLE regress_sd_other;
DROP ROLE regress_sd_other;
ALTER EVENT TRIGGER schemadrift_capture_ddl DISABLE;
CREATE TABLE n (a int);
ALTER EVENT TRIGGER schemadrift_capture_ddl ENABLE ALWAYS;
SET schemadrift.enabled = off;
CREATE TABLE o (a int);
RESET schemadrift.enabled;
SET schemadrift.capture = 'record';
CREATE TABLE p (a int);
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1;
RESET schemadrift.capture;

-- lastval() is the session's own
CREATE TABLE q (a serial);
INSERT INTO q DEFAULT VALUES RETURNING a;
CREATE TABLE r (a int);
SET client_min_messages = error;
SET schemadrift.inject_fault = 'capture.collect';
CREATE TABLE s (a int);
RESET schemadrift.inject_fault;
SELECT lastval();

DROP EXTENSION schemadrift CASCADE;
DROP OWNED BY regress_sd_ci, regress_sd_app, drift_reader, drift_deployer, drift_operator, drift_admin;
DROP ROLE regress_sd_ci, regress_sd_app, drift_reader, drift_deployer, drift_operator, drift_admin;
DROP TABLE IF EXISTS a, b, c, d, f, g, h, i, j, k, l, m, n, o, p, q, r, s;
