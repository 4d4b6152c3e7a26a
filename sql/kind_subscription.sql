-- Kind: subscriptions.  No publisher is ever asked.
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_subscriber SUPERUSER;
CREATE SUBSCRIPTION plain CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p, "q q"
	WITH (connect = false, slot_name = NONE, streaming = off);
CREATE SUBSCRIPTION "its own" CONNECTION 'host=127.0.0.1 port=1 password = ''can ary-1'' dbname=x sslpassword=canary-2'
	PUBLICATION p WITH (connect = false, slot_name = 'a_slot', binary = true, streaming = on, two_phase = true,
	disable_on_error = true, synchronous_commit = 'local');
CREATE SUBSCRIPTION url CONNECTION 'postgresql://me:canary-3@127.0.0.1:1/x?password=canary-4&sslmode=disable'
	PUBLICATION p WITH (connect = false, slot_name = NONE, streaming = off);
CREATE SUBSCRIPTION gone CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p
	WITH (connect = false, slot_name = 'left_there', streaming = off);
COMMENT ON SUBSCRIPTION plain IS 'a subscription';
SELECT identity, definition FROM drift_objects() WHERE kind = 'subscription' ORDER BY 1;

SELECT drift_baseline_set() AS version;
SELECT count(*) FROM schemadrift.baseline_object WHERE form::text ~ 'can ?ary';
ALTER SUBSCRIPTION plain CONNECTION 'host=127.0.0.1 port=1 dbname=y';
ALTER SUBSCRIPTION plain SET PUBLICATION p, r WITH (refresh = false);
ALTER SUBSCRIPTION plain SET (binary = true, streaming = on, disable_on_error = true, synchronous_commit = 'remote_apply');
ALTER SUBSCRIPTION plain SET (slot_name = 'other');
ALTER SUBSCRIPTION plain ENABLE;
ALTER SUBSCRIPTION plain OWNER TO regress_subscriber;
COMMENT ON SUBSCRIPTION plain IS NULL;
ALTER SUBSCRIPTION "its own" SET (slot_name = NONE);
DROP SUBSCRIPTION "its own";
CREATE SUBSCRIPTION "its own" CONNECTION 'host=127.0.0.1 port=1 password = ''can ary-1'' dbname=x sslpassword=canary-2'
	PUBLICATION p WITH (connect = false, slot_name = 'a_slot', streaming = off);
ALTER SUBSCRIPTION url CONNECTION 'postgresql://me:canary-5@127.0.0.1:1/x?password=canary-4&sslmode=disable';
ALTER SUBSCRIPTION gone SET (slot_name = NONE);
DROP SUBSCRIPTION gone;
CREATE SUBSCRIPTION added CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p
	WITH (connect = false, slot_name = 'new', streaming = off);
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE attribute IS DISTINCT FROM 'secret' ORDER BY object, attribute;
SELECT class, change, object_type, object, attribute FROM drift_diff('baseline', 'live')
	WHERE attribute = 'secret' ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute FROM drift_diff('baseline', 'live') ORDER BY object, attribute;

-- enabled and at rest
SELECT drift_baseline_set() > 0 AS set;
ALTER SUBSCRIPTION "its own" DISABLE;
ALTER SUBSCRIPTION "its own" SET (slot_name = 'b_slot');
ALTER SUBSCRIPTION "its own" ENABLE;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT format('ALTER SUBSCRIPTION %I DISABLE', subname), format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', subname),
	format('DROP SUBSCRIPTION %I', subname) FROM pg_subscription ORDER BY subname \gexec
DROP EXTENSION schemadrift;
DROP ROLE regress_subscriber;
