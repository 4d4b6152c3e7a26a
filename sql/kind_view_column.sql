-- Kind: columns of views that carry something.
CREATE EXTENSION schemadrift;
CREATE ROLE regress_viewer;
CREATE SCHEMA k;
-- from 16 on a view's text leaves out the name of an only table
CREATE FUNCTION pg_temp.neutral(text) RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace($1, '\m(t)\.', '', 'g') $$;
CREATE TABLE k.t (a integer, b text);
CREATE VIEW k.v AS SELECT a, b, b AS "c d" FROM k.t;
CREATE MATERIALIZED VIEW k.m AS SELECT a, b FROM k.t;
ALTER VIEW k.v ALTER COLUMN a SET DEFAULT 3;
COMMENT ON COLUMN k.v."c d" IS 'a comment';
GRANT SELECT (b) ON k.v TO regress_viewer;
ALTER MATERIALIZED VIEW k.m ALTER COLUMN b SET STATISTICS 40;
ALTER MATERIALIZED VIEW k.m ALTER COLUMN b SET STORAGE EXTERNAL;
ALTER MATERIALIZED VIEW k.m ALTER COLUMN a SET (n_distinct = 5);
SELECT identity, pg_temp.neutral(definition) AS definition FROM drift_objects() WHERE kind = 'view_column' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER VIEW k.v ALTER COLUMN a DROP DEFAULT;
ALTER VIEW k.v ALTER COLUMN b SET DEFAULT 'x';
GRANT UPDATE (b) ON k.v TO regress_viewer;
COMMENT ON COLUMN k.v."c d" IS NULL;
ALTER MATERIALIZED VIEW k.m ALTER COLUMN b SET STATISTICS -1;
ALTER MATERIALIZED VIEW k.m ALTER COLUMN b SET STORAGE MAIN;
ALTER MATERIALIZED VIEW k.m ALTER COLUMN a SET (n_distinct = 7);
SELECT class, change, object, attribute,
	pg_temp.neutral(expected) AS expected, pg_temp.neutral(actual) AS actual
	FROM drift_diff('baseline', 'live')
	WHERE object_type = 'view_column' ORDER BY object, attribute;
SELECT pg_temp.neutral(drift_sql('baseline', 'live')) AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT pg_temp.neutral(:'back') AS back;
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- all is there again after the view had to be made anew
ALTER TABLE k.t ADD COLUMN e integer;
DROP VIEW k.v;
CREATE VIEW k.v AS SELECT e FROM k.t;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT pg_temp.neutral(:'back') AS back;
:back
SELECT object FROM drift_diff('baseline', 'live');
SET client_min_messages = warning;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
DROP ROLE regress_viewer;
