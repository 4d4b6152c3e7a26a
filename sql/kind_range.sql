-- Kind range: nothing of it can be altered.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE TYPE floats AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = "Many");
CREATE TYPE words AS RANGE (SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = text_pattern_ops);
COMMENT ON TYPE floats IS 'a range';
-- its constructors and its multirange are not objects of their own
SELECT kind, identity, definition FROM drift_objects()
WHERE kind IN ('range', 'function', 'cast', 'base_type') ORDER BY kind, identity;
SELECT drift_baseline_set() > 0 AS set;

DROP TYPE floats;
CREATE TYPE floats AS RANGE (SUBTYPE = float8);
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');

-- a canonical function takes the type that it makes canonical
CREATE TYPE steps;
-- (servers from 18 on say where in the statement the shell was named)
SET client_min_messages = warning;
CREATE FUNCTION canonical(steps) RETURNS steps LANGUAGE internal STRICT IMMUTABLE AS 'int4range_canonical';
CREATE TYPE steps AS RANGE (SUBTYPE = integer, CANONICAL = canonical);
SELECT drift_baseline_set() > 0 AS set;
DROP TYPE steps CASCADE;
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');

-- columns keep their data, owner and privileges are given once it is defined
CREATE ROLE regress_owner;
GRANT CREATE ON SCHEMA public TO regress_owner;
CREATE TABLE t (during steps DEFAULT '[1,2)', others steps_multirange);
INSERT INTO t VALUES ('[1,2]', '{[5,6]}');
ALTER TYPE steps OWNER TO regress_owner;
REVOKE USAGE ON TYPE steps FROM PUBLIC;
COMMENT ON TYPE steps IS 'whole ones';
SELECT drift_baseline_set() > 0 AS set;
DROP TABLE t;
DROP TYPE steps CASCADE;
CREATE TYPE steps;
CREATE FUNCTION canonical(steps) RETURNS steps LANGUAGE internal STRICT IMMUTABLE AS 'int4range_canonical';
CREATE TYPE steps AS RANGE (SUBTYPE = integer, CANONICAL = canonical, SUBTYPE_DIFF = int4range_subdiff);
CREATE TABLE t (during steps DEFAULT '[1,2)', others steps_multirange);
INSERT INTO t VALUES ('[1,2]', '{[5,6]}');
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');
SELECT * FROM t;

-- and all of it comes and goes
DROP TABLE t;
DROP TYPE steps CASCADE;
SELECT drift_sql('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');
DROP TABLE t;
DROP TYPE steps CASCADE;
DROP OWNED BY regress_owner;
DROP ROLE regress_owner;
