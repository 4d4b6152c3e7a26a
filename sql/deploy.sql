-- Deploys: which DDL is expected, and who may say so.
\set QUIET on
\pset format unaligned
\pset null '(null)'
\set VERBOSITY default
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
SELECT drift_create_roles();
SELECT drift_create_roles();
CREATE ROLE regress_sd_ci LOGIN;
CREATE ROLE regress_sd_team;
CREATE ROLE regress_sd_member LOGIN;
GRANT regress_sd_team TO regress_sd_member;
GRANT drift_deployer TO regress_sd_ci;
GRANT drift_reader TO regress_sd_ci, regress_sd_team;
GRANT EXECUTE ON FUNCTION drift_deploy_begin, drift_deploy_end TO regress_sd_member;
GRANT USAGE ON SCHEMA schemadrift TO regress_sd_member;
GRANT CREATE ON SCHEMA public TO regress_sd_ci, regress_sd_member;
SELECT schemadrift.capture_arm();

-- a superuser at a prompt may not deploy, whatever is claimed
SET schemadrift.deploy = 'PR-1';
CREATE TABLE a (a int);
RESET schemadrift.deploy;
SELECT drift_deploy_begin('PR-1');
SELECT objects, deploy, note FROM drift_log();
TRUNCATE schemadrift.event;

-- a claim of somebody who may
SET SESSION AUTHORIZATION regress_sd_ci;
SET schemadrift.deploy = 'PR-2';
CREATE TABLE b (a int);
RESET schemadrift.deploy;
CREATE TABLE c (a int);
BEGIN;
SET LOCAL schemadrift.deploy = 'PR-3';
CREATE TABLE d (a int);
COMMIT;
CREATE TABLE e (a int);
SELECT objects, deploy, note FROM drift_log();
RESET SESSION AUTHORIZATION;
TRUNCATE schemadrift.event;

-- a window of a session
SET SESSION AUTHORIZATION regress_sd_ci;
SELECT drift_deploy_begin('PR-4', 'abc123') > 0 AS opened;
SELECT drift_deploy_begin('PR-5');
CREATE TABLE f (a int);
ALTER TABLE f ADD b int;
RESET SESSION AUTHORIZATION;
CREATE TABLE g (a int);
SET SESSION AUTHORIZATION regress_sd_ci;
SELECT regexp_replace(drift_deploy_end(), 'deploy \d+', 'deploy N') AS report;
CREATE TABLE h (a int);
SELECT drift_deploy_end();
RESET SESSION AUTHORIZATION;
SELECT objects, deploy, note FROM drift_log();
SELECT deploy_id IS NOT NULL AS has_deploy, count(*) FROM schemadrift.event GROUP BY 1 ORDER BY 1;
SELECT label, ref, scope, opened_by, closed_by, close_reason FROM schemadrift.deploy ORDER BY id;
TRUNCATE schemadrift.event;

-- a window of a transaction
SET SESSION AUTHORIZATION regress_sd_ci;
BEGIN;
SELECT drift_deploy_begin('PR-6', scope => 'transaction') > 0 AS opened;
CREATE TABLE i (a int);
COMMIT;
CREATE TABLE j (a int);
RESET SESSION AUTHORIZATION;
SELECT objects, deploy, note FROM drift_log();
TRUNCATE schemadrift.event;

-- named deployers, by role and application
SELECT drift_deployer_add('regress_sd_nobody');
SELECT drift_deployer_add('regress_sd_team', 'flyway%', 'the team''s tool') AS id \gset
SELECT role, application, note FROM drift_deployers();
SET SESSION AUTHORIZATION regress_sd_member;
SELECT drift_deploy_begin('PR-7');
SET application_name = 'flyway 9';
SELECT drift_deploy_begin('PR-7', scope => 'role') > 0 AS opened;
CREATE TABLE k (a int);
SET application_name = 'psql';
CREATE TABLE l (a int);
SET application_name = 'flyway 9';
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION regress_sd_ci;
CREATE TABLE m (a int);
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION regress_sd_member;
SELECT drift_deploy_end() ~ 'it ran 1 command\n' AS ended;
SELECT drift_deploy_begin('PR-8', scope => 'database') > 0 AS opened;
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION regress_sd_ci;
CREATE TABLE n (a int);
RESET SESSION AUTHORIZATION;
CREATE TABLE o (a int);
SET SESSION AUTHORIZATION regress_sd_member;
SELECT drift_deploy_end() ~ 'it ran 1 command\n' AS ended;
RESET SESSION AUTHORIZATION;
SELECT objects, deploy, note FROM drift_log();
SELECT drift_deployer_drop(:id);
SELECT drift_deployer_drop(0);
TRUNCATE schemadrift.event;

-- limits
SET SESSION AUTHORIZATION regress_sd_ci;
SELECT drift_deploy_begin('x', ttl => '1 week');
SELECT drift_deploy_begin('x', ttl => '0');
SELECT drift_deploy_begin('x', ttl => NULL);
SELECT drift_deploy_begin(' ');
SELECT drift_deploy_begin(NULL);
SELECT drift_deploy_begin('x', scope => 'world');
RESET SESSION AUTHORIZATION;

-- what has expired explains nothing
SET SESSION AUTHORIZATION regress_sd_ci;
SELECT drift_deploy_begin('PR-9', ttl => '1 microsecond') > 0 AS opened;
CREATE TABLE q (a int);
SELECT drift_deploy_end();
RESET SESSION AUTHORIZATION;
SELECT objects, deploy, note FROM drift_log();
SELECT drift_deploy_begin('x');

-- block mode refuses what no deploy explains, and nothing else
SET schemadrift.capture = 'block';
CREATE TABLE refused (a int);
DROP TABLE a;
CREATE TEMP TABLE allowed (a int);
CREATE TABLE IF NOT EXISTS b (a int);
EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off) CREATE TABLE refused AS SELECT 1 AS a;
REASSIGN OWNED BY regress_sd_ci TO regress_sd_team;
ALTER EVENT TRIGGER schemadrift_capture_ddl DISABLE;
ALTER EVENT TRIGGER schemadrift_capture_ddl ENABLE ALWAYS;
SET SESSION AUTHORIZATION regress_sd_ci;
SET schemadrift.deploy = 'PR-10';
CREATE TABLE r (a int);
RESET SESSION AUTHORIZATION;
RESET schemadrift.deploy;
RESET schemadrift.capture;
SELECT to_regclass('refused'), to_regclass('a'), to_regclass('r');

DROP EXTENSION schemadrift CASCADE;
DROP OWNED BY regress_sd_ci, regress_sd_team, regress_sd_member, drift_reader, drift_deployer, drift_operator, drift_admin;
DROP ROLE regress_sd_ci, regress_sd_team, regress_sd_member, drift_reader, drift_deployer, drift_operator, drift_admin;
