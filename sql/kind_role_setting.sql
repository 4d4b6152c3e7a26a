-- Kind: settings of roles in this database.
CREATE EXTENSION schemadrift;
CREATE ROLE "regress Role";
ALTER ROLE "regress Role" IN DATABASE regression SET search_path = a, "B";
ALTER ROLE "regress Role" IN DATABASE regression SET statement_timeout = '5s';
ALTER ROLE "regress Role" SET lock_timeout = '5s';
SELECT identity, definition FROM drift_objects() WHERE kind = 'role_setting' ORDER BY 1;
SELECT drift_baseline_set() AS version;
ALTER ROLE "regress Role" IN DATABASE regression SET statement_timeout = '6s';
ALTER ROLE "regress Role" IN DATABASE regression RESET search_path;
ALTER ROLE "regress Role" IN DATABASE regression SET TimeZone = 'UTC';
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
:back
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
DROP EXTENSION schemadrift;
DROP ROLE "regress Role";
