-- Kind: tables of publications.
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
CREATE SCHEMA k;
CREATE TABLE k.plain (a integer PRIMARY KEY, b text, "c d" numeric);
CREATE TABLE k.parent (a integer PRIMARY KEY);
CREATE TABLE k.child () INHERITS (k.parent);
CREATE TABLE k.part (a integer) PARTITION BY RANGE (a);
CREATE TABLE k.part_1 PARTITION OF k.part FOR VALUES FROM (1) TO (10);
CREATE PUBLICATION p FOR TABLE k.plain (a, "c d") WHERE (a > 1), ONLY k.parent, k.part;
CREATE PUBLICATION q FOR TABLE k.plain;
SELECT identity, definition FROM drift_objects() WHERE kind = 'publication_table' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER PUBLICATION p DROP TABLE k.plain, k.part;
ALTER PUBLICATION p ADD TABLE k.plain (a, b) WHERE (a > 1 AND b = 'it''s'), k.part_1;
ALTER PUBLICATION q ADD TABLE k.child;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- a column goes, another changes its type, a table is another one
ALTER PUBLICATION q DROP TABLE k.plain;
ALTER PUBLICATION p DROP TABLE k.plain;
ALTER TABLE k.plain DROP COLUMN "c d", ALTER COLUMN a TYPE bigint;
ALTER PUBLICATION p ADD TABLE k.plain (a) WHERE (a > 1);
DROP TABLE k.parent CASCADE;
CREATE TABLE k.parent (a integer PRIMARY KEY) PARTITION BY RANGE (a);
ALTER PUBLICATION p ADD TABLE k.parent;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE object_type LIKE 'publication%' ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE attribute <> 'column_order';
DROP PUBLICATION p, q;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
