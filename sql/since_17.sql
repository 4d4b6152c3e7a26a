-- What only 17 and later have, besides what since_18 has.  expected/since_17_1.out
-- is for older servers, which have none of it.  Each plan is run, forth and back.
\set QUIET on
\pset format unaligned
\pset tuples_only on
\set VERBOSITY terse
SELECT current_setting('server_version_num')::integer < 170000 AS is_older \gset
\if :is_older
\quit
\endif
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_sd_keeper;
CREATE SCHEMA k;

-- the privilege to maintain, of a table, a view, a default; an owner without it
CREATE TABLE k.t (a integer);
CREATE TABLE k.u (a integer);
CREATE MATERIALIZED VIEW k.m AS SELECT 1 AS a;
SELECT drift_baseline_set() > 0;
GRANT MAINTAIN ON k.t TO regress_sd_keeper WITH GRANT OPTION;
GRANT MAINTAIN ON k.m TO PUBLIC;
REVOKE MAINTAIN ON k.u FROM CURRENT_USER;
ALTER DEFAULT PRIVILEGES IN SCHEMA k GRANT MAINTAIN ON TABLES TO regress_sd_keeper;
SELECT class, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_sql('live', 'baseline') AS back, drift_sql('baseline', 'live') AS forth \gset
\echo :back
:back
SELECT count(*) FROM drift_diff('baseline', 'live');
\echo :forth
:forth
SELECT drift_sql('live', 'baseline') = :'back';
:back
SELECT count(*) FROM drift_diff('baseline', 'live');

-- triggers on login, the default access method of partitions, expressions,
-- identity of partitions, statistics by default
CREATE FUNCTION k.greet() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE ACCESS METHOD regress_sd_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE k.p (a integer GENERATED ALWAYS AS IDENTITY, b integer, c integer GENERATED ALWAYS AS (b + 1) STORED,
	EXCLUDE USING btree (a WITH =)) PARTITION BY LIST (a);
CREATE TABLE k.p1 PARTITION OF k.p FOR VALUES IN (1);
CREATE STATISTICS k.s ON b, c FROM k.p;
SELECT drift_baseline_set() > 0;
CREATE EVENT TRIGGER regress_sd_greeting ON login EXECUTE FUNCTION k.greet();
ALTER EVENT TRIGGER regress_sd_greeting DISABLE;
ALTER TABLE k.p SET ACCESS METHOD regress_sd_heap;
ALTER TABLE k.p ALTER COLUMN c SET EXPRESSION AS (b + 2), ALTER COLUMN b SET STATISTICS 7;
ALTER STATISTICS k.s SET STATISTICS 9;
CREATE TABLE k.p2 PARTITION OF k.p FOR VALUES IN (2);
SELECT class, object_type, object, attribute, expected, replace(actual, 'CONSTRAINT p_a_not_null ', '') FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_sql('live', 'baseline') AS back, drift_sql('baseline', 'live') AS forth \gset
\echo :back
:back
SELECT object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
-- 18 has a name for NOT NULL
SELECT replace(:'forth', 'CONSTRAINT p_a_not_null ', '');
:forth
SELECT drift_sql('live', 'baseline') = :'back';
SELECT drift_baseline_set() > 0;
-- back to no access method of its own
ALTER TABLE k.p SET ACCESS METHOD DEFAULT;
ALTER TABLE k.p ALTER COLUMN b SET STATISTICS DEFAULT;
ALTER STATISTICS k.s SET STATISTICS DEFAULT;
SELECT class, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
DROP EVENT TRIGGER regress_sd_greeting;

-- collations of the server itself, rules of ICU's
SELECT drift_baseline_set() > 0;
CREATE COLLATION k.own (provider = builtin, locale = 'C.UTF-8');
CREATE COLLATION k.ruled (provider = icu, locale = 'de', rules = '&a < g');
CREATE TABLE k.sorted (a text COLLATE k.own, b text COLLATE k.ruled, c text COLLATE pg_c_utf8);
SELECT identity, definition FROM drift_objects() WHERE identity IN ('k.own', 'k.ruled', 'k.sorted') ORDER BY identity;
SELECT drift_sql('live', 'baseline') AS back, drift_sql('baseline', 'live') AS forth \gset
\echo :back
:back
SELECT object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
\echo :forth
:forth
SELECT drift_sql('live', 'baseline') = :'back';
SELECT drift_baseline_set() > 0;
DROP TABLE k.sorted;
DROP COLLATION k.ruled;
CREATE COLLATION k.ruled (provider = icu, locale = 'de', rules = '&a < h');
SELECT class, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE object = 'k.ruled' ORDER BY object, attribute;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;

-- subscriptions
CREATE SUBSCRIPTION regress_sd_following CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p
	WITH (connect = false, slot_name = NONE, origin = none, run_as_owner = true, failover = true, streaming = parallel);
SELECT drift_sql('baseline', 'live') AS forth \gset
\echo :forth
DROP SUBSCRIPTION regress_sd_following;
:forth
SELECT drift_sql('baseline', 'live') = :'forth';
DROP SUBSCRIPTION regress_sd_following;

DROP SCHEMA k CASCADE;
DROP ACCESS METHOD regress_sd_heap;
DROP ROLE regress_sd_keeper;
DROP EXTENSION schemadrift;
