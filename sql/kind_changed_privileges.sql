-- Kind: privileges that differ from those that initdb or CREATE EXTENSION gave.
CREATE EXTENSION schemadrift;
CREATE ROLE regress_user;
CREATE ROLE regress_other;
CREATE SCHEMA k;
CREATE EXTENSION pg_stat_statements SCHEMA k VERSION '1.6';
CREATE EXTENSION pgstattuple SCHEMA k VERSION '1.5';
GRANT USAGE ON SCHEMA k TO regress_user;
CREATE EXTENSION postgres_fdw SCHEMA k;
CREATE TABLE k.t (a integer GENERATED ALWAYS AS IDENTITY);
-- nothing is listed that is as it was made
SELECT identity FROM drift_objects() WHERE kind = 'changed_privileges';
SELECT drift_baseline_set() AS version;
REVOKE EXECUTE ON FUNCTION pg_sleep(double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_read_file(text, bigint, bigint) TO regress_user WITH GRANT OPTION;
GRANT SELECT ON pg_authid TO regress_user;
GRANT SELECT (subconninfo) ON pg_subscription TO regress_user;
REVOKE USAGE ON TYPE point FROM PUBLIC;
GRANT CREATE ON SCHEMA pg_catalog TO regress_user;
REVOKE USAGE ON LANGUAGE sql FROM PUBLIC;
GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO regress_user;
REVOKE SELECT ON k.pg_stat_statements FROM PUBLIC;
GRANT SELECT (calls) ON k.pg_stat_statements TO regress_user;
GRANT EXECUTE ON FUNCTION k.pg_stat_statements_reset TO regress_user WITH GRANT OPTION;
SET ROLE regress_user;
GRANT EXECUTE ON FUNCTION k.pg_stat_statements_reset TO regress_other;
RESET ROLE;
-- its own script took it from PUBLIC and gave it to a role
REVOKE EXECUTE ON FUNCTION k.pgstatindex(text) FROM pg_stat_scan_tables;
GRANT USAGE ON SEQUENCE k.t_a_seq TO regress_user;
SELECT class, change, object, attribute, actual FROM drift_diff('baseline', 'live') ORDER BY object COLLATE "C";
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
SELECT drift_baseline_set() AS version;
:back
SELECT object FROM drift_diff('baseline@1', 'live');
SELECT drift_sql('live', 'baseline') AS there \gset
:there
SELECT object FROM drift_diff('baseline', 'live');
REVOKE ALL ON FUNCTION k.pg_stat_statements_reset FROM regress_user CASCADE;
GRANT INSERT ON k.pg_stat_statements TO regress_other;
SELECT change, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object COLLATE "C";
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
:back
SELECT object FROM drift_diff('baseline', 'live');
-- they come with their extension, and go with it
SELECT drift_sql('live', 'baseline@1') AS plan \gset
DROP EXTENSION pg_stat_statements;
DROP TABLE k.t;
SELECT change, object_type, object FROM drift_diff('baseline', 'live') ORDER BY 2, 3;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
:back
SELECT object FROM drift_diff('baseline', 'live');
:plan
SELECT object FROM drift_diff('baseline@1', 'live');
DROP TABLE k.t;
DROP EXTENSION pg_stat_statements, pgstattuple, postgres_fdw;
DROP SCHEMA k;
DROP OWNED BY regress_user, regress_other;
DROP EXTENSION schemadrift;
DROP ROLE regress_user, regress_other;
