-- Capture: one event for each command that did something, and what it touched.
\set QUIET on
\pset format unaligned
\pset null '(null)'
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_sd_owner;
CREATE ROLE regress_sd_plain;

-- installing arms nothing
SELECT schemadrift.capture_problem();
CREATE TABLE before_arming (a int);
SELECT count(*) FROM schemadrift.event;

-- arming: ordinary event triggers, always enabled; twice is as good as once
SELECT schemadrift.capture_arm();
SELECT schemadrift.capture_arm();
SELECT schemadrift.capture_problem();
SELECT evtname, evtevent, evtfoid::regproc, evtenabled FROM pg_event_trigger ORDER BY evtname;
SELECT count(*) FROM pg_depend WHERE classid = 'pg_event_trigger'::regclass AND deptype = 'e';
SELECT count(*) FROM schemadrift.event;

-- what each event holds
CREATE TABLE t (a serial PRIMARY KEY, b text CHECK (b <> ''), c int);
ALTER TABLE t ADD COLUMN d int DEFAULT 7, ALTER COLUMN b SET NOT NULL, ADD CONSTRAINT positive CHECK (c > 0) NOT VALID;
ALTER TABLE t DROP COLUMN d;
ALTER TABLE t RENAME COLUMN c TO c2;
ALTER TABLE t OWNER TO regress_sd_owner;
COMMENT ON COLUMN t.b IS 'it''s b';
GRANT SELECT (a, b), INSERT ON t TO regress_sd_plain;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO regress_sd_plain;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_sd_owner IN SCHEMA public GRANT SELECT ON TABLES TO regress_sd_plain;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_sd_owner IN SCHEMA public REVOKE SELECT ON TABLES FROM regress_sd_plain;
CREATE SCHEMA s CREATE TABLE x (a int) CREATE VIEW y AS SELECT a FROM x;
CREATE TABLE p (a int) PARTITION BY RANGE (a);
CREATE TABLE p1 (a int);
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (2);
ALTER TABLE p DETACH PARTITION p1;
CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
ALTER TABLE t DISABLE TRIGGER g;
ALTER TABLE t SET SCHEMA s;
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
DROP TABLE s.t;
DROP SCHEMA s CASCADE;
-- (servers from 18 on make a constraint of each NOT NULL)
SELECT tag, regexp_replace(objects, ', table constraint \w+_not_null on [\w.]+( \(dropped\))?', '', 'g') AS objects, statement FROM drift_log();

-- the rest of an event
SELECT DISTINCT session_role = session_user AS session, effective_role = current_user AS effective,
	   client, application, pid = pg_backend_pid() AS pid, deploy, refused_claim, at <= clock_timestamp() AS at
  FROM schemadrift.event;
SELECT jsonb_object_keys(objects -> 0) FROM schemadrift.event WHERE tag = 'DROP SCHEMA' ORDER BY 1;
TRUNCATE schemadrift.event;

-- no event: nothing done, nothing kept, temporary, data only
CREATE TABLE IF NOT EXISTS p (a int);
DROP TABLE IF EXISTS nothing;
CREATE TEMP TABLE tmp (a int PRIMARY KEY);
CREATE INDEX ON tmp (a);
CREATE TRIGGER g BEFORE UPDATE ON tmp FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
ALTER TABLE tmp ADD b int;
DROP TABLE tmp;
REFRESH MATERIALIZED VIEW m;
CREATE UNIQUE INDEX m_a ON m (a);
REFRESH MATERIALIZED VIEW CONCURRENTLY m;
TRUNCATE p;
ANALYZE p;
REINDEX TABLE p1;
BEGIN;
CREATE TABLE rolled_back (a int);
ROLLBACK;
BEGIN;
SAVEPOINT a;
CREATE TABLE rolled_back (a int);
ROLLBACK TO a;
COMMIT;
SELECT tag, objects, statement FROM drift_log();
TRUNCATE schemadrift.event;

-- the effective role, and a user with no privilege of ours
GRANT CREATE ON SCHEMA public TO regress_sd_plain;
SET SESSION AUTHORIZATION regress_sd_plain;
CREATE TABLE mine (a int);
RESET SESSION AUTHORIZATION;
SET ROLE regress_sd_plain;
CREATE TABLE mine2 (a int);
RESET ROLE;
SELECT who = session_user || ' as regress_sd_plain' AS as_plain, objects FROM drift_log(role => 'regress_sd_plain');
TRUNCATE schemadrift.event;

-- replica mode hides nothing
SET session_replication_role = replica;
CREATE TABLE hidden (a int);
RESET session_replication_role;
-- what a savepoint took back does not leak into the next command
DO $$
BEGIN
	BEGIN
		DROP TABLE hidden;
		RAISE EXCEPTION 'no';
	EXCEPTION WHEN others THEN NULL;
	END;
	ALTER TABLE hidden ADD COLUMN b int;
	DROP TABLE hidden, mine;
END
$$;
SELECT tag, objects, statement FROM drift_log();
TRUNCATE schemadrift.event;

-- nothing that the user may name or set hides a command
SET quote_all_identifiers = on;
CREATE TABLE loud (a int);
RESET quote_all_identifiers;
CREATE POLICY "p on pg_temp.x" ON loud USING (true);
GRANT SELECT ON loud TO regress_sd_plain;
ALTER TABLE loud RENAME TO "........pg.dropped.1........";
GRANT INSERT ON "........pg.dropped.1........" TO regress_sd_plain;
BEGIN;
CREATE TABLE quiet AS SELECT set_config('transaction_read_only', 'on', true) AS a;
COMMIT;
SHOW transaction_read_only;
SELECT tag, objects FROM drift_log();
SELECT schemadrift.capture_misses();
SELECT right(schemadrift.capture_redact('/*' || repeat('password=x ', 30000) || '*/ COMMENT ON TABLE t IS ''a'''), 30) AS ending;
DROP TABLE quiet, "........pg.dropped.1........";
TRUNCATE schemadrift.event;

-- what fires no event trigger
CREATE TABLE owned (a int);
ALTER TABLE owned OWNER TO regress_sd_owner;
TRUNCATE schemadrift.event;
REASSIGN OWNED BY regress_sd_owner TO regress_sd_plain;
DO $$BEGIN EXECUTE 'EXPLAIN (COSTS off, ANALYZE) CREATE TABLE explained AS SELECT 1 AS a'; END$$;
DO $$BEGIN EXECUTE 'EXPLAIN (COSTS off) CREATE TABLE not_made AS SELECT 1 AS a'; END$$;
CREATE INDEX explained_a ON explained (a);
CLUSTER explained USING explained_a;
CREATE FUNCTION nothing() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER theirs ON ddl_command_end EXECUTE FUNCTION nothing();
ALTER EVENT TRIGGER theirs DISABLE;
COMMENT ON EVENT TRIGGER theirs IS 'x';
DROP EVENT TRIGGER theirs;
CREATE ROLE regress_sd_new PASSWORD 'hunter2' CONNECTION LIMIT 3;
GRANT regress_sd_new TO regress_sd_plain;
ALTER ROLE regress_sd_new SET search_path = 'hunter2';
DROP ROLE regress_sd_new;
DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET application_name = ''hunter2''', current_database()); END$$;
DO $$BEGIN EXECUTE format('ALTER DATABASE %I RESET application_name', current_database()); END$$;
SELECT tag, replace(objects, current_database(), 'DB') AS objects, replace(statement, current_database(), 'DB') AS statement FROM drift_log();
TRUNCATE schemadrift.event;

-- switches: off, disarmed by hand, mended
SET schemadrift.enabled = off;
CREATE TABLE unseen (a int);
RESET schemadrift.enabled;
ALTER EVENT TRIGGER schemadrift_capture_ddl ENABLE;
SELECT schemadrift.capture_problem();
ALTER EVENT TRIGGER schemadrift_capture_ddl DISABLE;
SELECT schemadrift.capture_problem();
CREATE TABLE unseen2 (a int);
DROP EVENT TRIGGER schemadrift_capture_drop;
SELECT schemadrift.capture_arm();
SELECT schemadrift.capture_problem();
DROP EVENT TRIGGER schemadrift_capture_drop;
SELECT schemadrift.capture_problem();
SELECT schemadrift.capture_arm();
SELECT tag, objects FROM drift_log();
TRUNCATE schemadrift.event;

-- secrets: commands that carry one are not kept as text
SET client_min_messages = error;
CREATE FOREIGN DATA WRAPPER w OPTIONS (api_token 'hunter2', debug 'true');
CREATE SERVER srv FOREIGN DATA WRAPPER w OPTIONS (host 'hunter2', password 'hunter2');
CREATE USER MAPPING FOR CURRENT_USER SERVER srv OPTIONS (user 'hunter2', password 'hunter2');
ALTER USER MAPPING FOR CURRENT_USER SERVER srv OPTIONS (SET password 'hunter2');
ALTER SERVER srv OPTIONS (SET host 'hunter2');
CREATE SUBSCRIPTION sub CONNECTION 'host=hunter2 password=hunter2' PUBLICATION p WITH (connect = false, slot_name = NONE);
ALTER SUBSCRIPTION sub CONNECTION 'password=hunter2';
DROP SUBSCRIPTION sub;
CREATE FOREIGN TABLE ft (a int) SERVER srv OPTIONS ("secret_key" 'hunter2', path 'x');
CREATE VIEW v AS SELECT 'host=h password=hunter2 user=u' AS a, 'postgres://u:hunter2@h/db' AS b;
CREATE FUNCTION body() RETURNS text LANGUAGE sql AS $$SELECT 'kept'::text /* dbname=x password=hunter2 */$$;
SELECT tag, statement FROM drift_log();
SELECT count(*) FROM schemadrift.event AS e WHERE e::text LIKE '%hunter2%';

-- the redactor by itself
SELECT schemadrift.capture_redact(s) FROM (VALUES
	('ALTER FUNCTION f() SET app.password TO ''x'' RESET y'),
	('ALTER FUNCTION f() SET app.secret = E''x\'' y'''),
	('SELECT PASSWORD ''a'' ''b'' AS c'),
	('SELECT password, ''kept'''),
	('f(token => ''x'', token := $q$x$q$, token := U&''x'')'),
	('CREATE TABLE t (password text DEFAULT ''kept'')'),
	('unterminated PASSWORD ''x'),
	('unterminated $$ password=x'),
	('''password=x sslpassword=''''y z'''' host=h'' -- pwd=x'),
	('''https://u:x@h/?token=x&kept=1'' "password" ''x'''),
	('/* a /* token=x */ b */ $1 $ " '),
	('E''password=\''x y\'' kept'' ''password=''''''''x y'''''''' kept'''),
	('$$ EXECUTE ''ALTER ROLE r PASSWORD ''''x y''''''; kept(''kept'') $$ /* token => E''x'' kept */'),
	('$$ SET app.secret TO ''x''; password := kept || ''kept''; "password" ''x'' $$'),
	('''the password'' ''kept'' ''a token ''')) AS v(s);
SELECT schemadrift.capture_redact('PASSWORD ''a\''x'' y', true);
SELECT length(schemadrift.capture_redact(repeat('x', 70000))), right(schemadrift.capture_redact(repeat('x', 70000)), 30);

-- a new session knows no text before the library is loaded, and never guesses
TRUNCATE schemadrift.event;
\c -
SET client_min_messages = warning;
CREATE TABLE first_one (a int)\; CREATE TABLE second_one (a int);
SELECT tag, objects, statement FROM drift_log(object => 'public.%\_one');

-- not a function to call, and not while an extension is made
SELECT schemadrift.capture_problem();
DROP EXTENSION schemadrift;
DROP EXTENSION schemadrift CASCADE;
SELECT count(*) FROM pg_event_trigger;

-- leave nothing
DROP USER MAPPING FOR CURRENT_USER SERVER srv;
DROP OWNED BY regress_sd_owner, regress_sd_plain CASCADE;
DROP ROLE regress_sd_owner, regress_sd_plain;
