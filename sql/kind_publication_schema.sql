-- Kind: schemas of publications.
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
CREATE SCHEMA k;
CREATE SCHEMA "k 2";
CREATE TABLE k.t (a integer PRIMARY KEY, b text);
CREATE PUBLICATION p FOR TABLES IN SCHEMA k;
CREATE PUBLICATION q FOR TABLES IN SCHEMA "k 2", TABLE k.t;
SELECT identity, definition FROM drift_objects() WHERE kind = 'publication_schema' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER PUBLICATION p SET TABLES IN SCHEMA "k 2";
DROP SCHEMA "k 2" CASCADE;
ALTER PUBLICATION q DROP TABLE k.t;
ALTER PUBLICATION q ADD TABLES IN SCHEMA k;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
DROP PUBLICATION p, q;
DROP SCHEMA k, "k 2" CASCADE;
DROP EXTENSION schemadrift;
