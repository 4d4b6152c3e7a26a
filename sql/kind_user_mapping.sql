-- Kind: user mappings.  Their secrets are nowhere, but a change of one is seen.
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_one;
CREATE ROLE "regress two";
CREATE ROLE regress_reader;
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', api_key 'canary-1',
	dsn 'user=me password = ''can ary-2'' port=1', url 'http://me:canary-3@host/d?sslpassword=canary-4&x=1');
CREATE SERVER "s 2" FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR regress_one SERVER s OPTIONS (user 'one', password 'canary-5', password_required 'false');
CREATE USER MAPPING FOR PUBLIC SERVER s;
CREATE USER MAPPING FOR "regress two" SERVER "s 2" OPTIONS ("user" 'two', "Access Token" 'canary-6');
CREATE USER MAPPING FOR regress_one SERVER "s 2" OPTIONS (user 'gone', password 'canary-7');
SELECT identity, definition FROM drift_objects() WHERE kind = 'user_mapping' ORDER BY 1;
SELECT definition FROM drift_objects() WHERE kind = 'server' AND identity = 's';

SELECT drift_baseline_set() AS version;
SELECT drift_fingerprint() AS fingerprint \gset
SELECT count(*) FROM schemadrift.baseline_object WHERE form::text ~ 'canary';

-- another secret is no other schema, and yet a drift
ALTER USER MAPPING FOR regress_one SERVER s OPTIONS (SET password 'canary-8');
ALTER SERVER s OPTIONS (SET url 'http://me:canary-9@host/d?sslpassword=canary-4&x=1');
SELECT drift_fingerprint() = :'fingerprint' AS same;
SELECT class, change, object_type, object, attribute, expected, actual
	FROM drift_diff('baseline', 'live') ORDER BY object_type, object, attribute;
SELECT class, change, object_type, object, attribute FROM drift_check() ORDER BY object_type;
-- a second change is news although it reads the same
SELECT content_digest AS digest FROM schemadrift.drift WHERE state = 'open' AND object_type = 'user_mapping' \gset
ALTER USER MAPPING FOR regress_one SERVER s OPTIONS (SET password 'canary-11');
SELECT object_type, object, actual FROM drift_check() WHERE object_type = 'user_mapping';
SELECT content_digest <> :'digest' AS news FROM schemadrift.drift WHERE state = 'open' AND object_type = 'user_mapping';
SELECT drift_sql('live', 'baseline') AS back;
SELECT drift_accept_all('new passwords') AS accepted;
SELECT class, change, object_type, object, attribute FROM drift_diff('baseline', 'live');
SELECT count(*) FROM drift_check();

ALTER USER MAPPING FOR regress_one SERVER s OPTIONS (SET user 'other', DROP password_required);
ALTER USER MAPPING FOR PUBLIC SERVER s OPTIONS (ADD password 'canary-10', ADD user 'all');
DROP USER MAPPING FOR regress_one SERVER "s 2";
CREATE USER MAPPING FOR regress_reader SERVER s;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected <> actual AS differs FROM drift_diff('baseline', 'live');

DROP FOREIGN DATA WRAPPER w CASCADE;
DROP EXTENSION schemadrift;
DROP ROLE regress_one, "regress two", regress_reader;
