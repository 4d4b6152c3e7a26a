-- Kind shell_type: declared, perhaps used by functions, perhaps defined later.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE ROLE regress_owner;
GRANT CREATE ON SCHEMA public TO regress_owner;
SET client_min_messages = warning;
CREATE TYPE lonely;
CREATE TYPE "odd ""name""";
CREATE TYPE used;
CREATE FUNCTION used_in(cstring) RETURNS used LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION used_out(used) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
ALTER TYPE "odd ""name""" OWNER TO regress_owner;
COMMENT ON TYPE lonely IS 'for later';
SELECT kind, identity, definition FROM drift_objects() WHERE kind IN ('shell_type') ORDER BY kind, identity;
SELECT drift_baseline_set() > 0 AS set;

ALTER TYPE "odd ""name""" OWNER TO CURRENT_USER;
COMMENT ON TYPE lonely IS NULL;
CREATE TYPE added;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

-- defined, and declared only again; another sort of type
CREATE TYPE used (INPUT = used_in, OUTPUT = used_out, INTERNALLENGTH = 4, PASSEDBYVALUE);
DROP TYPE lonely;
CREATE TYPE lonely AS ENUM ('a');
DROP TYPE "odd ""name""";
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
DROP TYPE used CASCADE;
DROP TYPE lonely;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
DROP OWNED BY regress_owner CASCADE;
DROP ROLE regress_owner;
