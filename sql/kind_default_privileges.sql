-- Kind: default privileges, and what they mean for what plans create.
CREATE EXTENSION schemadrift;
CREATE ROLE regress_owner;
CREATE ROLE "regress Reader";
CREATE SCHEMA k;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO "regress Reader";
ALTER DEFAULT PRIVILEGES IN SCHEMA k GRANT USAGE ON SEQUENCES TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_owner IN SCHEMA k GRANT ALL ON TABLES TO "regress Reader" WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_owner REVOKE ALL ON TYPES FROM PUBLIC, regress_owner;
ALTER DEFAULT PRIVILEGES GRANT CREATE ON SCHEMAS TO regress_owner;
SELECT identity, definition FROM drift_objects() WHERE kind = 'default_privileges' ORDER BY 1;
SELECT drift_baseline_set() AS version;
ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO "regress Reader";
ALTER DEFAULT PRIVILEGES FOR ROLE regress_owner IN SCHEMA k REVOKE GRANT OPTION FOR ALL ON TABLES FROM "regress Reader";
ALTER DEFAULT PRIVILEGES FOR ROLE regress_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_owner GRANT USAGE ON TYPES TO regress_owner;
ALTER DEFAULT PRIVILEGES IN SCHEMA k GRANT USAGE ON TYPES TO regress_owner;
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
:back
SELECT change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- What a plan creates has the privileges that are wanted, whatever default
-- privileges apply meanwhile; an extension's members, too.
CREATE FUNCTION k.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE k.t (a integer GENERATED ALWAYS AS IDENTITY, b serial);
CREATE TABLE k.granted (a integer);
CREATE VIEW k.v AS SELECT 1 AS a;
CREATE TYPE k.e AS ENUM ('a');
CREATE SCHEMA other;
REVOKE ALL ON SCHEMA other FROM regress_owner;
REVOKE ALL ON SEQUENCE k.t_a_seq, k.t_b_seq FROM PUBLIC;
REVOKE ALL ON k.v, k.t FROM "regress Reader";
REVOKE ALL ON k.granted FROM "regress Reader";
GRANT UPDATE ON k.granted TO "regress Reader" WITH GRANT OPTION;
ALTER TABLE k.granted OWNER TO regress_owner;
SELECT drift_baseline_set() AS version;
DROP FUNCTION k.f();
DROP TABLE k.t, k.granted;
DROP VIEW k.v;
DROP TYPE k.e;
DROP SCHEMA other;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TYPES FROM CURRENT_USER, PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA k GRANT ALL ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
:back
SELECT change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT relname, string_agg(DISTINCT CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, ', ') AS grantees
	FROM pg_class, aclexplode(relacl)
	WHERE relnamespace = 'k'::regnamespace AND relkind IN ('r', 'v', 'S') GROUP BY 1 ORDER BY 1;

-- the same where an entry stays as it is
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
SELECT drift_baseline_set() AS version;
DROP FUNCTION k.f();
DROP TABLE k.granted;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
:back
SELECT change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
CREATE EXTENSION tcn SCHEMA k VERSION '1.0';
SELECT drift_sql('baseline', 'live') AS forward;

SET client_min_messages = warning;
DROP SCHEMA k CASCADE;
DROP SCHEMA other;
DROP OWNED BY regress_owner, "regress Reader";
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
SELECT count(*) FROM pg_default_acl;
DROP EXTENSION schemadrift;
DROP ROLE regress_owner, "regress Reader";
