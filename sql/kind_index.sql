-- Kind: indexes.
CREATE EXTENSION schemadrift;
CREATE SCHEMA k;
CREATE TABLE k.t (a integer NOT NULL, b integer, c text);
CREATE INDEX plain ON k.t (a);
CREATE UNIQUE INDEX uniq ON k.t (a, b) INCLUDE (c) NULLS NOT DISTINCT;
CREATE INDEX expr ON k.t (lower(c) text_pattern_ops DESC NULLS LAST, b);
ALTER INDEX k.expr ALTER COLUMN 1 SET STATISTICS 400;
CREATE INDEX part ON k.t (a) WITH (fillfactor = 70, deduplicate_items = off)
	WHERE b > 1 AND c <> ' WITH (fillfactor=''70'')';
CREATE INDEX brin ON k.t USING brin (a) WITH (pages_per_range = 4);
COMMENT ON INDEX k.plain IS 'plain';
CREATE MATERIALIZED VIEW k.m AS SELECT 1 AS a;
CREATE INDEX on_m ON k.m (a);
CREATE TABLE k.p (a integer, b integer) PARTITION BY RANGE (a);
CREATE TABLE k.p1 PARTITION OF k.p FOR VALUES FROM (1) TO (10);
CREATE INDEX p_b ON k.p (b);
CREATE INDEX p_only ON ONLY k.p (b);
SELECT identity, definition FROM drift_objects() WHERE kind = 'index' ORDER BY 1;

SELECT drift_baseline_set() AS version;
COMMENT ON INDEX k.plain IS NULL;
DROP INDEX k.uniq;
CREATE UNIQUE INDEX uniq ON k.t (a, b);
ALTER INDEX k.expr ALTER COLUMN 1 SET STATISTICS 40;
ALTER INDEX k.part SET (fillfactor = 80);
ALTER INDEX k.part RESET (deduplicate_items);
ALTER INDEX k.brin RESET (pages_per_range);
DROP INDEX k.on_m;
CREATE INDEX added ON k.t (c) WITH (fillfactor = 60) WHERE a > 1;
DROP INDEX k.p_b;
CREATE INDEX p_b ON k.p (b, a);
CREATE INDEX p1_own ON k.p1 (b);
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE object_type = 'index' ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- an index leaves the one that it is attached to only together with that
CREATE INDEX p1_own ON k.p1 (b);
SELECT drift_baseline_set() > 0 AS set;
ALTER INDEX k.p_only ATTACH PARTITION k.p1_own;
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live');
SELECT drift_sql('live', 'baseline');
DROP INDEX k.p_only;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT object FROM drift_diff('baseline', 'live');
CREATE INDEX p1_more ON k.p1 (b);
ALTER INDEX k.p_only ATTACH PARTITION k.p1_more;
SELECT drift_sql('live', 'baseline');
DROP INDEX k.p_only;

-- an index that a failed CREATE INDEX CONCURRENTLY left behind
INSERT INTO k.t VALUES (1, 1, 'x'), (1, 2, 'y');
SELECT drift_baseline_set() > 0 AS set;
CREATE UNIQUE INDEX CONCURRENTLY broken ON k.t (a);
SELECT class, change, object, attribute FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline');
SELECT drift_sql('baseline', 'live');
DELETE FROM k.t WHERE c = 'y';
SELECT drift_baseline_set() > 0 AS set;
REINDEX INDEX k.broken;
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live');
SELECT drift_sql('live', 'baseline');
SET client_min_messages = warning;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
