-- Kind cast: with a function, through text, or without; nothing of one can be altered.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE TYPE e AS ENUM ('a');
CREATE TYPE "odd ""name""" AS ENUM ('a');
CREATE TYPE pair AS (a integer, b integer);
CREATE TYPE couple AS (a integer, b integer);
CREATE FUNCTION to_integer(e) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION to_integer(e, integer, boolean) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2';
CREATE FUNCTION from_pair(pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a';
CREATE CAST (e AS integer) WITH FUNCTION to_integer(e) AS ASSIGNMENT;
CREATE CAST (varchar AS e) WITH INOUT AS IMPLICIT;
CREATE CAST ("odd ""name""" AS text) WITH INOUT;
CREATE CAST (pair AS integer) WITH FUNCTION from_pair;
COMMENT ON CAST (e AS integer) IS 'its number';
-- an expression that needs a cast depends on the function alone
CREATE VIEW numbers AS SELECT 'a'::e::integer AS n, 7 AS m;
CREATE TABLE t (n integer DEFAULT ('a'::e));
SELECT kind, identity, definition FROM drift_objects() WHERE kind IN ('cast') ORDER BY kind, identity;
SELECT drift_baseline_set() > 0 AS set;

DROP CAST (e AS integer);
CREATE CAST (e AS integer) WITH FUNCTION to_integer(e, integer, boolean) AS ASSIGNMENT;
DROP CAST (varchar AS e);
CREATE CAST (varchar AS e) WITH INOUT;
DROP CAST ("odd ""name""" AS text);
CREATE CAST ("odd ""name""" AS text) WITH INOUT AS ASSIGNMENT;
DROP CAST (pair AS integer);
CREATE CAST (e AS varchar) WITH INOUT AS ASSIGNMENT;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

-- with all that uses one
DROP VIEW numbers;
DROP TABLE t;
DROP CAST (e AS integer);
DROP FUNCTION to_integer(e);
COMMENT ON CAST (varchar AS e) IS 'as a word';
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
