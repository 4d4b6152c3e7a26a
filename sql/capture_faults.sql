-- No failure of ours fails a user's DDL; each shows as one miss.
\set QUIET on
\pset format unaligned
\pset null '(null)'
\set VERBOSITY terse
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
SELECT schemadrift.capture_arm();

CREATE FUNCTION attempt(fault text, command text, OUT done boolean, OUT missed bigint, OUT recorded bigint)
LANGUAGE plpgsql AS $$
DECLARE
	misses bigint := schemadrift.capture_misses();
	events bigint := (SELECT count(*) FROM schemadrift.event);
BEGIN
	PERFORM set_config('schemadrift.inject_fault', fault, false);
	BEGIN
		EXECUTE command;
		done := true;
	EXCEPTION WHEN OTHERS THEN
		done := false;
	END;
	PERFORM set_config('schemadrift.inject_fault', '', false);
	missed := schemadrift.capture_misses() - misses;
	recorded := (SELECT count(*) FROM schemadrift.event) - events;
END
$$;
SELECT p AS fault, r.* FROM schemadrift.capture_fault_points() WITH ORDINALITY AS f(p, n),
	attempt(p, format('CREATE TABLE t%s (a int PRIMARY KEY, b text)', n)) AS r;
SELECT p AS fault, r.* FROM schemadrift.capture_fault_points() WITH ORDINALITY AS f(p, n),
	attempt(p, format('ALTER TABLE t%s DROP COLUMN b', n)) AS r;
SELECT p AS fault, r.* FROM schemadrift.capture_fault_points() WITH ORDINALITY AS f(p, n),
	attempt(p, format('DROP TABLE t%s', n)) AS r;

-- everything did happen, and the tables of ours are sound
SELECT count(*) FROM pg_class WHERE relname ~ '^t\d+$';
SELECT count(*) FROM schemadrift.event;
SELECT * FROM attempt('', 'CREATE TABLE t (a int)');

-- not even the counter is needed
SET schemadrift.inject_fault = 'capture.miss';
ALTER SEQUENCE schemadrift.event_id_seq RENAME TO gone;
CREATE TABLE uncounted (a int);
ALTER SEQUENCE schemadrift.gone RENAME TO event_id_seq;
RESET schemadrift.inject_fault;

-- missing, of another shape, with an index that capture cannot maintain
SELECT schemadrift.capture_misses() AS before \gset
ALTER TABLE schemadrift.event RENAME TO elsewhere;
CREATE TABLE unrecorded (a int);
ALTER TABLE schemadrift.elsewhere RENAME TO event;
SELECT schemadrift.capture_misses() - :before AS missed;
SELECT * FROM attempt('', 'ALTER TABLE schemadrift.event ADD extra int');
SELECT * FROM attempt('', 'ALTER TABLE schemadrift.event DROP extra');
DROP EXTENSION schemadrift CASCADE;
CREATE EXTENSION schemadrift;
SELECT schemadrift.capture_arm();
SELECT * FROM attempt('', 'CREATE INDEX odd ON schemadrift.event (lower(tag))');
SELECT * FROM attempt('', 'DROP INDEX schemadrift.odd');
SELECT tag FROM drift_log();

-- no transaction ids beyond the commands' own; a worker may draw one meanwhile
BEGIN;
SELECT txid_current() AS before \gset
DO $$BEGIN FOR i IN 1..100 LOOP EXECUTE format('COMMENT ON TABLE t IS %L', i); END LOOP; END$$;
COMMIT;
SELECT txid_current() - :before < 50 AS no_more;

-- a cancelled command is cancelled
SET statement_timeout = '50ms';
DO $$BEGIN LOOP COMMENT ON TABLE t IS 'x'; END LOOP; END$$;
RESET statement_timeout;
COMMENT ON TABLE t IS 'y';
SELECT statement FROM drift_log() ORDER BY id DESC LIMIT 1;
DROP EXTENSION schemadrift CASCADE;
