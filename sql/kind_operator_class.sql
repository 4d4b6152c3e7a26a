-- Kind operator_class: nothing of one can be altered; indexes are built anew with it.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE ROLE regress_owner;
CREATE FUNCTION less(integer, integer) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE OPERATOR <<< (FUNCTION = less, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR FAMILY shared USING btree;
CREATE OPERATOR CLASS sorted FOR TYPE integer USING btree FAMILY shared AS OPERATOR 1 <<<, OPERATOR 2 <=, OPERATOR 3 =,
OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer), FUNCTION 2 btint4sortsupport(internal);
CREATE OPERATOR CLASS "odd ""name""" DEFAULT FOR TYPE money USING hash AS OPERATOR 1 =, FUNCTION 1 hashint8(bigint);
CREATE OPERATOR CLASS near FOR TYPE point USING gist AS OPERATOR 1 <<,
OPERATOR 15 <-> (point, point) FOR ORDER BY float_ops,
FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal), FUNCTION 2 gist_box_union(internal, internal),
FUNCTION 3 gist_point_compress(internal), FUNCTION 5 gist_box_penalty(internal, internal, internal),
FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box, internal),
FUNCTION 8 (point, point) gist_point_distance(internal, point, smallint, oid, internal), STORAGE box;
CREATE OPERATOR CLASS empty FOR TYPE text USING brin AS STORAGE text;
ALTER OPERATOR CLASS sorted USING btree OWNER TO regress_owner;
COMMENT ON OPERATOR CLASS near USING gist IS 'by distance';
CREATE TABLE t (a integer, p point, CHECK (a <<< 5));
CREATE INDEX by_a ON t (a sorted DESC);
CREATE INDEX by_p ON t USING gist (p near);
CREATE STATISTICS a_and_p ON a, (a + 1) FROM t;
CREATE TYPE span AS RANGE (SUBTYPE = integer, SUBTYPE_OPCLASS = sorted);
SELECT kind, identity, definition FROM drift_objects() WHERE kind IN ('operator_class', 'operator_family', 'family_operator', 'family_function') ORDER BY kind, identity;
SELECT drift_baseline_set() > 0 AS set;

DROP OPERATOR CLASS empty USING brin;
DROP OPERATOR FAMILY "odd ""name""" USING hash CASCADE;
CREATE OPERATOR CLASS "odd ""name""" FOR TYPE money USING hash AS OPERATOR 1 =, FUNCTION 1 hashint8(bigint),
FUNCTION 2 hashint8extended(bigint, bigint);
COMMENT ON OPERATOR CLASS near USING gist IS NULL;
ALTER OPERATOR CLASS sorted USING btree OWNER TO CURRENT_USER;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

-- another class under indexes, under a range type, of another family
DROP INDEX by_p;
DROP OPERATOR FAMILY near USING gist CASCADE;
CREATE OPERATOR CLASS near FOR TYPE point USING gist AS OPERATOR 1 <<,
FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal), FUNCTION 2 gist_box_union(internal, internal),
FUNCTION 3 gist_point_compress(internal), FUNCTION 5 gist_box_penalty(internal, internal, internal),
FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box, internal), STORAGE box;
CREATE INDEX by_p ON t USING gist (p near);
SET client_min_messages = warning;
DROP OPERATOR CLASS sorted USING btree CASCADE;
CREATE OPERATOR CLASS sorted FOR TYPE integer USING btree AS OPERATOR 1 <<<, OPERATOR 2 <=, OPERATOR 3 =,
OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
ALTER OPERATOR CLASS sorted USING btree OWNER TO regress_owner;
CREATE INDEX by_a ON t (a sorted DESC);
CREATE TYPE span AS RANGE (SUBTYPE = integer, SUBTYPE_OPCLASS = sorted);
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

-- another operator under a class
ALTER TABLE t DROP CONSTRAINT t_a_check;
DROP OPERATOR <<< (integer, integer) CASCADE;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
DROP TABLE t;
DROP TYPE span;
DROP OWNED BY regress_owner;
DROP ROLE regress_owner;
