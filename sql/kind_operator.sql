-- Kind operator: estimators can be altered; from 17 on links and flags can be
-- set, but not taken back, so that plans differ between servers.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE ROLE regress_owner;
CREATE FUNCTION f(integer, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION g(integer, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION f(text, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION f(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE SCHEMA "odd ""name""";
-- the first names partners that come later, one is its own
CREATE OPERATOR === (FUNCTION = f, LEFTARG = integer, RIGHTARG = text, COMMUTATOR = ===,
NEGATOR = OPERATOR("odd ""name""".!==), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR === (FUNCTION = f, LEFTARG = text, RIGHTARG = integer, COMMUTATOR = ===);
CREATE OPERATOR "odd ""name""".!== (FUNCTION = g, LEFTARG = integer, RIGHTARG = text, NEGATOR = ===);
CREATE OPERATOR !! (FUNCTION = f, RIGHTARG = text);
CREATE OPERATOR <=> (FUNCTION = pg_catalog.int4eq, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = <=>,
RESTRICT = eqsel);
CREATE OPERATOR <#> (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR <##> (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = <###>);
COMMENT ON OPERATOR === (integer, text) IS 'the same';
ALTER OPERATOR !! (NONE, text) OWNER TO regress_owner;
CREATE VIEW v AS SELECT !! 'a'::text AS a, 1 OPERATOR(public.===) '1'::text AS b;
SELECT kind, identity, definition FROM drift_objects() WHERE kind = 'operator' ORDER BY identity;
SELECT drift_baseline_set() > 0 AS set;

-- what every server alters, and what none does
ALTER OPERATOR === (integer, text) SET (RESTRICT = NONE, JOIN = contjoinsel);
ALTER OPERATOR <=> (integer, integer) SET (RESTRICT = neqsel);
COMMENT ON OPERATOR === (integer, text) IS NULL;
ALTER OPERATOR !! (NONE, text) OWNER TO CURRENT_USER;
DROP OPERATOR <#> (integer, integer);
CREATE OPERATOR <#> (FUNCTION = int4ne, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR <-*-> (FUNCTION = int4mul, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = <-*->);
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

-- partners that go take the link along, and bring it back when they come
DROP OPERATOR === (text, integer);
SET client_min_messages = warning;
DROP OPERATOR "odd ""name""".!== (integer, text);
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

-- links between operators that stay, and flags
DROP VIEW v;
DROP OPERATOR === (text, integer);
CREATE OPERATOR === (FUNCTION = f, LEFTARG = text, RIGHTARG = integer);
DROP OPERATOR "odd ""name""".!== (integer, text);
CREATE OPERATOR "odd ""name""".!== (FUNCTION = g, LEFTARG = integer, RIGHTARG = text, HASHES, MERGES,
COMMUTATOR = OPERATOR("odd ""name""".!==));
CREATE OPERATOR "odd ""name""".!== (FUNCTION = f, LEFTARG = text, RIGHTARG = integer,
COMMUTATOR = OPERATOR("odd ""name""".!==));
DROP OPERATOR <=> (integer, integer);
CREATE OPERATOR <=> (FUNCTION = pg_catalog.int4eq, LEFTARG = integer, RIGHTARG = integer,
RESTRICT = eqsel, HASHES);
CREATE VIEW v AS SELECT !! 'a'::text AS a, 1 OPERATOR(public.===) '1'::text AS b;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_baseline_set('changed') > 0 AS set;
-- there and back, without showing how
SELECT drift_sql('live', 'baseline') AS back \gset
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline:changed') AS forward \gset
\o /dev/null
:forward
\o
SELECT * FROM drift_diff('baseline:changed', 'live');

-- a link that only one of two names is one both ways: a restore makes it so
CREATE OPERATOR <<<< (FUNCTION = int4lt, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = >>>>);
CREATE OPERATOR >>>> (FUNCTION = int4gt, LEFTARG = integer, RIGHTARG = integer);
SELECT drift_baseline_set() > 0 AS set;
DROP OPERATOR <<<< (integer, integer), >>>> (integer, integer);
CREATE OPERATOR >>>> (FUNCTION = int4gt, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR <<<< (FUNCTION = int4lt, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = >>>>);
SELECT * FROM drift_diff('baseline', 'live');
DROP OPERATOR >>>> (integer, integer);
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
DROP OWNED BY regress_owner CASCADE;
DROP ROLE regress_owner;
