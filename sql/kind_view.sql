-- Kind: views.
CREATE EXTENSION schemadrift;
CREATE ROLE regress_viewer;
CREATE SCHEMA k;
-- from 16 on a view's text leaves out the name of an only table
CREATE FUNCTION pg_temp.neutral(text) RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace($1, '\m(t|plain|becomes|counted)\.', '', 'g') $$;
CREATE TABLE k.t (a integer PRIMARY KEY, b text, c integer);
CREATE VIEW k.plain AS SELECT a, b FROM k.t;
CREATE VIEW k.checked WITH (security_barrier) AS SELECT a FROM k.t WHERE a > 1 WITH LOCAL CHECK OPTION;
CREATE VIEW k.grouped AS SELECT a, c FROM k.t GROUP BY a;
CREATE RECURSIVE VIEW k.counted (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < 3;
COMMENT ON VIEW k.plain IS 'a view';
GRANT SELECT ON k.plain TO regress_viewer;
SELECT identity, pg_temp.neutral(definition) AS definition FROM drift_objects() WHERE kind = 'view' ORDER BY 1;

-- columns that stay or come last: replaced; others: a new view
SELECT drift_baseline_set() AS version;
CREATE OR REPLACE VIEW k.plain AS SELECT a, b, c FROM k.t WHERE a > 0;
ALTER VIEW k.checked SET (check_option = cascaded, security_invoker = true);
ALTER VIEW k.checked RESET (security_barrier);
ALTER VIEW k.grouped OWNER TO regress_viewer;
DROP VIEW k.counted;
CREATE VIEW k.added AS SELECT a FROM k.plain;
SELECT class, change, object, attribute,
	pg_temp.neutral(expected) AS expected, pg_temp.neutral(actual) AS actual
	FROM drift_diff('baseline', 'live')
	WHERE object_type = 'view' ORDER BY object, attribute;
SELECT pg_temp.neutral(drift_sql('baseline', 'live')) AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT pg_temp.neutral(:'back') AS back;
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- a column's type changes under its views; a table becomes a view
CREATE VIEW k.second AS SELECT b || 'x' AS bx FROM k.plain;
CREATE TABLE k.becomes (a integer);
CREATE VIEW k.on_it AS SELECT a FROM k.becomes;
SELECT drift_baseline_set() > 0 AS set;
DROP VIEW k.second, k.plain, k.on_it;
ALTER TABLE k.t ALTER COLUMN b TYPE varchar(10);
CREATE VIEW k.plain AS SELECT a, b FROM k.t;
CREATE VIEW k.second AS SELECT b || 'x' AS bx FROM k.plain;
DROP TABLE k.becomes;
CREATE VIEW k.becomes AS SELECT 1 AS a;
CREATE VIEW k.on_it AS SELECT a FROM k.becomes;
SELECT class, change, object, attribute,
	pg_temp.neutral(expected) AS expected, pg_temp.neutral(actual) AS actual
	FROM drift_diff('baseline', 'live')
	WHERE object_type = 'view' ORDER BY object, attribute;
SELECT pg_temp.neutral(drift_sql('baseline', 'live')) AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT pg_temp.neutral(:'back') AS back;
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SET client_min_messages = warning;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
DROP ROLE regress_viewer;
