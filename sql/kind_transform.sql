-- Kind transform: its functions can be replaced.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal),
TO SQL WITH FUNCTION int4recv(internal));
CREATE TYPE "odd ""name""" AS (a integer);
CREATE FUNCTION come(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'prsd_lextype';
CREATE TRANSFORM FOR "odd ""name""" LANGUAGE plpgsql (FROM SQL WITH FUNCTION come(internal));
COMMENT ON TRANSFORM FOR integer LANGUAGE sql IS 'as it is';
CREATE FUNCTION uses(integer) RETURNS integer LANGUAGE sql TRANSFORM FOR TYPE integer AS 'SELECT $1';
SELECT kind, identity, definition FROM drift_objects() WHERE kind IN ('transform') ORDER BY kind, identity;
SELECT drift_baseline_set() > 0 AS set;

CREATE OR REPLACE TRANSFORM FOR "odd ""name""" LANGUAGE plpgsql (FROM SQL WITH FUNCTION prsd_lextype(internal));
CREATE OR REPLACE TRANSFORM FOR integer LANGUAGE sql (TO SQL WITH FUNCTION int4recv(internal));
COMMENT ON TRANSFORM FOR integer LANGUAGE sql IS NULL;
CREATE TRANSFORM FOR bigint LANGUAGE sql (TO SQL WITH FUNCTION int8recv(internal));
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

-- with all that uses one
DROP FUNCTION uses(integer);
DROP TRANSFORM FOR integer LANGUAGE sql;
DROP TYPE "odd ""name""" CASCADE;
DROP FUNCTION come(internal);
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
