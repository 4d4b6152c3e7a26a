-- Deploys in a watched database: rules, recurring windows, refused claims, reports, the simple rule.
\set QUIET on
\pset format unaligned
\pset null '(null)'
\set VERBOSITY terse
SET client_min_messages = error;
SET TimeZone = 'UTC';
CREATE EXTENSION schemadrift;
CREATE ROLE regress_sd_ci LOGIN;
CREATE ROLE regress_sd_tool LOGIN;
CREATE ROLE regress_sd_mallory LOGIN;
SELECT drift_create_roles();
GRANT drift_deployer TO regress_sd_ci;
GRANT drift_reader TO regress_sd_ci;
GRANT CREATE ON SCHEMA public TO regress_sd_ci, regress_sd_tool, regress_sd_mallory;
CREATE FUNCTION as_role(name text, command text, claim text DEFAULT '', app text DEFAULT 'psql')
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('schemadrift.deploy', claim, true), set_config('application_name', app, true);
	EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', name);
	EXECUTE command;
	SET LOCAL SESSION AUTHORIZATION DEFAULT;
	PERFORM set_config('schemadrift.deploy', '', true), set_config('application_name', 'psql', true);
END
$$;
GRANT EXECUTE ON FUNCTION as_role TO PUBLIC;

-- before anybody watches: an open deploy of the database takes in what differs, but not what was told before
SELECT drift_baseline_set() AS version;
CREATE TABLE told (a int);
SELECT object_type, object FROM drift_check();
SELECT as_role('regress_sd_ci', $$SELECT drift_deploy_begin('simple', scope => 'database')$$);
CREATE TABLE simple (a int);
SELECT object FROM drift_check() WHERE object NOT LIKE '%told%';
CREATE TABLE simpler (a int);
SET SESSION AUTHORIZATION regress_sd_ci;
SELECT regexp_replace(drift_deploy_end(), 'deploy \d+', 'deploy N') AS report;
RESET SESSION AUTHORIZATION;
SELECT object FROM drift_check() WHERE object NOT LIKE '%told%';
CREATE TABLE after_it (a int);
SELECT object FROM drift_check() WHERE object NOT LIKE '%told%';
SELECT drift_accept_all('fine') > 0 AS accepted;
SELECT label, scope, state, opened_by, closed_by, commands, unexpected, baseline_versions FROM drift_deploys();

-- recognised by role and application, without a claim
SELECT count(*) FROM drift_watch();
SELECT drift_deployer_add('regress_sd_tool', 'flyway%', implied => true) AS id \gset
SELECT drift_deployer_add('regress_sd_tool', 'flyway%', implied => true) = :id AS same;
SELECT role, application, client, implied FROM drift_deployers();
SELECT as_role('regress_sd_tool', 'CREATE TABLE implied (a int)', app => 'flyway 10');
SELECT as_role('regress_sd_tool', 'CREATE TABLE claimed (a int)', 'PR-1', 'flyway 10');
SELECT as_role('regress_sd_tool', 'CREATE TABLE by_hand (a int)');
SELECT objects, deploy FROM drift_log() ORDER BY id;
SELECT object_type, object, who FROM drift_check() WHERE object LIKE '%by_hand';
SELECT drift_accept_all('fine') > 0 AS accepted;

-- clients: whoever comes by socket comes from no network
SELECT drift_deployer_drop(:id);
SELECT drift_deployer_add('regress_sd_tool', client => '10.0.0.0/8', implied => true) AS id \gset
SELECT as_role('regress_sd_tool', 'DROP TABLE by_hand');
SELECT deploy FROM drift_log() ORDER BY id DESC LIMIT 1;
SELECT drift_deployer_drop(:id);
SELECT drift_deployer_add(NULL);
SELECT drift_deployer_add('regress_sd_tool', '');
SELECT drift_deployer_add('regress_sd_tool', 'x\');
SELECT drift_deployer_add('regress_sd_tool', 'x\\') > 0 AS added;
SELECT drift_deployer_add('regress_sd_tool', implied => NULL);
SELECT drift_deployer_add('regress_sd_tool', client => 'example.com');
SELECT drift_deployer_drop(id) FROM drift_deployers() WHERE id IS NOT NULL;
SELECT drift_accept_all('fine') > 0 AS accepted;
SELECT sum(1) AS nothing FROM drift_check();

-- a window in which those who may deploy need not say so; outside of it claims count as ever
SELECT drift_window_add('* * * * *', '1 hour', label => 'nightly') AS id \gset
SELECT as_role('regress_sd_ci', 'CREATE TABLE in_window (a int)');
SELECT as_role('regress_sd_ci', 'CREATE TABLE in_window2 (a int)', 'PR-2');
SELECT as_role('regress_sd_mallory', 'CREATE TABLE rogue (a int)');
SELECT objects, deploy, note FROM drift_log() ORDER BY id DESC LIMIT 3;
SELECT drift_window_drop(:id);
SELECT drift_window_add('* * * * *', '1 hour', label => 'of others', role => 'regress_sd_tool') AS id \gset
SELECT as_role('regress_sd_ci', 'CREATE TABLE no_window (a int)');
SELECT as_role('regress_sd_ci', 'CREATE TABLE no_window2 (a int)', 'PR-3');
SELECT objects, deploy FROM drift_log() ORDER BY id DESC LIMIT 2;
SELECT object, who FROM drift_check() WHERE object_type = 'table';
SELECT drift_window_drop(:id);
SELECT drift_accept_all('fine') > 0 AS accepted;

-- a freeze wins over whatever is claimed, and nothing begins in it
SELECT as_role('regress_sd_ci', $$SELECT drift_deploy_begin('before', scope => 'role')$$);
SELECT drift_window_add('* * * * *', '1 hour', 'deny', 'Christmas') AS id \gset
SELECT as_role('regress_sd_ci', 'CREATE TABLE frozen (a int)', 'PR-4');
SELECT as_role('regress_sd_ci', 'CREATE TABLE frozen2 (a int)');
SELECT as_role('regress_sd_mallory', 'CREATE TABLE frozen3 (a int)');
SELECT objects, deploy, note FROM drift_log() ORDER BY id DESC LIMIT 3;
SELECT object_type, object, attribute, via ~ 'no deploy counts in freeze Christmas' AS via
  FROM drift_check() WHERE object_type <> 'column' ORDER BY 2;
SET SESSION AUTHORIZATION regress_sd_ci;
SELECT drift_deploy_begin('PR-5');
RESET SESSION AUTHORIZATION;
SELECT drift_window_drop(:id);
SELECT drift_window_add('* * * * *', '1 hour', 'deny', 'of others', 'regress_sd_tool') AS id \gset
SELECT as_role('regress_sd_ci', 'CREATE TABLE not_frozen (a int)', 'PR-6');
SELECT objects, deploy, note FROM drift_log() ORDER BY id DESC LIMIT 1;
SELECT drift_window_drop(:id);
SET SESSION AUTHORIZATION regress_sd_ci;
SELECT regexp_replace(drift_deploy_end(), 'deploy \d+', 'deploy N') AS report;
RESET SESSION AUTHORIZATION;
SELECT drift_accept_all('fine') > 0 AS accepted;

-- a claim by a role that may not deploy is drift of its own, once for a role and label, until accepted
SELECT as_role('regress_sd_mallory', 'CREATE TABLE mine (a int)', 'PR-7');
SELECT as_role('regress_sd_mallory', 'DROP TABLE mine', 'PR-7');
SELECT severity, class, object_type, object, attribute, who FROM drift_check();
SELECT as_role('regress_sd_mallory', 'CREATE TABLE mine (a int)', 'PR-7');
SELECT as_role('regress_sd_mallory', 'DROP TABLE mine', 'in freeze x: PR-7');
SELECT severity, class, object_type, object, attribute FROM drift_check();
SELECT count(*) FROM drift_check();
SELECT drift_accept(id, 'talked to') ~ 'accepted' AS accepted FROM drift_check() ORDER BY id LIMIT 1;
SELECT object_type, object, attribute FROM drift_check();
SELECT drift_accept_all('talked to') AS accepted;
SELECT object_type, object, attribute FROM drift_check();
CREATE TABLE another (a int);
SELECT object_type, object, attribute FROM drift_check();
SELECT as_role('regress_sd_mallory', 'CREATE TABLE mine (a int)', 'PR-7');
SELECT object_type, object, attribute FROM drift_check() ORDER BY 1;
SELECT drift_explain(id) ~ 'To accept it' AS explained FROM drift_check() WHERE object_type = 'deploy claim';
SELECT drift_accept_all('talked to') AS accepted;

-- the report of a deploy
SET SESSION AUTHORIZATION regress_sd_ci;
SELECT drift_deploy_begin('PR-8', 'c0ffee') > 0 AS opened;
CREATE TABLE ordered (a int);
ALTER TABLE ordered ADD b int;
CREATE INDEX ordered_b ON ordered (b);
DROP TABLE no_window2;
RESET SESSION AUTHORIZATION;
CREATE TABLE bystander (a int);
SET SESSION AUTHORIZATION regress_sd_ci;
SELECT regexp_replace(drift_deploy_end(), 'deploy \d+', 'deploy N') AS report;
SELECT drift_deploy_begin('PR-9') > 0 AS opened;
SELECT regexp_replace(drift_deploy_end(), 'deploy \d+', 'deploy N') AS report;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT drift_deploy_begin('PR-10') > 0 AS opened;
CREATE TABLE fixed (a int);
SELECT regexp_replace(drift_deploy_end(), 'deploy \d+', 'deploy N') AS report;
COMMIT;
BEGIN;
SELECT drift_deploy_begin('PR-11', scope => 'transaction') > 0 AS opened;
CREATE TABLE left_open (a int);
COMMIT;
RESET SESSION AUTHORIZATION;
SELECT object FROM drift_check() WHERE object_type = 'table';
SELECT label, ref, scope, state, opened_by, closed_by, commands, unexpected, cardinality(baseline_versions) AS versions
  FROM drift_deploys(4);
SELECT drift_unwatch() IS NOT NULL AS ok;

DROP EXTENSION schemadrift CASCADE;
DROP FUNCTION as_role(text, text, text, text);
DROP TABLE told, simple, simpler, after_it, implied, claimed, in_window, in_window2, rogue, no_window, frozen, frozen2, frozen3,
	not_frozen, another, mine, ordered, bystander, fixed, left_open;
DROP OWNED BY regress_sd_ci, regress_sd_tool, regress_sd_mallory, drift_reader, drift_deployer, drift_operator, drift_admin;
DROP ROLE regress_sd_ci, regress_sd_tool, regress_sd_mallory, drift_reader, drift_deployer, drift_operator, drift_admin;
