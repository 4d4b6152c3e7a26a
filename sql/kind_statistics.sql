-- Kind: extended statistics objects.
CREATE EXTENSION schemadrift;
CREATE ROLE regress_owner;
CREATE SCHEMA k;
CREATE SCHEMA "other schema";
GRANT CREATE ON SCHEMA k, "other schema" TO regress_owner;
CREATE TABLE k.t (a integer, b integer, c text, "d d" text);
CREATE MATERIALIZED VIEW k.m AS SELECT a, b FROM k.t;
CREATE STATISTICS k.all_kinds ON a, b FROM k.t;
CREATE STATISTICS k.some_kinds (ndistinct, dependencies) ON a, "d d" FROM k.t;
CREATE STATISTICS k.one_expression ON (lower(c)) FROM k.t;
CREATE STATISTICS "other schema"."odd ""name""" (mcv) ON a, (lower("d d") || 'x') FROM k.t;
CREATE STATISTICS k.of_matview ON a, b FROM k.m;
ALTER STATISTICS k.all_kinds SET STATISTICS 500;
ALTER STATISTICS k.some_kinds SET STATISTICS 0;
ALTER STATISTICS k.one_expression OWNER TO regress_owner;
COMMENT ON STATISTICS k.all_kinds IS 'they go together';
SELECT identity, definition FROM drift_objects() WHERE kind = 'statistics' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER STATISTICS k.all_kinds SET STATISTICS -1;
COMMENT ON STATISTICS k.all_kinds IS NULL;
ALTER STATISTICS k.all_kinds OWNER TO regress_owner;
ALTER STATISTICS k.one_expression SET STATISTICS 10;
DROP STATISTICS k.some_kinds;
CREATE STATISTICS k.some_kinds (ndistinct) ON a, "d d" FROM k.t;
DROP STATISTICS "other schema"."odd ""name""";
CREATE STATISTICS k.added ON b, c FROM k.t;
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE object_type = 'statistics' ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- analyze gathers data, which is no schema
INSERT INTO k.t SELECT i, i, i::text, 'x' FROM generate_series(1, 100) AS i;
ANALYZE k.t;
SELECT count(*) AS differences FROM drift_diff('baseline', 'live');

-- a column's type changes: target, owner and comment stay
DROP MATERIALIZED VIEW k.m;
SELECT drift_baseline_set() AS version;
ALTER TABLE k.t ALTER COLUMN a TYPE bigint;
ALTER STATISTICS k.all_kinds SET STATISTICS 500;
ALTER STATISTICS k.some_kinds SET STATISTICS 0;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- they go with their table and come back with it; without a column that they need
ALTER TABLE k.t DROP COLUMN "d d";
SELECT change, object_type, object FROM drift_diff('baseline', 'live') ORDER BY object;
SELECT drift_sql('live', 'baseline') AS back \gset
:back
-- the column is the last one still
SELECT change, object_type, object FROM drift_diff('baseline', 'live');
DROP TABLE k.t;
SELECT change, object_type, object FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
:back
SELECT change, object_type, object FROM drift_diff('baseline', 'live');

-- a table of an extension is left to it, what people put on it is not
ALTER EXTENSION schemadrift ADD TABLE k.t;
SELECT drift_baseline_set() AS version;
CREATE STATISTICS k.on_member ON b, c FROM k.t;
SELECT change, object_type, object FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS back \gset
:back
SELECT change, object_type, object FROM drift_diff('baseline', 'live');
ALTER EXTENSION schemadrift DROP TABLE k.t;

SET client_min_messages = warning;
DROP SCHEMA k, "other schema" CASCADE;
DROP EXTENSION schemadrift;
DROP ROLE regress_owner;
