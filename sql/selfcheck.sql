-- The watch watches itself: what keeps DDL from being captured is drift.
\set QUIET on
\pset format unaligned
\pset null '(null)'
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_sd_mallory SUPERUSER;
CREATE ROLE regress_sd_ci;
CREATE TABLE t (a int);
SELECT schemadrift.capture_arm();
-- (findings of one command, then it is taken back)
CREATE VIEW findings AS
	SELECT object, actual, who, ddl FROM drift_check() WHERE object_type = 'capture';

-- where nobody watches there is nothing to be found
SELECT count(*) FROM drift_check();
DROP EVENT TRIGGER schemadrift_capture_drop;
SELECT * FROM findings;
SELECT drift_watch() <> '' AS watching;
SELECT drift_accept_all('as it is') >= 0 AS accepted;
SELECT * FROM findings;

-- triggers
SET SESSION AUTHORIZATION regress_sd_mallory;
ALTER EVENT TRIGGER schemadrift_capture_ddl DISABLE;
RESET SESSION AUTHORIZATION;
SELECT * FROM findings;
SELECT severity, class, change, object_type, expected FROM drift_check() WHERE object_type = 'capture';
-- it stays what it is, with its author, and nobody can accept it
SELECT count(*), count(DISTINCT id) FROM drift_check() WHERE object_type = 'capture';
SELECT drift_accept(id, 'never mind') FROM drift_check() WHERE object_type = 'capture';
SELECT * FROM findings;
SELECT drift_watch() <> '' AS mended;
SELECT * FROM findings;
ALTER EVENT TRIGGER schemadrift_capture_drop ENABLE REPLICA;
DROP EVENT TRIGGER schemadrift_capture_ddl;
CREATE EVENT TRIGGER schemadrift_capture_ddl ON ddl_command_end WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION schemadrift.capture_ddl();
ALTER EVENT TRIGGER schemadrift_capture_ddl ENABLE ALWAYS;
SELECT object, actual FROM findings;
SELECT drift_watch() <> '' AS mended;
SELECT object, actual FROM findings;

-- during a deploy, too
SELECT drift_deployer_add('regress_sd_mallory') > 0 AS added;
SET SESSION AUTHORIZATION regress_sd_mallory;
SET schemadrift.deploy = 'PR-1';
ALTER EVENT TRIGGER schemadrift_capture_drop DISABLE;
CREATE TABLE deployed (a int);
RESET schemadrift.deploy;
RESET SESSION AUTHORIZATION;
SELECT object_type, object, who FROM drift_check() ORDER BY 1, 2;
SELECT drift_watch() <> '' AS mended;

-- functions behind them
ALTER FUNCTION schemadrift.capture_ddl() SECURITY DEFINER;
ALTER FUNCTION schemadrift.capture_drop() SET work_mem = '1MB';
SELECT object, actual, who FROM findings;
ALTER FUNCTION schemadrift.capture_ddl() SECURITY INVOKER;
ALTER FUNCTION schemadrift.capture_drop() RESET ALL;
UPDATE pg_proc SET probin = '/tmp/other' WHERE oid = 'schemadrift.capture_drop()'::regprocedure;
GRANT EXECUTE ON FUNCTION schemadrift.capture_ddl() TO PUBLIC, regress_sd_ci;
SELECT object, actual FROM findings;
UPDATE pg_proc SET probin = '$libdir/schemadrift' WHERE oid = 'schemadrift.capture_drop()'::regprocedure;
REVOKE EXECUTE ON FUNCTION schemadrift.capture_ddl() FROM PUBLIC, regress_sd_ci;
DROP FUNCTION schemadrift.capture_ddl() CASCADE;
SELECT object, actual FROM findings;

-- switches
SELECT current_database() AS here \gset
ALTER DATABASE :"here" SET schemadrift.enabled = off;
ALTER ROLE regress_sd_ci SET schemadrift.capture = 'off';
ALTER ROLE regress_sd_ci IN DATABASE :"here" SET schemadrift.enabled = false;
ALTER ROLE regress_sd_mallory SET schemadrift.capture = 'block';
SELECT object, regexp_replace(actual, 'regression', 'here') AS actual, ddl IS NOT NULL AS known FROM findings;
ALTER DATABASE :"here" RESET schemadrift.enabled;
ALTER ROLE regress_sd_ci RESET ALL;
ALTER ROLE regress_sd_ci IN DATABASE :"here" RESET ALL;
ALTER ROLE regress_sd_mallory RESET ALL;
SELECT object, actual FROM findings;
-- this session's own switch is none of the database's
SET schemadrift.enabled = off;
SELECT object, actual FROM findings;
RESET schemadrift.enabled;

-- our tables
CREATE TRIGGER x BEFORE INSERT ON schemadrift.event FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE RULE r AS ON UPDATE TO schemadrift.deploy DO INSTEAD NOTHING;
CREATE TABLE child () INHERITS (schemadrift.event);
GRANT INSERT, DELETE ON schemadrift.delivery TO regress_sd_ci, PUBLIC;
GRANT SELECT ON schemadrift.event TO regress_sd_ci;
ALTER TABLE schemadrift.history ENABLE ROW LEVEL SECURITY;
ALTER TABLE schemadrift.route OWNER TO regress_sd_ci;
SELECT object, actual, who IS NOT NULL AS known FROM findings;
DROP TRIGGER x ON schemadrift.event;
DROP RULE r ON schemadrift.deploy;
DROP TABLE child;
REVOKE ALL ON schemadrift.delivery FROM regress_sd_ci, PUBLIC;
ALTER TABLE schemadrift.history DISABLE ROW LEVEL SECURITY;
ALTER TABLE schemadrift.route OWNER TO CURRENT_USER;
SELECT object, actual FROM findings;

-- misses, until somebody takes note of them
SET client_min_messages = error;
SET schemadrift.inject_fault = 'capture.insert';
COMMENT ON TABLE t IS 'missed';
RESET schemadrift.inject_fault;
SET client_min_messages = warning;
SELECT object, regexp_replace(actual, '\d{4}-\d\d-\d\d \d\d:\d\d', 'TIME') AS actual FROM findings;
SELECT check_name, status FROM drift_health() WHERE check_name LIKE 'capture%';
SELECT drift_watch() <> '' AS noted;
SELECT object, actual FROM findings;
SELECT setval('schemadrift.capture_miss_seq', 1, false);
SELECT object, actual FROM findings;
SELECT drift_watch() <> '' AS noted;
BEGIN;
CREATE TABLE waits (i int);
SELECT count(*) FROM drift_health() WHERE check_name = 'checks';
UPDATE schemadrift.event SET at = at - interval '10 minutes' WHERE id = (SELECT max(id) FROM schemadrift.event);
SELECT status, regexp_replace(detail, 'since .* is (not checked yet).*', 'since T is \1') FROM drift_health() WHERE check_name = 'checks';
ROLLBACK;
SELECT check_name, status FROM drift_health() WHERE check_name LIKE 'capture%';

-- roles of ours: made and granted without drift; what was there already is named
SELECT drift_accept_all('as it is') >= 0 AS accepted;
CREATE ROLE drift_operator;
GRANT drift_operator TO regress_sd_ci;
CREATE ROLE drift_reader;
SET schemadrift.roles = on;
SELECT drift_baseline_set(reason => 'with roles') > 0 AS recorded;
SET client_min_messages = notice;
SET schemadrift.capture = 'block';
\set VERBOSITY default
-- (in one transaction: the worker does not look at roles here)
BEGIN;
SELECT drift_create_roles();
SELECT drift_create_roles();
\set VERBOSITY terse
RESET schemadrift.capture;
SELECT object_type, object, who FROM drift_check();
COMMIT;
BEGIN;
GRANT USAGE ON SCHEMA public TO drift_admin;
SELECT object_type, object, attribute FROM drift_check();
COMMIT;
SET client_min_messages = warning;

DROP VIEW findings;
DROP TABLE t, deployed;
DROP EXTENSION schemadrift CASCADE;
DROP OWNED BY regress_sd_ci, regress_sd_mallory, drift_reader, drift_deployer, drift_operator, drift_admin;
DROP ROLE regress_sd_ci, regress_sd_mallory, drift_reader, drift_deployer, drift_operator, drift_admin;
