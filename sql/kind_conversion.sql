-- Kind conversion: nothing of one can be altered.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE ROLE regress_owner;
CREATE CONVERSION plain FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE CONVERSION "odd ""name""" FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
ALTER CONVERSION "odd ""name""" OWNER TO regress_owner;
COMMENT ON CONVERSION plain IS 'of old';
SELECT kind, identity, definition FROM drift_objects() WHERE kind IN ('conversion') ORDER BY kind, identity;
SELECT drift_baseline_set() > 0 AS set;

DROP CONVERSION plain;
CREATE DEFAULT CONVERSION plain FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
DROP CONVERSION "odd ""name""";
CREATE CONVERSION "odd ""name""" FOR 'UTF8' TO 'LATIN2' FROM utf8_to_iso8859;
CREATE CONVERSION added FOR 'LATIN2' TO 'UTF8' FROM iso8859_to_utf8;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

-- another encoding from which, then only what can be altered
DROP CONVERSION plain;
CREATE CONVERSION plain FOR 'LATIN2' TO 'UTF8' FROM iso8859_to_utf8;
ALTER CONVERSION "odd ""name""" OWNER TO CURRENT_USER;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
DROP CONVERSION "odd ""name""";
DROP ROLE regress_owner;
