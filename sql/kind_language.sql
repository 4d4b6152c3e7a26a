-- Kind language: all but its name can be replaced.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE ROLE regress_speaker;
CREATE TRUSTED LANGUAGE spoken HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE LANGUAGE "odd ""name""" HANDLER plpgsql_call_handler;
COMMENT ON LANGUAGE spoken IS 'speaks';
REVOKE USAGE ON LANGUAGE spoken FROM PUBLIC;
GRANT USAGE ON LANGUAGE spoken TO regress_speaker WITH GRANT OPTION;
CREATE FUNCTION said() RETURNS integer LANGUAGE spoken AS 'BEGIN RETURN 1; END';
SELECT kind, identity, definition FROM drift_objects() WHERE kind IN ('language') ORDER BY kind, identity;
SELECT drift_baseline_set() > 0 AS set;

CREATE OR REPLACE LANGUAGE "odd ""name""" HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler;
ALTER LANGUAGE "odd ""name""" OWNER TO regress_speaker;
CREATE OR REPLACE TRUSTED LANGUAGE spoken HANDLER plpgsql_call_handler;
REVOKE GRANT OPTION FOR USAGE ON LANGUAGE spoken FROM regress_speaker;
GRANT USAGE ON LANGUAGE spoken TO PUBLIC;
COMMENT ON LANGUAGE spoken IS NULL;
CREATE LANGUAGE added HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');

-- trusted or not, and gone with what is written in it
DROP FUNCTION said();
DROP LANGUAGE spoken;
CREATE OR REPLACE TRUSTED LANGUAGE "odd ""name""" HANDLER plpgsql_call_handler;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
\o /dev/null
:back
\o
SELECT * FROM drift_diff('baseline', 'live');
DROP OWNED BY regress_speaker;
DROP ROLE regress_speaker;
