-- Kind family_operator: operators that are in a family and in none of its classes.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE OPERATOR FAMILY f USING btree;
ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 1 < (bigint, integer), OPERATOR 3 = (bigint, integer),
OPERATOR 3 = (integer, bigint);
CREATE FUNCTION same(integer, bigint) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int48eq';
CREATE OPERATOR === (FUNCTION = same, LEFTARG = integer, RIGHTARG = bigint);
CREATE OPERATOR FAMILY "odd ""name""" USING gist;
ALTER OPERATOR FAMILY "odd ""name""" USING gist ADD OPERATOR 1 << (point, point),
OPERATOR 15 <-> (point, point) FOR ORDER BY float_ops;
SELECT kind, identity, definition FROM drift_objects() WHERE kind IN ('family_operator') ORDER BY kind, identity;
SELECT drift_baseline_set() > 0 AS set;

ALTER OPERATOR FAMILY f USING btree DROP OPERATOR 3 (integer, bigint), OPERATOR 1 (bigint, integer);
ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 3 === (integer, bigint), OPERATOR 2 <= (bigint, integer);
ALTER OPERATOR FAMILY "odd ""name""" USING gist DROP OPERATOR 15 (point, point);
ALTER OPERATOR FAMILY "odd ""name""" USING gist ADD OPERATOR 15 <-> (point, point) FOR ORDER BY integer_ops;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
-- an operator takes its place in a family along
ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 4 === (integer, bigint);
SELECT drift_baseline_set() > 0 AS set;
DROP OPERATOR === (integer, bigint);
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
DROP OPERATOR FAMILY f USING btree;
DROP OPERATOR === (integer, bigint);
CREATE OPERATOR === (FUNCTION = int48eq, LEFTARG = integer, RIGHTARG = bigint);
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
