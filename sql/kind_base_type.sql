-- Kind base_type: functions and storage can be altered; its input and output come and go with it.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE ROLE regress_owner;
GRANT CREATE ON SCHEMA public TO regress_owner;
SET client_min_messages = warning;
CREATE TYPE num;
CREATE FUNCTION num_in(cstring) RETURNS num LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION num_out(num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE FUNCTION num_recv(internal) RETURNS num LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE FUNCTION num_send(num) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int4send';
CREATE TYPE num (INPUT = num_in, OUTPUT = num_out, RECEIVE = num_recv, SEND = num_send, INTERNALLENGTH = 4,
PASSEDBYVALUE, ALIGNMENT = int4, STORAGE = plain, CATEGORY = 'N', DEFAULT = '7', DELIMITER = ';');
CREATE TYPE "odd ""name""";
CREATE FUNCTION "odd in"(cstring, oid, integer) RETURNS "odd ""name""" LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
CREATE FUNCTION "odd out"("odd ""name""") RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
CREATE FUNCTION "odd modifier in"(cstring[]) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
CREATE FUNCTION "odd modifier out"(integer) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodout';
CREATE FUNCTION "odd cut"("odd ""name""", integer, boolean) RETURNS "odd ""name""" LANGUAGE internal IMMUTABLE STRICT
AS 'varchar';
CREATE FUNCTION analyze_it(internal) RETURNS boolean LANGUAGE internal STRICT AS 'array_typanalyze';
CREATE TYPE "odd ""name""" (INPUT = "odd in", OUTPUT = "odd out", TYPMOD_IN = "odd modifier in",
TYPMOD_OUT = "odd modifier out", STORAGE = extended, COLLATABLE = true, PREFERRED = true, CATEGORY = 'x');
CREATE CAST ("odd ""name""" AS "odd ""name""") WITH FUNCTION "odd cut" AS IMPLICIT;
CREATE TYPE two_nums;
CREATE FUNCTION two_in(cstring) RETURNS two_nums LANGUAGE internal IMMUTABLE STRICT AS 'point_in';
CREATE FUNCTION two_out(two_nums) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'point_out';
CREATE TYPE two_nums (INPUT = two_in, OUTPUT = two_out, INTERNALLENGTH = 16, ALIGNMENT = double, ELEMENT = float8);
ALTER TYPE num OWNER TO regress_owner;
COMMENT ON TYPE num IS 'a number';
REVOKE ALL ON TYPE num FROM PUBLIC;
CREATE TABLE t (a num DEFAULT '5', b "odd ""name"""(9) COLLATE "C", c num[], d two_nums);
INSERT INTO t VALUES ('1', 'text', '{1;2}', '(1,2)');
CREATE DOMAIN some_num AS num DEFAULT '3';
CREATE TYPE pair AS (x num, y some_num);
CREATE FUNCTION from_num(num) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'int4up';
CREATE VIEW v AS SELECT '4'::num AS n, NULL::num[] AS many;
SELECT kind, identity, definition FROM drift_objects() WHERE kind IN ('base_type') ORDER BY kind, identity;
SELECT drift_baseline_set() > 0 AS set;

ALTER TYPE num SET (SEND = NONE);
ALTER TYPE "odd ""name""" SET (STORAGE = main, ANALYZE = analyze_it);
ALTER TABLE t ALTER COLUMN b SET STORAGE main;
ALTER TYPE num OWNER TO CURRENT_USER;
COMMENT ON TYPE two_nums IS 'two';
GRANT USAGE ON TYPE num TO PUBLIC;
DROP FUNCTION num_send(num);
CREATE FUNCTION two_recv(internal) RETURNS two_nums LANGUAGE internal IMMUTABLE STRICT AS 'point_recv';
ALTER TYPE two_nums SET (RECEIVE = two_recv, SUBSCRIPT = NONE, TYPMOD_IN = "odd modifier in", TYPMOD_OUT = "odd modifier out");
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

-- what takes a new type: columns keep their data
DROP VIEW v;
DROP TYPE pair;
DROP DOMAIN some_num;
DROP FUNCTION from_num(num);
ALTER TABLE t ALTER COLUMN a DROP DEFAULT, ALTER COLUMN a TYPE text USING a::text,
ALTER COLUMN c TYPE text USING c::text, ALTER COLUMN d TYPE text USING d::text;
DROP TYPE num CASCADE;
CREATE TYPE num;
CREATE FUNCTION num_in(cstring) RETURNS num LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION num_out(num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE num (INPUT = num_in, OUTPUT = num_out, INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4, DELIMITER = ';',
PREFERRED = true);
ALTER TABLE t ALTER COLUMN a TYPE num USING a::num, ALTER COLUMN a SET DEFAULT '5', ALTER COLUMN c TYPE num[] USING c::num[],
ALTER COLUMN d TYPE two_nums USING d::two_nums;
CREATE DOMAIN some_num AS num DEFAULT '3';
CREATE TYPE pair AS (x num, y some_num);
CREATE FUNCTION from_num(num) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'int4up';
CREATE VIEW v AS SELECT '4'::num AS n, NULL::num[] AS many;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
SELECT * FROM t;

-- from nothing and back to nothing
DROP TABLE t;
DROP VIEW v;
DROP TYPE pair;
DROP DOMAIN some_num;
DROP TYPE num CASCADE;
DROP TYPE "odd ""name""" CASCADE;
DROP TYPE two_nums CASCADE;
DROP FUNCTION "odd modifier in"(cstring[]);
DROP FUNCTION "odd modifier out"(integer);
DROP FUNCTION analyze_it(internal);
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

-- what cannot be freed from a type that has to go is not taken along
DROP TABLE t;
CREATE TABLE kept (a num, g integer GENERATED ALWAYS AS (from_num(a)) STORED);
INSERT INTO kept VALUES ('1');
SELECT drift_baseline_set() > 0 AS set;
UPDATE pg_type SET typcategory = 'Z' WHERE oid = 'num'::regtype;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT row FROM regexp_split_to_table(:'back', ';\n') AS row WHERE row ~ 'not_done|DROP TYPE';
\o /dev/null
:back
\o
SELECT * FROM kept;
DROP OWNED BY regress_owner CASCADE;
DROP ROLE regress_owner;
