-- Kind procedure.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE PROCEDURE plain() LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE PROCEDURE "full of"(IN a integer, OUT c integer, INOUT b text DEFAULT 'x') LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog AS $$BEGIN c := a; END$$;
COMMENT ON PROCEDURE plain() IS 'plain';
REVOKE ALL ON PROCEDURE plain() FROM PUBLIC;
SELECT kind, identity, definition FROM drift_objects()
WHERE kind = 'procedure' ORDER BY identity;
SELECT drift_baseline_set() > 0 AS set;

ALTER PROCEDURE "full of" SECURITY INVOKER RESET ALL;
CREATE OR REPLACE PROCEDURE plain() LANGUAGE sql AS 'SELECT 1';
SELECT class, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');

DROP PROCEDURE "full of";
CREATE PROCEDURE "full of"(IN z integer, INOUT b text) LANGUAGE plpgsql AS 'BEGIN NULL; END';
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');
