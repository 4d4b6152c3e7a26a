-- Kind: extensions, which stand for their members; schemadrift is left out.
CREATE EXTENSION schemadrift;
SELECT kind, identity FROM drift_objects() WHERE kind = 'extension';
SELECT drift_baseline_set() AS version;
CREATE SCHEMA k;
CREATE EXTENSION citext VERSION '1.4' SCHEMA k;
SELECT identity, definition FROM drift_objects() WHERE kind = 'extension';
SELECT count(*) FROM drift_objects() WHERE identity LIKE '%citext%' AND kind <> 'extension';
SELECT drift_baseline_set() AS version;
ALTER EXTENSION citext UPDATE TO '1.6';
ALTER EXTENSION citext SET SCHEMA public;
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('baseline@1', 'live') AS from_nothing;
DROP EXTENSION citext;
SELECT change, object, expected FROM drift_diff('baseline', 'live');
DROP SCHEMA k;
DROP EXTENSION schemadrift;
