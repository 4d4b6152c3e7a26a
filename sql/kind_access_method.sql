-- Kind access_method: nothing of one can be altered; tables and indexes keep it from going.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD "odd ""name""" TYPE INDEX HANDLER bthandler;
COMMENT ON ACCESS METHOD heap_too IS 'the same again';
SELECT kind, identity, definition FROM drift_objects() WHERE kind IN ('access_method') ORDER BY kind, identity;
SELECT drift_baseline_set() > 0 AS set;

COMMENT ON ACCESS METHOD heap_too IS NULL;
DROP ACCESS METHOD "odd ""name""";
CREATE ACCESS METHOD "odd ""name""" TYPE INDEX HANDLER hashhandler;
CREATE ACCESS METHOD added TYPE TABLE HANDLER heap_tableam_handler;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

-- a table of an access method that goes, an operator class and an index of one that is another
CREATE TABLE t (a integer) USING heap_too;
CREATE OPERATOR CLASS ints FOR TYPE integer USING "odd ""name""" AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =,
OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
SELECT drift_baseline_set() > 0 AS set;
DROP TABLE t;
DROP ACCESS METHOD heap_too;
SET client_min_messages = warning;
DROP ACCESS METHOD "odd ""name""" CASCADE;
CREATE ACCESS METHOD "odd ""name""" TYPE INDEX HANDLER hashhandler;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
