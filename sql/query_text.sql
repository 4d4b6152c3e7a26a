-- The text of a view as it is compared: the same whichever major printed it.
\set QUIET on
\pset format unaligned
\pset tuples_only on
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;

-- printed by 15, and by 16 and later: f where the canonical text is not that of the later
CREATE TEMP TABLE printed (old text, new text);
INSERT INTO printed VALUES
	('SELECT t.a, t.b AS c FROM public.t WHERE (t.a > 1) GROUP BY t.a ORDER BY t.b',
	 'SELECT a, b AS c FROM public.t WHERE (a > 1) GROUP BY a ORDER BY b'),
	('SELECT x.a FROM ONLY public.t x(a, b)', 'SELECT a FROM ONLY public.t x(a, b)'),
	('SELECT x.a FROM public.t x TABLESAMPLE bernoulli (x.a)', 'SELECT a FROM public.t x TABLESAMPLE bernoulli (x.a)'),
	('SELECT "My T"."A.b" FROM "S"."My T"', 'SELECT "A.b" FROM "S"."My T"'),
	('SELECT "a""b".c FROM public."a""b"', 'SELECT c FROM public."a""b"'),
	('SELECT é.ü FROM public.é', 'SELECT ü FROM public.é'),
	('SELECT q.a FROM ( SELECT t.a FROM public.t UNION SELECT u.a FROM (public.u JOIN public.v USING (a))) q',
	 'SELECT a FROM ( SELECT t.a FROM public.t UNION SELECT u.a FROM (public.u JOIN public.v USING (a))) q'),
	('SELECT v.a FROM ( VALUES (1), (2)) v(a)', 'SELECT a FROM ( VALUES (1), (2)) v(a)'),
	('SELECT g.g FROM generate_series(1, 3) g(g)', 'SELECT g FROM generate_series(1, 3) g(g)'),
	('SELECT f.a, f.ordinality FROM public.f(1, 2) WITH ORDINALITY f(a, ordinality)',
	 'SELECT a, ordinality FROM public.f(1, 2) WITH ORDINALITY f(a, ordinality)'),
	('SELECT r.a FROM ROWS FROM(public.f(1), generate_series(1, 2)) r(a, b)',
	 'SELECT a FROM ROWS FROM(public.f(1), generate_series(1, 2)) r(a, b)'),
	('WITH c AS ( SELECT t.a FROM public.t) SELECT c.a FROM c WHERE (c.a IS DISTINCT FROM 1)',
	 'WITH c AS ( SELECT t.a FROM public.t) SELECT a FROM c WHERE (a IS DISTINCT FROM 1)'),
	('SELECT (t.a).x, (t.b)[t.a] FROM public.t', 'SELECT (a).x, (b)[a] FROM public.t'),
	('SELECT EXTRACT(year FROM t.d) AS y, "substring"(t.s, 1) FROM public.t LIMIT 1 FOR UPDATE',
	 'SELECT EXTRACT(year FROM d) AS y, "substring"(s, 1) FROM public.t LIMIT 1 FOR UPDATE'),
	('SELECT ''t.a'', E''\\''''t.a'', B''0'', t.a FROM public.t', 'SELECT ''t.a'', E''\\''''t.a'', B''0'', a FROM public.t'),
	('SELECT "xmltable".a FROM XMLTABLE(''/r'' PASSING (''<r/>''::xml) COLUMNS a integer)',
	 'SELECT a FROM XMLTABLE(''/r'' PASSING (''<r/>''::xml) COLUMNS a integer)'),
	('SELECT XMLSERIALIZE(CONTENT t.x AS text) FROM public.t', 'SELECT XMLSERIALIZE(CONTENT x AS text NO INDENT) FROM public.t');
SELECT schemadrift.canonical_query(old) = schemadrift.canonical_query(new), schemadrift.canonical_query(new) FROM printed;
SELECT count(*) FROM printed WHERE schemadrift.canonical_query(schemadrift.canonical_query(old)) <> schemadrift.canonical_query(old);

-- left as it is: more than one thing read, names that are no columns, subqueries
CREATE TEMP TABLE kept (query text);
INSERT INTO kept VALUES
	('SELECT t.a FROM (public.t JOIN public.u ON ((t.a = u.a)))'),
	('SELECT x.a FROM (( SELECT 1 AS a) x JOIN public.u ON ((x.a = u.a)))'),
	('SELECT t.a FROM public.t, public.u'),
	('SELECT t.a FROM public.t UNION ALL SELECT u.a FROM public.u'),
	('SELECT public.a() AS a, (1)::public.b AS b, ('''' COLLATE public.c) AS c FROM s.public'),
	('SELECT (1 OPERATOR(public.+) 2), XMLSERIALIZE(CONTENT x AS public.t) FROM s.public'),
	('SELECT t.* FROM public.t'),
	('SELECT ( SELECT max(u.a) FROM public.u WHERE (u.b = t.b)) AS m FROM public.t'),
	('SELECT NO INDENT'),
	('VALUES (t.a)'),
	('SELECT t.a FROM public.t)');
SELECT schemadrift.canonical_query(query) = query, query FROM kept;

-- rules and parsed bodies
CREATE SCHEMA k;
CREATE TABLE k.u (a integer, x integer);
CREATE TABLE k.s (a integer, x integer);
CREATE RULE r AS ON UPDATE TO k.s DO INSTEAD (UPDATE k.u AS x SET a = 1 WHERE x.a = old.a;
	DELETE FROM ONLY k.u AS x WHERE x.x = old.x);
CREATE FUNCTION k.f() RETURNS void LANGUAGE sql BEGIN ATOMIC UPDATE k.u AS x SET a = x.x WHERE x.a = 1; END;
CREATE FUNCTION k.g() RETURNS text LANGUAGE sql AS 'SELECT ''UPDATE k.u AS x "json"''';
SELECT kind, identity, left(fingerprint, 12) FROM drift_objects()
	WHERE kind IN ('rule', 'function') AND identity ~ 'k\.' ORDER BY identity;

-- words that only newer majors quote
CREATE TABLE k.words (a integer, json json, json_value integer, "system_user" text, CHECK (json_value > 0));
CREATE VIEW k.merge_action AS SELECT w.json, w.json::json AS "'""json", "system_user", length('"json"') AS n
	FROM k.words w, k.u WHERE w.json_value > 0;
COMMENT ON VIEW k.merge_action IS 'its "json"';
SELECT kind, identity, left(fingerprint, 12) FROM drift_objects()
	WHERE identity ~ 'words|merge' AND kind <> 'type' ORDER BY identity;
SELECT drift_baseline_set() > 0;
COMMENT ON VIEW k.merge_action IS 'its json';
ALTER TABLE k.words ALTER COLUMN json_value SET DEFAULT 1, ALTER COLUMN "json" SET NOT NULL;
SELECT object, attribute FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_sql('live', 'baseline') AS back \gset
:back
SELECT object, attribute FROM drift_diff('baseline', 'live') ORDER BY object, attribute;

-- different views stay different
CREATE TABLE k.t (a integer, b integer);
CREATE VIEW k.v AS SELECT t.a AS b, t.b AS a FROM k.t ORDER BY t.b;
SELECT drift_baseline_set() > 0;
CREATE OR REPLACE VIEW k.v AS SELECT t.a AS b, t.b AS a FROM k.t ORDER BY t.a;
SELECT object, attribute FROM drift_diff('baseline', 'live');
CREATE OR REPLACE VIEW k.v AS SELECT t.a AS b, t.b AS a FROM k.t x(b, a) JOIN k.t USING (a) ORDER BY t.b;
SELECT object, attribute FROM drift_diff('baseline', 'live');
CREATE OR REPLACE VIEW k.v AS SELECT t.a AS b, t.b AS a FROM k.t ORDER BY t.b;
SELECT object, attribute FROM drift_diff('baseline', 'live');
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
