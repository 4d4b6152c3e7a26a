-- Migration tools recognised by the history they keep.
\set QUIET on
\pset format unaligned
\pset null '(null)'
\set VERBOSITY terse
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_sd_ci LOGIN;
CREATE ROLE regress_sd_tool LOGIN;
CREATE ROLE regress_sd_mallory LOGIN;
SELECT drift_create_roles();
GRANT drift_deployer TO regress_sd_ci;
GRANT CREATE ON SCHEMA public TO regress_sd_ci, regress_sd_tool, regress_sd_mallory;
SELECT count(*) FROM drift_watch();

SELECT drift_tool_add('cobol');
SELECT drift_tool_add(NULL);
SELECT drift_tool_add('flyway', 'regress_sd_nobody');
SELECT drift_tool_add('flyway', history_table => 'a.b.c');
SELECT drift_tool_add('flyway', history_table => 'not an identifier');
SELECT drift_tool_add('alembic') AS alembic \gset
SELECT drift_tool_add('flyway', 'regress_sd_tool', 'app."Flyway"') AS flyway \gset
SELECT drift_tool_add('prisma') AS prisma \gset
SELECT drift_tool_add('sqitch') AS sqitch \gset
SELECT drift_tool_add('sqitch') = :sqitch AS same;
SELECT tool, role, history_table, tables FROM drift_tools();

-- the table of the history, made on first use, and a row in the transaction of the command
SET SESSION AUTHORIZATION regress_sd_ci;
CREATE TABLE alembic_version (version_num varchar(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
BEGIN;
CREATE TABLE a (i int);
INSERT INTO alembic_version VALUES ('1975ea83b712');
COMMIT;
-- by hand, while the history says nothing of it
CREATE TABLE by_hand (i int);
CREATE TABLE alembic_versions_by_hand (i int);
RESET SESSION AUTHORIZATION;
SELECT object FROM drift_check() WHERE object_type = 'table';
SELECT objects, deploy FROM drift_log() ORDER BY id;
SELECT drift_accept_all('fine') > 0 AS accepted;
-- what was recognised stays so, though the history forgets it
SET SESSION AUTHORIZATION regress_sd_ci;
BEGIN;
ALTER TABLE a ADD j int;
UPDATE alembic_version SET version_num = 'ae1027a6acf';
COMMIT;
CREATE TABLE by_hand2 (i int);
RESET SESSION AUTHORIZATION;
SELECT object FROM drift_check() WHERE object_type = 'table';
SET SESSION AUTHORIZATION regress_sd_ci;
BEGIN;
ALTER TABLE a ADD k int;
UPDATE alembic_version SET version_num = '27c6a30d7c24';
COMMIT;
RESET SESSION AUTHORIZATION;
SELECT object FROM drift_check();
SELECT drift_accept_all('fine') > 0 AS accepted;

-- evidence without authority is worth nothing
GRANT ALL ON alembic_version TO regress_sd_mallory, regress_sd_tool;
SET SESSION AUTHORIZATION regress_sd_mallory;
BEGIN;
CREATE TABLE rogue (i int);
UPDATE alembic_version SET version_num = 'evil';
COMMIT;
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION regress_sd_tool;
BEGIN;
CREATE TABLE wrong_tool (i int);
UPDATE alembic_version SET version_num = 'evil';
COMMIT;
RESET SESSION AUTHORIZATION;
SELECT object, who FROM drift_check() WHERE object_type = 'table' ORDER BY 1;
SELECT drift_accept_all('fine') > 0 AS accepted;

-- a role named with the tool, a name that needs quotes, and a freeze
CREATE SCHEMA app AUTHORIZATION regress_sd_tool;
CREATE TABLE app."Flyway" (installed_rank int, version varchar(50), description varchar(200), installed_on timestamp DEFAULT now());
ALTER TABLE app."Flyway" OWNER TO regress_sd_tool;
SELECT drift_baseline_set() > 0 AS set;
SET SESSION AUTHORIZATION regress_sd_tool;
BEGIN;
CREATE TABLE app.b (i int);
INSERT INTO app."Flyway" VALUES (1, '4.2', 'add b');
COMMIT;
RESET SESSION AUTHORIZATION;
SELECT drift_window_add('* * * * *', '1 hour', 'deny') AS freeze \gset
SET SESSION AUTHORIZATION regress_sd_tool;
BEGIN;
CREATE TABLE app.c (i int);
INSERT INTO app."Flyway" VALUES (2, '4.3', 'add c');
COMMIT;
RESET SESSION AUTHORIZATION;
SELECT object FROM drift_check() WHERE object_type = 'table';
SELECT drift_window_drop(:freeze);
SELECT drift_accept_all('fine') > 0 AS accepted;
SELECT object FROM drift_check() WHERE object_type = 'table';
SELECT objects, deploy, note FROM drift_log() ORDER BY id DESC LIMIT 2;

-- began and ended, while it runs and when it failed or was taken back
SET SESSION AUTHORIZATION regress_sd_ci;
CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, migration_name varchar(255), started_at timestamptz NOT NULL DEFAULT now(),
	finished_at timestamptz, rolled_back_at timestamptz);
INSERT INTO _prisma_migrations VALUES ('1', '20261120_init', now(), NULL, NULL);
CREATE TABLE d (i int);
RESET SESSION AUTHORIZATION;
SELECT object FROM drift_check() WHERE object_type = 'table';
SET SESSION AUTHORIZATION regress_sd_ci;
UPDATE _prisma_migrations SET finished_at = now() - interval '1 hour', started_at = now() - interval '2 hours';
CREATE TABLE e (i int);
UPDATE _prisma_migrations SET finished_at = NULL, rolled_back_at = now() - interval '1 hour';
CREATE TABLE f (i int);
UPDATE _prisma_migrations SET rolled_back_at = NULL, started_at = now() - interval '5 hours';
CREATE TABLE g (i int);
RESET SESSION AUTHORIZATION;
SELECT object FROM drift_check() WHERE object_type = 'table' ORDER BY 1;
SELECT drift_accept_all('fine') > 0 AS accepted;
SELECT drift_tool_drop(:prisma);

-- logged after another session ran it
CREATE SCHEMA sqitch AUTHORIZATION regress_sd_ci;
SET SESSION AUTHORIZATION regress_sd_ci;
CREATE TABLE sqitch.events (event text, change text, committed_at timestamptz);
RESET SESSION AUTHORIZATION;
SELECT drift_baseline_set() > 0 AS set;
SET SESSION AUTHORIZATION regress_sd_ci;
CREATE TABLE h (i int);
INSERT INTO sqitch.events VALUES ('deploy', 'appschema', clock_timestamp());
CREATE TABLE i (i int);
INSERT INTO sqitch.events VALUES ('deploy', 'users', clock_timestamp() + interval '5 hours');
RESET SESSION AUTHORIZATION;
SELECT object FROM drift_check() WHERE object_type = 'table' ORDER BY 1;
SELECT objects, deploy FROM drift_log() WHERE objects LIKE '%.h';
SELECT drift_accept_all('fine') > 0 AS accepted;

-- a history that is none: nothing of its owner's runs
SELECT drift_tool_drop(id) FROM drift_tools();
SELECT drift_tool_add('rails') AS rails \gset
SET SESSION AUTHORIZATION regress_sd_ci;
CREATE FUNCTION evil(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
	IF current_user <> 'regress_sd_ci' THEN
		RAISE EXCEPTION 'evil runs as %', current_user;
	END IF;
	RETURN $1;
END
$$;
RESET SESSION AUTHORIZATION;
CREATE SCHEMA views AUTHORIZATION regress_sd_ci;
CREATE SCHEMA tables AUTHORIZATION regress_sd_ci;
SET SESSION AUTHORIZATION regress_sd_ci;
CREATE VIEW views.schema_migrations AS SELECT evil('1') AS version;
CREATE TABLE tables.schema_migrations (version text, twice text GENERATED ALWAYS AS (evil('x') || version) STORED);
CREATE INDEX ON tables.schema_migrations ((evil('constant') || version));
ALTER TABLE tables.schema_migrations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON tables.schema_migrations USING (evil(version) IS NOT NULL);
ALTER TABLE tables.schema_migrations DISABLE ROW LEVEL SECURITY;
BEGIN;
CREATE TABLE j (i int);
INSERT INTO tables.schema_migrations VALUES ('20261120');
COMMIT;
RESET SESSION AUTHORIZATION;
SELECT count(*) FILTER (WHERE object = 'public.j') AS j FROM drift_check();
SELECT deploy FROM drift_log() WHERE objects LIKE '%public.j';

SELECT drift_tool_add('prisma') > 0 AS added;
CREATE TABLE tables._prisma_migrations (migration_name text, started_at text, finished_at timestamptz);
INSERT INTO tables._prisma_migrations VALUES (repeat('x', 9999), 'yesterday, I think', now());
SELECT count(*) FILTER (WHERE object = 'tables._prisma_migrations') AS found FROM drift_check();

DROP EXTENSION schemadrift CASCADE;
DROP SCHEMA app, sqitch, views, tables CASCADE;
DROP OWNED BY regress_sd_ci, regress_sd_tool, regress_sd_mallory, drift_reader, drift_deployer, drift_operator, drift_admin CASCADE;
DROP ROLE regress_sd_ci, regress_sd_tool, regress_sd_mallory, drift_reader, drift_deployer, drift_operator, drift_admin;
