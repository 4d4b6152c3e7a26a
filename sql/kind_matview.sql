-- Kind: materialized views.
CREATE EXTENSION schemadrift;
CREATE SCHEMA k;
-- from 16 on a view's text leaves out the name of an only table
CREATE FUNCTION pg_temp.neutral(text) RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace($1, '\m(t|m)\.', '', 'g') $$;
CREATE TABLE k.t (a integer, b text);
CREATE MATERIALIZED VIEW k.m WITH (fillfactor = 70, toast.autovacuum_enabled = false) AS SELECT a, b FROM k.t;
CREATE UNIQUE INDEX m_a ON k.m (a);
ALTER MATERIALIZED VIEW k.m CLUSTER ON m_a;
CREATE MATERIALIZED VIEW k.empty AS SELECT a FROM k.m WITH NO DATA;
COMMENT ON MATERIALIZED VIEW k.m IS 'stored';
GRANT SELECT ON k.m TO PUBLIC;
SELECT identity, pg_temp.neutral(definition) AS definition FROM drift_objects() WHERE kind = 'matview' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER MATERIALIZED VIEW k.m SET (fillfactor = 80);
ALTER MATERIALIZED VIEW k.m RESET (toast.autovacuum_enabled);
ALTER MATERIALIZED VIEW k.m SET WITHOUT CLUSTER;
COMMENT ON MATERIALIZED VIEW k.m IS NULL;
REVOKE SELECT ON k.m FROM PUBLIC;
REFRESH MATERIALIZED VIEW k.empty;
SELECT class, change, object, attribute,
	pg_temp.neutral(expected) AS expected, pg_temp.neutral(actual) AS actual
	FROM drift_diff('baseline', 'live')
	WHERE object_type = 'matview' ORDER BY object, attribute;
SELECT pg_temp.neutral(drift_sql('baseline', 'live')) AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT pg_temp.neutral(:'back') AS back;
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- another definition takes a new one, and what is built on it
DROP MATERIALIZED VIEW k.m CASCADE;
CREATE MATERIALIZED VIEW k.m AS SELECT a, upper(b) AS b FROM k.t;
CREATE MATERIALIZED VIEW k.empty AS SELECT a FROM k.m WITH NO DATA;
SELECT class, change, object, attribute,
	pg_temp.neutral(expected) AS expected, pg_temp.neutral(actual) AS actual
	FROM drift_diff('baseline', 'live')
	WHERE object_type = 'matview' ORDER BY object, attribute;
SELECT pg_temp.neutral(drift_sql('baseline', 'live')) AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT pg_temp.neutral(:'back') AS back;
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SET client_min_messages = warning;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
