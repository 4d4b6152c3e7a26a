-- Kind: roles, only where the setting asks for them.
CREATE EXTENSION schemadrift;
CREATE ROLE "regress Boss" SUPERUSER CREATEROLE CREATEDB LOGIN REPLICATION BYPASSRLS NOINHERIT
	CONNECTION LIMIT 3 PASSWORD 'hunter2' VALID UNTIL '2031-02-03 04:05:06+00';
CREATE ROLE regress_plain;
COMMENT ON ROLE regress_plain IS 'a group';
SELECT count(*) FROM drift_objects() WHERE kind IN ('role', 'role_member', 'role_default');
SELECT drift_baseline_set() AS version;
SELECT drift_fingerprint() AS before \gset
-- turning it on is no drift
SET schemadrift.roles = on;
SELECT identity, definition FROM drift_objects() WHERE kind = 'role' AND identity ~ 'regress' ORDER BY identity COLLATE "C";
SELECT object FROM drift_diff('baseline', 'live');
SELECT object FROM drift_check();
SELECT version, reason FROM drift_baselines() ORDER BY version;
ALTER ROLE regress_plain LOGIN CREATEDB CONNECTION LIMIT 4 VALID UNTIL '2030-01-01 00:00:00+00';
ALTER ROLE "regress Boss" NOSUPERUSER INHERIT VALID UNTIL 'infinity' PASSWORD 'hunter3';
COMMENT ON ROLE regress_plain IS NULL;
CREATE ROLE regress_new LOGIN CONNECTION LIMIT 0;
COMMENT ON ROLE regress_new IS 'new';
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT object, attribute FROM drift_check() ORDER BY object, attribute;
SELECT drift_fingerprint() = :'before' AS same;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
-- nor is turning it off
SET schemadrift.roles = off;
SELECT object FROM drift_diff('baseline', 'live');
SELECT object FROM drift_check();
SET schemadrift.roles = on;
SELECT count(*) FROM drift_check();
:back
SELECT object FROM drift_diff('baseline', 'live');
SELECT object FROM drift_check();
-- a role that goes and one that is renamed
DROP ROLE "regress Boss";
ALTER ROLE regress_plain RENAME TO regress_renamed;
SELECT change, object, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object COLLATE "C";
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
:back
SELECT object, attribute FROM drift_diff('baseline', 'live');
DROP EXTENSION schemadrift;
DROP ROLE "regress Boss", regress_plain;
