-- Kind: publications.
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_publisher SUPERUSER;
CREATE SCHEMA k;
CREATE TABLE k.t (a integer PRIMARY KEY, b text);
CREATE PUBLICATION plain FOR TABLE k.t;
CREATE PUBLICATION "its own" WITH (publish = 'insert, truncate', publish_via_partition_root);
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE PUBLICATION nothing WITH (publish = '');
CREATE PUBLICATION gone FOR TABLE k.t;
COMMENT ON PUBLICATION plain IS 'a publication';
SELECT identity, definition FROM drift_objects() WHERE kind = 'publication' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER PUBLICATION plain SET (publish = 'update, delete', publish_via_partition_root = true);
ALTER PUBLICATION plain OWNER TO regress_publisher;
COMMENT ON PUBLICATION plain IS NULL;
ALTER PUBLICATION "its own" SET (publish_via_partition_root = false);
DROP PUBLICATION everything;
CREATE PUBLICATION everything FOR TABLE k.t;
DROP PUBLICATION gone;
CREATE PUBLICATION added FOR ALL TABLES;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
DROP PUBLICATION plain, "its own", everything, nothing, gone;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
DROP ROLE regress_publisher;
