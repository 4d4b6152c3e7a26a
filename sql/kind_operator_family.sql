-- Kind operator_family: what is in none of its classes is a part of it.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE ROLE regress_owner;
CREATE OPERATOR FAMILY plain USING btree;
CREATE OPERATOR FAMILY plain USING hash;
CREATE OPERATOR FAMILY "odd ""name""" USING gin;
ALTER OPERATOR FAMILY plain USING hash OWNER TO regress_owner;
COMMENT ON OPERATOR FAMILY plain USING btree IS 'sorts';
-- made along with a class
CREATE OPERATOR CLASS implied FOR TYPE integer USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(integer);
SELECT kind, identity, definition FROM drift_objects() WHERE kind IN ('operator_family') ORDER BY kind, identity;
SELECT drift_baseline_set() > 0 AS set;

COMMENT ON OPERATOR FAMILY plain USING btree IS NULL;
ALTER OPERATOR FAMILY plain USING hash OWNER TO CURRENT_USER;
DROP OPERATOR FAMILY "odd ""name""" USING gin;
DROP OPERATOR FAMILY implied USING hash CASCADE;
CREATE OPERATOR FAMILY added USING brin;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
DROP OWNED BY regress_owner;
DROP ROLE regress_owner;
