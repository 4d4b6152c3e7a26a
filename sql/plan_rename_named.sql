-- Renames of what the identities of other objects name: each is one change,
-- its plan is the rename, and nothing is left afterwards.
\set VERBOSITY terse
\set QUIET on
\pset format unaligned
-- warnings about publications and subscriptions have other words on other majors
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
SET schemadrift.roles = on;
CREATE ROLE regress_named_a;
CREATE ROLE regress_named_b;
CREATE SCHEMA s1 AUTHORIZATION regress_named_a;
CREATE TABLE s1.t (id integer PRIMARY KEY, c text, g integer GENERATED ALWAYS AS IDENTITY);
CREATE TABLE public.o (id integer, c text);
CREATE TABLE pubd (id integer);
CREATE TABLE pubd2 (id integer, x integer, y text);
CREATE VIEW v AS SELECT id, c FROM s1.t;
ALTER VIEW v ALTER COLUMN c SET DEFAULT 'd';
CREATE MATERIALIZED VIEW mv AS SELECT id, c FROM s1.t;
CREATE INDEX mvi ON mv (id);
CREATE STATISTICS st ON id, c FROM s1.t;
CREATE STATISTICS s1.st2 ON id, c FROM public.o;
CREATE PUBLICATION p FOR TABLE pubd, pubd2 (id, x) WHERE (x > 1);
CREATE PUBLICATION p2 FOR TABLES IN SCHEMA s1;
CREATE PUBLICATION "s1" FOR TABLES IN SCHEMA s1;
ALTER PUBLICATION p OWNER TO regress_named_a;
CREATE TYPE s1.e AS ENUM ('a', 'b');
CREATE TYPE s1.e2 AS ENUM ('a', 'b');
CREATE TYPE comp AS (a integer, b s1.e);
CREATE TYPE rng AS RANGE (subtype = integer);
CREATE DOMAIN s1.d AS integer CONSTRAINT dc CHECK (VALUE > 0);
CREATE CAST (public.o AS s1.e) WITH INOUT;
CREATE FUNCTION s1.to_e2(s1.e) RETURNS s1.e2 LANGUAGE sql IMMUTABLE AS 'SELECT NULL::s1.e2';
CREATE CAST (s1.e AS s1.e2) WITH FUNCTION s1.to_e2(s1.e);
CREATE TRUSTED LANGUAGE lang HANDLER plpgsql_call_handler;
CREATE FUNCTION in_lang() RETURNS integer LANGUAGE lang AS 'BEGIN RETURN 1; END';
CREATE FUNCTION s1.tf(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'int4send';
GRANT USAGE ON LANGUAGE lang TO regress_named_b;
CREATE TRANSFORM FOR s1.e LANGUAGE lang (FROM SQL WITH FUNCTION s1.tf(internal));
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER sv FOREIGN DATA WRAPPER w;
GRANT USAGE ON FOREIGN SERVER sv TO regress_named_b;
CREATE USER MAPPING FOR regress_named_a SERVER sv OPTIONS (u 'x');
CREATE USER MAPPING FOR PUBLIC SERVER sv;
CREATE FOREIGN TABLE ft (id integer CONSTRAINT ftc CHECK (id > 0), c text) SERVER sv;
CREATE OPERATOR FAMILY s1.fam USING btree;
CREATE FUNCTION s1.cmp(s1.e, s1.e2) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE FUNCTION s1.lt(s1.e, s1.e2) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR s1.<< (LEFTARG = s1.e, RIGHTARG = s1.e2, FUNCTION = s1.lt);
ALTER OPERATOR FAMILY s1.fam USING btree ADD OPERATOR 1 s1.<< (s1.e, s1.e2), FUNCTION 1 (s1.e, s1.e2) s1.cmp(s1.e, s1.e2);
CREATE OPERATOR FAMILY s1.hfam USING hash;
CREATE OPERATOR CLASS s1.cls FOR TYPE s1.e USING hash FAMILY s1.hfam AS FUNCTION 1 hashenum(anyenum);
CREATE TRIGGER tr BEFORE UPDATE ON s1.t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE RULE r AS ON DELETE TO s1.t DO INSTEAD NOTHING;
CREATE POLICY po ON s1.t TO regress_named_a, regress_named_b USING (id = 1);
GRANT SELECT ON s1.t TO regress_named_a, regress_named_b;
GRANT UPDATE (c) ON s1.t TO regress_named_b;
GRANT SELECT ON SEQUENCE s1.t_g_seq TO regress_named_b;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_named_a IN SCHEMA s1 GRANT SELECT ON TABLES TO regress_named_b;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_named_a GRANT SELECT ON TABLES TO regress_named_b;
CREATE TEXT SEARCH PARSER s1.pa (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE s1.te (LEXIZE = dsimple_lexize, INIT = dsimple_init);
CREATE TEXT SEARCH DICTIONARY s1.di (TEMPLATE = s1.te);
CREATE TEXT SEARCH CONFIGURATION s1.co (PARSER = s1.pa);
ALTER TEXT SEARCH CONFIGURATION s1.co ADD MAPPING FOR word WITH s1.di;
CREATE COLLATION s1.col FROM "C";
CREATE TABLE usescol (a text COLLATE s1.col, e s1.e, d s1.d, r rng, c comp);
CREATE FUNCTION s1.aggf(integer, s1.e) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE s1.agg(s1.e) (SFUNC = s1.aggf, STYPE = integer);
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER ev ON sql_drop EXECUTE FUNCTION et();
CREATE SUBSCRIPTION sub CONNECTION 'dbname=none' PUBLICATION pp WITH (connect = false);
CREATE CONVERSION s1.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE SEQUENCE s1.seq;
GRANT regress_named_a TO regress_named_b;
ALTER ROLE regress_named_a SET work_mem = '8MB';
SELECT pg_catalog.format('ALTER ROLE regress_named_a IN DATABASE %I SET work_mem = %L', current_database(), '9MB') AS command \gexec

-- before 16 columns of a view's only table are qualified
CREATE FUNCTION pg_temp.neutral(text) RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace($1, '\mt\.(id|c)\M', '\1', 'g') $$;

-- What differs once the statement was run, the plan back, and what it leaves.
CREATE FUNCTION pg_temp.try(command text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	plan text;
	message text;
BEGIN
	PERFORM drift_baseline_set();
	RETURN NEXT '# ' || command;
	EXECUTE command;
	RETURN QUERY SELECT concat_ws(' ', '  differs:', change, object_type, object, attribute,
			pg_temp.neutral(expected), '->', pg_temp.neutral(actual))
		FROM drift_diff('baseline', 'live') WHERE change <> 'renamed';
	RETURN QUERY SELECT concat_ws(' ', '  renamed:', object_type, expected, '->', actual)
		FROM drift_diff('baseline', 'live') WHERE change = 'renamed';
	RETURN QUERY SELECT concat_ws(' ', '  the same on both sides:', object_type, object)
		FROM drift_diff('baseline', 'live') WHERE expected = actual;
	plan := drift_sql('live', 'baseline');
	RETURN NEXT pg_temp.neutral(regexp_replace(plan, '^(SET|RESET) .*$\n?', '', 'gn'));
	EXECUTE plan;
	RETURN QUERY SELECT concat_ws(' ', '  left:', change, object_type, object, attribute, expected, '->', actual)
		FROM drift_diff('baseline', 'live');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT;
	RETURN NEXT concat_ws(' ', '  fails:', message);
END $$;

SELECT pg_temp.try(command) FROM unnest(ARRAY[
	'ALTER TABLE o RENAME c TO d',
	'ALTER VIEW v RENAME COLUMN c TO cc',
	'ALTER TABLE o RENAME TO o9',
	'ALTER TABLE o SET SCHEMA s1',
	'ALTER TABLE pubd RENAME TO pubd9',
	'ALTER TABLE pubd2 RENAME x TO x9',
	'ALTER TABLE pubd2 SET SCHEMA s1',
	'ALTER SCHEMA s1 RENAME TO s2',
	'ALTER SCHEMA s1 RENAME TO "In Schema"',
	'ALTER PUBLICATION p RENAME TO p9',
	'ALTER PUBLICATION s1 RENAME TO s9',
	'ALTER PUBLICATION p2 RENAME TO "IN"',
	'ALTER SERVER sv RENAME TO sv2',
	'ALTER FOREIGN DATA WRAPPER w RENAME TO w2',
	'ALTER FOREIGN TABLE ft RENAME TO ft2',
	'ALTER FOREIGN TABLE ft RENAME COLUMN c TO c2',
	'ALTER TABLE ft RENAME CONSTRAINT ftc TO ftc2',
	'ALTER LANGUAGE lang RENAME TO lang2',
	'ALTER TYPE s1.e RENAME TO e9',
	'ALTER TYPE s1.e SET SCHEMA public',
	'ALTER TYPE comp RENAME TO comp9',
	'ALTER TYPE comp RENAME ATTRIBUTE a TO z',
	'ALTER TYPE rng RENAME TO rng9',
	'ALTER DOMAIN s1.d RENAME TO d9',
	'ALTER DOMAIN s1.d RENAME CONSTRAINT dc TO dc9',
	'ALTER FUNCTION s1.to_e2 RENAME TO to_e9',
	'ALTER FUNCTION s1.cmp RENAME TO cmp9',
	'ALTER FUNCTION s1.lt RENAME TO lt9',
	'ALTER FUNCTION et() RENAME TO et9',
	'ALTER AGGREGATE s1.agg(s1.e) RENAME TO agg9',
	'ALTER OPERATOR s1.<< (s1.e, s1.e2) SET SCHEMA public',
	'ALTER OPERATOR FAMILY s1.fam USING btree RENAME TO fam9',
	'ALTER OPERATOR FAMILY s1.hfam USING hash RENAME TO hfam9',
	'ALTER OPERATOR CLASS s1.cls USING hash RENAME TO cls9',
	'ALTER OPERATOR FAMILY s1.fam USING btree SET SCHEMA public',
	'ALTER TABLE s1.t RENAME TO t9',
	'ALTER TABLE s1.t RENAME c TO c9',
	'ALTER TABLE s1.t SET SCHEMA public',
	'ALTER TABLE s1.t RENAME CONSTRAINT t_pkey TO t_pkey9',
	'ALTER SEQUENCE s1.t_g_seq RENAME TO t_g_seq9',
	'ALTER TRIGGER tr ON s1.t RENAME TO tr9',
	'ALTER RULE r ON s1.t RENAME TO r9',
	'ALTER POLICY po ON s1.t RENAME TO po9',
	'ALTER STATISTICS st RENAME TO st9',
	'ALTER STATISTICS st SET SCHEMA s1',
	'ALTER MATERIALIZED VIEW mv RENAME TO mv9',
	'ALTER VIEW v RENAME TO v9',
	'ALTER INDEX mvi RENAME TO mvi9',
	'ALTER TEXT SEARCH PARSER s1.pa RENAME TO pa9',
	'ALTER TEXT SEARCH TEMPLATE s1.te RENAME TO te9',
	'ALTER TEXT SEARCH DICTIONARY s1.di RENAME TO di9',
	'ALTER TEXT SEARCH CONFIGURATION s1.co RENAME TO co9',
	'ALTER TEXT SEARCH DICTIONARY s1.di SET SCHEMA public',
	'ALTER COLLATION s1.col RENAME TO col9',
	'ALTER CONVERSION s1.conv RENAME TO conv9',
	'ALTER SEQUENCE s1.seq RENAME TO seq9',
	'ALTER EVENT TRIGGER ev RENAME TO ev9',
	'ALTER SUBSCRIPTION sub RENAME TO sub9',
	'ALTER ROLE regress_named_a RENAME TO regress_named_z',
	'ALTER ROLE regress_named_b RENAME TO "regress IN"',
	'ALTER PUBLICATION p RENAME TO p9; ALTER SCHEMA s1 RENAME TO s2; ALTER TABLE pubd RENAME TO pubd9',
	'ALTER SERVER sv RENAME TO sv2; DROP USER MAPPING FOR PUBLIC SERVER sv2',
	'ALTER SCHEMA s1 RENAME TO s2; ALTER DEFAULT PRIVILEGES FOR ROLE regress_named_a IN SCHEMA s2 REVOKE SELECT ON TABLES FROM regress_named_b',
	'ALTER SCHEMA s1 RENAME TO s2; ALTER PUBLICATION p2 DROP TABLES IN SCHEMA s2',
	'ALTER PUBLICATION p RENAME TO p9; ALTER PUBLICATION p2 RENAME TO p; ALTER PUBLICATION p9 RENAME TO p2',
	'ALTER SERVER sv RENAME TO sv9; ALTER ROLE regress_named_b RENAME TO regress_named_c; ALTER ROLE regress_named_a RENAME TO regress_named_b',
	'ALTER MATERIALIZED VIEW mv RENAME COLUMN c TO cc',
	'ALTER MATERIALIZED VIEW mv RENAME TO mv9'
	]) AS command;
ALTER SUBSCRIPTION sub SET (slot_name = NONE);
DROP SUBSCRIPTION sub;
DROP EXTENSION schemadrift CASCADE;
DROP OWNED BY regress_named_b CASCADE;
DROP OWNED BY regress_named_a CASCADE;
DROP ROLE regress_named_a, regress_named_b;
