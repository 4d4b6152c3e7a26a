-- Kind: triggers.
CREATE EXTENSION schemadrift;
CREATE SCHEMA k;
-- from 16 on a view's text leaves out the name of an only table
CREATE FUNCTION pg_temp.neutral(text) RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace($1, '\m(t)\.', '', 'g') $$;
CREATE FUNCTION k.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE k.t (a integer, b text);
CREATE VIEW k.v AS SELECT a FROM k.t;
CREATE TRIGGER row_trigger BEFORE UPDATE OF a ON k.t FOR EACH ROW WHEN (NEW.a > 1) EXECUTE FUNCTION k.f('x', 'it''s');
CREATE TRIGGER "always on" AFTER INSERT ON k.t REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION k.f();
ALTER TABLE k.t ENABLE ALWAYS TRIGGER "always on";
CREATE CONSTRAINT TRIGGER later AFTER UPDATE ON k.t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION k.f();
CREATE TRIGGER instead INSTEAD OF INSERT ON k.v FOR EACH ROW EXECUTE FUNCTION k.f();
COMMENT ON TRIGGER row_trigger ON k.t IS 'a trigger';
CREATE TABLE k.p (a integer) PARTITION BY RANGE (a);
CREATE TABLE k.p1 PARTITION OF k.p FOR VALUES FROM (1) TO (10);
CREATE TABLE k.p2 PARTITION OF k.p FOR VALUES FROM (10) TO (20);
CREATE TRIGGER cloned AFTER INSERT ON k.p FOR EACH ROW EXECUTE FUNCTION k.f();
ALTER TABLE k.p1 DISABLE TRIGGER cloned;
SELECT identity, pg_temp.neutral(definition) AS definition FROM drift_objects() WHERE kind = 'trigger' ORDER BY 1;

SELECT drift_baseline_set() AS version;
CREATE OR REPLACE TRIGGER row_trigger BEFORE UPDATE OF a ON k.t FOR EACH ROW EXECUTE FUNCTION k.f();
ALTER TABLE k.t ENABLE REPLICA TRIGGER row_trigger;
ALTER TABLE k.t DISABLE TRIGGER "always on";
DROP TRIGGER later ON k.t;
CREATE CONSTRAINT TRIGGER later AFTER UPDATE ON k.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION k.f();
DROP TRIGGER instead ON k.v;
COMMENT ON TRIGGER row_trigger ON k.t IS NULL;
ALTER TABLE k.p ENABLE ALWAYS TRIGGER cloned;
ALTER TABLE k.p2 ENABLE TRIGGER cloned;
CREATE TRIGGER added AFTER DELETE ON k.t FOR EACH ROW EXECUTE FUNCTION k.f();
SELECT class, change, object, attribute,
	pg_temp.neutral(expected) AS expected, pg_temp.neutral(actual) AS actual
	FROM drift_diff('baseline', 'live')
	WHERE object_type = 'trigger' ORDER BY object, attribute;
SELECT pg_temp.neutral(drift_sql('baseline', 'live')) AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT pg_temp.neutral(:'back') AS back;
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- a column's type changes under a trigger that names it
ALTER TABLE k.t ADD COLUMN c integer;
SELECT drift_baseline_set() > 0 AS set;
DROP TRIGGER row_trigger ON k.t;
DROP VIEW k.v;
ALTER TABLE k.t ALTER COLUMN a TYPE bigint;
CREATE TRIGGER row_trigger BEFORE UPDATE OF a ON k.t FOR EACH ROW WHEN (NEW.a > 1) EXECUTE FUNCTION k.f('x', 'it''s');
COMMENT ON TRIGGER row_trigger ON k.t IS 'a trigger';
SELECT class, change, object, attribute,
	pg_temp.neutral(expected) AS expected, pg_temp.neutral(actual) AS actual
	FROM drift_diff('baseline', 'live')
	WHERE object_type = 'trigger' ORDER BY object, attribute;
SELECT pg_temp.neutral(drift_sql('baseline', 'live')) AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT pg_temp.neutral(:'back') AS back;
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SET client_min_messages = warning;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
