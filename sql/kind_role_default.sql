-- Kind: settings of roles in all databases.
SET schemadrift.roles = on;
CREATE EXTENSION schemadrift;
CREATE ROLE "regress Role";
ALTER ROLE "regress Role" SET search_path = a, "B";
ALTER ROLE "regress Role" SET app.jwt_secret = 'hunter2';
ALTER ROLE "regress Role" IN DATABASE regression SET work_mem = '5MB';
ALTER ROLE ALL SET app.regress = 'x';
SELECT identity, definition FROM drift_objects() WHERE kind = 'role_default' AND identity ~ 'regress' ORDER BY identity COLLATE "C";
SELECT drift_baseline_set() AS version;
ALTER ROLE "regress Role" SET search_path = c;
ALTER ROLE "regress Role" SET lock_timeout = '5s';
ALTER ROLE ALL RESET app.regress;
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object COLLATE "C";
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
:back
SELECT object FROM drift_diff('baseline', 'live');
-- who is renamed keeps them
ALTER ROLE "regress Role" RESET app.jwt_secret;
ALTER ROLE "regress Role" IN DATABASE regression RESET work_mem;
SELECT drift_baseline_set() AS version;
ALTER ROLE "regress Role" RENAME TO regress_other;
SELECT change, object FROM drift_diff('baseline', 'live') ORDER BY object COLLATE "C";
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
:back
SELECT object FROM drift_diff('baseline', 'live');
DROP EXTENSION schemadrift;
ALTER ROLE ALL RESET app.regress;
DROP ROLE "regress Role";
