-- Kind function: attribute by attribute; only another interface takes a new
-- function.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE TABLE t (a integer, b text);
CREATE FUNCTION plain(x integer) RETURNS integer LANGUAGE sql AS $$SELECT x + 1$$;
CREATE FUNCTION full_of(x integer, y text DEFAULT 'it''s', VARIADIC z integer[] DEFAULT '{}')
RETURNS SETOF t LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER LEAKPROOF PARALLEL SAFE COST 42 ROWS 7
SET search_path TO pg_catalog, "My, ""schema""", '' SET work_mem TO '8MB'
AS $x$BEGIN RETURN QUERY SELECT $$a$$; END$x$;
CREATE FUNCTION outs(OUT a integer, INOUT b text) LANGUAGE sql AS $$SELECT 1, 'x'$$;
CREATE FUNCTION tab() RETURNS TABLE (a integer, "B b" text) LANGUAGE sql AS $$SELECT 1, 'x'$$;
CREATE FUNCTION parsed(x integer) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t t1 JOIN t t2 ON t1.a = t2.a; SELECT 1::bigint; END;
CREATE FUNCTION returned(x integer) RETURNS integer LANGUAGE sql RETURN x + 1;
CREATE FUNCTION sine(float8) RETURNS float8 LANGUAGE internal STRICT IMMUTABLE AS 'dsin';
CREATE FUNCTION "Odd name"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
COMMENT ON FUNCTION plain(integer) IS 'plain';
REVOKE ALL ON FUNCTION full_of(integer, text, integer[]) FROM PUBLIC;
ALTER FUNCTION plain(integer) DEPENDS ON EXTENSION plpgsql;
SELECT kind, identity, definition FROM drift_objects()
WHERE kind = 'function' ORDER BY identity;
SELECT drift_baseline_set() > 0 AS set;

-- altered in place
ALTER FUNCTION full_of VOLATILE CALLED ON NULL INPUT SECURITY INVOKER NOT LEAKPROOF PARALLEL UNSAFE
COST 100 ROWS 1000 RESET ALL;
ALTER FUNCTION plain(integer) IMMUTABLE SET search_path = '';
ALTER FUNCTION plain(integer) NO DEPENDS ON EXTENSION plpgsql;
SELECT class, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');

-- replaced
CREATE OR REPLACE FUNCTION plain(x integer DEFAULT 1) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 2; END';
CREATE OR REPLACE FUNCTION returned(x integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
SELECT class, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live');

-- made anew: fewer defaults, another name, another result; with what uses it
CREATE VIEW v AS SELECT plain(1) AS one;
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT drift_baseline_set() > 0 AS set;
DROP FUNCTION tab();
CREATE FUNCTION tab() RETURNS TABLE (a integer) LANGUAGE sql AS $$SELECT 1$$;
DROP FUNCTION sine(float8);
CREATE FUNCTION sine(x float8) RETURNS float8 LANGUAGE internal STRICT IMMUTABLE AS 'dsin';
DROP FUNCTION returned(integer);
DROP VIEW v;
DROP FUNCTION plain(integer);
CREATE FUNCTION plain(y integer DEFAULT 1) RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint';
CREATE VIEW v AS SELECT plain(1)::integer AS one;
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');
