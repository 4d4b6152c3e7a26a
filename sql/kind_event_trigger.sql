-- Kind: event triggers.
CREATE EXTENSION schemadrift;
CREATE ROLE regress_boss SUPERUSER;
CREATE SCHEMA k;
CREATE FUNCTION k.f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION k.g() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER plain ON ddl_command_end EXECUTE FUNCTION k.f();
CREATE EVENT TRIGGER "its own" ON sql_drop WHEN TAG IN ('DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION k.f();
ALTER EVENT TRIGGER "its own" DISABLE;
CREATE EVENT TRIGGER rewriting ON table_rewrite EXECUTE FUNCTION k.f();
ALTER EVENT TRIGGER rewriting ENABLE REPLICA;
CREATE EVENT TRIGGER gone ON ddl_command_start EXECUTE FUNCTION k.g();
COMMENT ON EVENT TRIGGER plain IS 'an event trigger';
SELECT identity, definition FROM drift_objects() WHERE kind = 'event_trigger' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER EVENT TRIGGER plain ENABLE ALWAYS;
ALTER EVENT TRIGGER plain OWNER TO regress_boss;
COMMENT ON EVENT TRIGGER plain IS NULL;
ALTER EVENT TRIGGER "its own" ENABLE;
DROP EVENT TRIGGER rewriting;
CREATE EVENT TRIGGER rewriting ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION k.g();
DROP EVENT TRIGGER gone;
CREATE EVENT TRIGGER added ON sql_drop EXECUTE FUNCTION k.g();
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- another function of that name: event triggers that call it follow
SELECT drift_baseline_set() > 0 AS set;
DROP EVENT TRIGGER gone;
DROP FUNCTION k.g();
CREATE PROCEDURE k.g() LANGUAGE plpgsql AS 'BEGIN END';
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- capture's own are no difference, but what only looks like them is
SET client_min_messages = warning;
SELECT drift_watch() IS NOT NULL AS watched;
RESET client_min_messages;
SELECT evtname FROM pg_event_trigger WHERE evtname LIKE 'schemadrift%' ORDER BY 1;
SELECT class, change, object_type, object FROM drift_diff('baseline', 'live');
CREATE EVENT TRIGGER schemadrift_capture_more ON ddl_command_end EXECUTE FUNCTION schemadrift.capture_ddl();
SELECT class, change, object_type, object FROM drift_diff('baseline', 'live');
DROP EVENT TRIGGER schemadrift_capture_more;
DROP EVENT TRIGGER schemadrift_capture_ddl;
CREATE EVENT TRIGGER schemadrift_capture_ddl ON ddl_command_end EXECUTE FUNCTION k.f();
SELECT class, change, object_type, object FROM drift_diff('baseline', 'live');
DROP EVENT TRIGGER schemadrift_capture_ddl;
SET client_min_messages = error;
SELECT drift_unwatch() IS NOT NULL AS unwatched;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift CASCADE;
DROP ROLE regress_boss;
