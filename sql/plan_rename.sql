-- Renames: one database's objects under other names, recognised by their
-- addresses, planned as renames, and never assumed between databases.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE size AS ENUM ('s', 'm', 'l');
CREATE TYPE pair AS (a integer, b mood);
CREATE DOMAIN age AS integer CONSTRAINT positive CHECK (VALUE > 0);
CREATE TABLE old_name (id integer UNIQUE, a age CONSTRAINT small CHECK (a < 200),
	m mood DEFAULT 'ok', b text, n size DEFAULT 'm');
CREATE INDEX old_idx ON old_name (a) WHERE m = 'ok';
CREATE TABLE one ();
CREATE VIEW v AS SELECT o.id, o.a, o.b FROM old_name o, one WHERE o.m = 'ok';
CREATE VIEW w AS SELECT old_name.a AS z, old_name.b FROM old_name, one;
CREATE TABLE child () INHERITS (old_name);
CREATE FUNCTION f(old_name) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE SEQUENCE old_name_id_seq OWNED BY old_name.id;
ALTER TABLE old_name ALTER id SET DEFAULT nextval('old_name_id_seq');
CREATE TABLE ref (x integer REFERENCES old_name (id));
CREATE TABLE parted (a integer, m mood) PARTITION BY LIST (m);
CREATE TABLE parted_ok PARTITION OF parted FOR VALUES IN ('ok');
CREATE TRIGGER tr BEFORE UPDATE OF a ON old_name FOR EACH ROW
	EXECUTE FUNCTION suppress_redundant_updates_trigger();
ALTER TABLE old_name ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON old_name USING (a = 1);
CREATE RULE r AS ON DELETE TO old_name DO INSTEAD NOTHING;
SELECT drift_baseline_set() AS version;

-- each rename is one change; what follows it is none
ALTER TABLE old_name RENAME TO new_name;
ALTER TABLE new_name RENAME COLUMN a TO aa;
ALTER INDEX old_idx RENAME TO new_idx;
ALTER TABLE new_name RENAME CONSTRAINT small TO smaller;
ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';
ALTER TYPE mood RENAME TO "Mood";
ALTER TYPE pair RENAME ATTRIBUTE a TO first;
ALTER DOMAIN age RENAME CONSTRAINT positive TO above_zero;
ALTER POLICY p ON new_name RENAME TO pp;
ALTER TRIGGER tr ON new_name RENAME TO trr;
ALTER RULE r ON new_name RENAME TO rr;
ALTER FUNCTION f(new_name) RENAME TO ff;
ALTER SEQUENCE old_name_id_seq RENAME TO numbers;
ALTER TABLE child SET SCHEMA app;
ALTER SCHEMA app RENAME TO application;
SELECT change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
:plan
SELECT count(*) FROM drift_diff('baseline', 'live');

-- together with other changes, also of what was renamed
ALTER TABLE old_name RENAME TO new_name;
ALTER TABLE new_name RENAME COLUMN b TO c;
ALTER TABLE new_name ADD COLUMN b integer, ALTER COLUMN c SET STATISTICS 5;
CREATE OR REPLACE VIEW v AS SELECT n.id, n.a, n.c AS b, n.b AS more FROM new_name n, one;
ALTER TYPE size RENAME VALUE 'm' TO 'medium';
ALTER TYPE size ADD VALUE 'm';
SELECT change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
\o /dev/null
:plan
\o
SELECT change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- swapped names, chains, a name taken from something dropped, a new schema
CREATE TABLE s1 (x integer);
CREATE TABLE s2 (y text, z integer);
CREATE TABLE c1 (a integer);
CREATE TABLE c2 (b integer);
CREATE TABLE gone (q integer UNIQUE);
CREATE TABLE heir (r integer UNIQUE, t text);
CREATE TABLE cols (a integer, b text, c date);
SELECT drift_baseline_set() AS version;
ALTER TABLE s1 RENAME TO s;
ALTER TABLE s2 RENAME TO s1;
ALTER TABLE s RENAME TO s2;
ALTER TABLE c2 RENAME TO c3;
ALTER TABLE c1 RENAME TO c2;
DROP TABLE gone;
ALTER TABLE heir RENAME TO gone;
ALTER TABLE gone RENAME CONSTRAINT heir_r_key TO gone_q_key;
ALTER TABLE gone ADD COLUMN u integer;
ALTER TABLE cols RENAME COLUMN a TO x;
ALTER TABLE cols RENAME COLUMN b TO a;
ALTER TABLE cols RENAME COLUMN x TO b;
ALTER TABLE cols DROP COLUMN c;
CREATE SCHEMA fresh;
ALTER TABLE cols SET SCHEMA fresh;
SELECT change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
:plan
SELECT change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- a recognised command, accepted by itself and with the rest
SELECT drift_baseline_set() AS version;
SELECT drift_watch();
ALTER TABLE c1 RENAME TO d1;
ALTER TABLE d1 RENAME COLUMN a TO aa;
ALTER TABLE d1 ADD COLUMN b integer;
COMMENT ON TABLE d1 IS 'renamed';
SELECT change, object_type, object, attribute, expected, actual, ddl FROM drift_check();
SELECT drift_accept(id, 'a column') <> '' AS accepted FROM drift_check() WHERE object = 'public.d1.b';
SELECT change, object_type, object, attribute, expected, actual FROM drift_check();
SELECT drift_accept(id, 'the name') <> '' AS accepted FROM drift_check() WHERE object = 'public.d1' AND change = 'renamed';
SELECT change, object_type, object, attribute, expected, actual FROM drift_check();
SELECT drift_sql('live', 'baseline');
SELECT drift_accept_all('the rest') AS accepted;
SELECT count(*) FROM drift_check();
SELECT drift_fingerprint() = drift_fingerprint('baseline') AS same;
SELECT drift_unwatch();

-- addresses of another database say nothing
SELECT drift_baseline_set() > 0 AS is_set;
ALTER TABLE d1 RENAME TO e1;
UPDATE schemadrift.baseline SET database = '1/1';
SELECT change, object_type, object FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live');
SELECT drift_baseline_set() > 0 AS is_set;
ALTER TABLE e1 RENAME TO f1;
SELECT change, object_type, object FROM drift_diff('baseline', 'live');
DROP EXTENSION schemadrift CASCADE;
