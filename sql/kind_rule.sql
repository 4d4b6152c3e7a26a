-- Kind: rewrite rules.
CREATE EXTENSION schemadrift;
CREATE SCHEMA k;
CREATE TABLE k.t (a integer, b text);
CREATE TABLE k.log (a integer);
CREATE VIEW k.v AS SELECT a FROM k.t;
CREATE RULE keep AS ON DELETE TO k.t DO INSTEAD NOTHING;
CREATE RULE many AS ON UPDATE TO k.t WHERE new.a > 3
	DO ALSO (INSERT INTO k.log VALUES (new.a); DELETE FROM k.log WHERE a = 4;);
CREATE RULE "on view" AS ON INSERT TO k.v DO INSTEAD INSERT INTO k.t VALUES (new.a);
ALTER TABLE k.t DISABLE RULE keep;
COMMENT ON RULE many ON k.t IS 'a rule';
SELECT identity, definition FROM drift_objects() WHERE kind = 'rule' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER TABLE k.t ENABLE RULE keep;
CREATE OR REPLACE RULE many AS ON UPDATE TO k.t WHERE new.a > 4 DO ALSO INSERT INTO k.log VALUES (new.a);
ALTER TABLE k.t ENABLE ALWAYS RULE many;
COMMENT ON RULE many ON k.t IS 'the rule';
DROP RULE "on view" ON k.v;
CREATE RULE added AS ON INSERT TO k.t DO ALSO NOTHING;
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE object_type = 'rule' ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- a column's type changes under the rules that use it
DROP RULE many ON k.t;
ALTER TABLE k.log ALTER COLUMN a TYPE bigint;
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE object_type = 'rule' ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SET client_min_messages = warning;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
