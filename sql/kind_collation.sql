-- Kind collation: only a version that is out of date can be altered.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE ROLE regress_owner;
CREATE COLLATION german (provider = icu, locale = 'de-u-co-phonebk', deterministic = false);
CREATE COLLATION "odd ""name""" (locale = 'C');
CREATE COLLATION mixed (lc_collate = 'C', lc_ctype = 'POSIX');
CREATE COLLATION copied FROM "POSIX";
CREATE COLLATION old (provider = icu, locale = 'fr', version = '0.1');
ALTER COLLATION mixed OWNER TO regress_owner;
COMMENT ON COLLATION german IS 'as in a telephone book';
SET client_min_messages = warning;
CREATE TABLE t (a text COLLATE german, b text COLLATE "odd ""name""" NOT NULL DEFAULT 'x', c varchar(10) COLLATE mixed);
INSERT INTO t VALUES ('a', 'b', 'c');
CREATE INDEX by_a ON t (a);
CREATE INDEX by_b ON t (lower(b));
CREATE VIEW v AS SELECT 'a' COLLATE german AS a;
CREATE DOMAIN word AS text COLLATE german CHECK (VALUE <> '');
CREATE TYPE span AS RANGE (SUBTYPE = text, COLLATION = german);
CREATE TYPE entry AS (w text COLLATE german);
SELECT kind, identity, definition FROM drift_objects() WHERE kind IN ('collation') ORDER BY kind, identity;
SELECT drift_baseline_set() > 0 AS set;

ALTER COLLATION old REFRESH VERSION;
ALTER COLLATION copied OWNER TO regress_owner;
COMMENT ON COLLATION german IS NULL;
CREATE COLLATION added (provider = icu, locale = 'de', deterministic = true);
-- the version that one has once it is refreshed depends on the library
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

-- columns of a collation that is built anew keep their data
DROP VIEW v;
DROP DOMAIN word;
DROP TYPE span, entry;
ALTER TABLE t ALTER COLUMN a TYPE text, ALTER COLUMN b TYPE text, ALTER COLUMN c TYPE varchar(10);
DROP COLLATION german, "odd ""name""", mixed;
CREATE COLLATION german (provider = icu, locale = 'de');
CREATE COLLATION "odd ""name""" (locale = 'POSIX');
CREATE COLLATION mixed (lc_collate = 'POSIX', lc_ctype = 'C');
ALTER TABLE t ALTER COLUMN a TYPE text COLLATE german, ALTER COLUMN b TYPE text COLLATE "odd ""name""",
ALTER COLUMN c TYPE varchar(10) COLLATE mixed;
CREATE VIEW v AS SELECT 'a' COLLATE german AS a;
CREATE DOMAIN word AS text COLLATE german CHECK (VALUE <> '');
CREATE TYPE span AS RANGE (SUBTYPE = text, COLLATION = german);
CREATE TYPE entry AS (w text COLLATE german);
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
SELECT * FROM t;
DROP OWNED BY regress_owner CASCADE;
DROP ROLE regress_owner;
