-- Kind: the database itself, compared only with its own past.
CREATE EXTENSION schemadrift;
CREATE ROLE regress_owner;
CREATE ROLE regress_user;
COMMENT ON DATABASE regression IS 'a database';
SELECT identity, definition FROM drift_objects() WHERE kind = 'database';
SELECT drift_fingerprint() AS before \gset
SELECT drift_baseline_set() AS version;
ALTER DATABASE regression CONNECTION LIMIT 90;
ALTER DATABASE regression IS_TEMPLATE true;
REVOKE TEMPORARY ON DATABASE regression FROM PUBLIC;
GRANT CREATE ON DATABASE regression TO regress_user WITH GRANT OPTION;
COMMENT ON DATABASE regression IS 'another';
ALTER DATABASE regression OWNER TO regress_owner;
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
-- it is no part of the fingerprint
SELECT drift_fingerprint() = :'before' AS same;
:back
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
COMMENT ON DATABASE regression IS NULL;

-- what a session cannot say of the database it is in
BEGIN;
SET LOCAL allow_system_table_mods = on;
UPDATE pg_database SET datallowconn = false WHERE datname = 'regression';
SELECT drift_sql('baseline', 'live') AS forward;
ROLLBACK;

-- a baseline of another database says nothing about this one
UPDATE schemadrift.baseline SET database = '1/1';
SELECT count(*) FROM drift_diff('baseline', 'live');
SELECT count(*) FROM drift_check();
SELECT version, reason FROM schemadrift.baseline ORDER BY version;
COMMENT ON DATABASE regression IS 'new';
SELECT change, object_type, object, attribute FROM drift_check();
COMMENT ON DATABASE regression IS NULL;
DROP EXTENSION schemadrift;
DROP ROLE regress_owner, regress_user;
