-- Kind family_function: support functions that are in a family and in none of its classes.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE OPERATOR FAMILY f USING btree;
ALTER OPERATOR FAMILY f USING btree ADD FUNCTION 1 (bigint, integer) btint84cmp(bigint, integer),
FUNCTION 2 (integer, integer) btint4sortsupport(internal);
CREATE FUNCTION compare(integer, bigint) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint48cmp';
ALTER OPERATOR FAMILY f USING btree ADD FUNCTION 1 (integer, bigint) compare(integer, bigint);
SELECT kind, identity, definition FROM drift_objects() WHERE kind IN ('family_function') ORDER BY kind, identity;
SELECT drift_baseline_set() > 0 AS set;

ALTER OPERATOR FAMILY f USING btree DROP FUNCTION 1 (integer, bigint), FUNCTION 2 (integer, integer);
ALTER OPERATOR FAMILY f USING btree ADD FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint),
FUNCTION 2 (bigint, bigint) btint8sortsupport(internal);
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

DROP OPERATOR FAMILY f USING btree;
DROP FUNCTION compare(integer, bigint);
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
