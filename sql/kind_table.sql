-- Kind: tables.
CREATE EXTENSION schemadrift;
-- (servers from 17 on have one privilege more)
CREATE FUNCTION pg_temp.neutral(text) RETURNS text LANGUAGE sql AS $$
	SELECT replace($1, 'MAINTAIN, ', '') $$;
CREATE SCHEMA k;
CREATE ROLE regress_owner;
CREATE TABLE k.plain (a integer, b text);
CREATE UNLOGGED TABLE k.unlogged (a text) WITH (fillfactor = 70, toast.autovacuum_enabled = false);
CREATE TABLE k.parent (a integer, b text) PARTITION BY RANGE (a);
CREATE TABLE k.part PARTITION OF k.parent FOR VALUES FROM (1) TO (10);
CREATE TABLE k.base (a integer);
CREATE TABLE k.child (b text) INHERITS (k.base);
CREATE TYPE k.row_type AS (x integer, y text);
CREATE TABLE k.typed OF k.row_type;
ALTER TABLE k.plain ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE k.plain IS 'a comment';
GRANT SELECT ON k.plain TO PUBLIC;
SELECT identity, definition FROM drift_objects() WHERE kind = 'table' AND identity LIKE 'k.%' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER TABLE k.plain SET UNLOGGED;
ALTER TABLE k.plain SET (fillfactor = 50);
ALTER TABLE k.plain DISABLE ROW LEVEL SECURITY;
ALTER TABLE k.plain FORCE ROW LEVEL SECURITY;
ALTER TABLE k.plain REPLICA IDENTITY FULL;
ALTER TABLE k.plain OWNER TO regress_owner;
REVOKE SELECT ON k.plain FROM PUBLIC;
GRANT SELECT, UPDATE ON k.plain TO regress_owner WITH GRANT OPTION;
COMMENT ON TABLE k.plain IS NULL;
ALTER TABLE k.unlogged RESET (fillfactor);
ALTER TABLE k.unlogged SET (toast.autovacuum_enabled = true, toast.vacuum_index_cleanup = 'off');
ALTER TABLE k.parent DETACH PARTITION k.part;
ALTER TABLE k.child NO INHERIT k.base;
ALTER TABLE k.typed NOT OF;
CREATE TABLE k.added (a integer);
DROP TABLE k.base;
SELECT class, change, object, attribute, expected, pg_temp.neutral(actual) AS actual
	FROM drift_diff('baseline', 'live')
	WHERE object_type = 'table' ORDER BY object, attribute;
SELECT pg_temp.neutral(drift_sql('baseline', 'live')) AS forward;
-- a child that left and came back has its columns from its parent again
SELECT drift_sql('live', 'baseline') AS back \gset
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- the order of columns counts only among those that both sides have
ALTER TABLE k.plain DROP COLUMN a;
ALTER TABLE k.plain ADD COLUMN a integer;
SELECT object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline');
SET client_min_messages = warning;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
DROP ROLE regress_owner;
