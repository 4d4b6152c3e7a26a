-- Kind: foreign servers.
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_one;
CREATE ROLE regress_boss SUPERUSER;
CREATE FOREIGN DATA WRAPPER w;
CREATE FOREIGN DATA WRAPPER v;
CREATE SERVER plain FOREIGN DATA WRAPPER w;
CREATE SERVER "its own" TYPE 'it''s' VERSION '9.5' FOREIGN DATA WRAPPER w OPTIONS (host 'a', "Port" '1', dbname 'd');
CREATE SERVER moving TYPE 'a' FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR regress_one SERVER moving OPTIONS (user 'one');
CREATE SERVER gone FOREIGN DATA WRAPPER w;
COMMENT ON SERVER "its own" IS 'a server';
GRANT USAGE ON FOREIGN SERVER "its own" TO regress_one;
SELECT identity, definition FROM drift_objects() WHERE kind = 'server' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER SERVER plain VERSION '10' OPTIONS (host 'x');
ALTER SERVER "its own" VERSION NULL;
ALTER SERVER "its own" OPTIONS (SET host 'b', DROP dbname, ADD fetch_size '5');
ALTER SERVER "its own" OWNER TO regress_boss;
REVOKE USAGE ON FOREIGN SERVER "its own" FROM regress_one;
COMMENT ON SERVER "its own" IS NULL;
DROP SERVER moving CASCADE;
CREATE SERVER moving TYPE 'b' FOREIGN DATA WRAPPER v;
CREATE USER MAPPING FOR regress_one SERVER moving OPTIONS (user 'one');
DROP SERVER gone;
CREATE SERVER added FOREIGN DATA WRAPPER v;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
DROP FOREIGN DATA WRAPPER w, v CASCADE;
DROP EXTENSION schemadrift;
DROP ROLE regress_one, regress_boss;
