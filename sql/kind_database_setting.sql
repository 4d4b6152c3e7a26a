-- Kind: settings of the database.
CREATE EXTENSION schemadrift;
ALTER DATABASE regression SET search_path = 'a b', public;
ALTER DATABASE regression SET "app.greeting" = 'it''s';
ALTER DATABASE regression SET work_mem = '5MB';
ALTER DATABASE regression SET app.jwt_secret = 'hunter2';
SELECT identity, definition FROM drift_objects()
	WHERE kind = 'database_setting' AND identity ~ '^(search_path|work_mem|app)' ORDER BY 1;
SELECT drift_fingerprint() AS before \gset
SELECT drift_baseline_set() AS version;
ALTER DATABASE regression SET search_path = '';
ALTER DATABASE regression RESET work_mem;
ALTER ROLE ALL IN DATABASE regression SET app.new = 'x=y';
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
SELECT drift_fingerprint() = :'before' AS same;
:back
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
-- a secret is not kept, so it cannot be set again
ALTER DATABASE regression SET app.jwt_secret = 'hunter3';
SELECT class, change, object, attribute, expected ~ 'hunter' AS told, actual ~ 'hunter' AS shown FROM drift_diff('baseline', 'live');
ALTER DATABASE regression RESET app.jwt_secret;
SELECT drift_sql('live', 'baseline') AS back;
ALTER DATABASE regression RESET app.greeting;
ALTER DATABASE regression RESET search_path;
ALTER DATABASE regression RESET work_mem;
DROP EXTENSION schemadrift;
