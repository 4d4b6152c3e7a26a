-- History without workers: changes, blame through renames, any moment again, the timeline.
CREATE EXTENSION schemadrift;
SELECT drift_blame('orders');
SELECT drift_fingerprint('asof:now');
SELECT * FROM drift_timeline();
CREATE TABLE orders (id integer PRIMARY KEY, note text);
CREATE TABLE events (day date, what text) PARTITION BY RANGE (day);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- captures, but no worker checks when we do not
SELECT schemadrift.capture_arm();
SELECT * FROM drift_check();

-- recording a baseline is the first observation; an unchanged check writes nothing
SELECT clock_timestamp() AS t0, drift_fingerprint() AS f0 \gset
SELECT count(*) FROM drift_check();
SELECT count(*) FROM schemadrift.observation;
ALTER TABLE orders ADD COLUMN total numeric DEFAULT 0;
COMMENT ON TABLE orders IS 'what was sold';
ALTER TABLE events ADD COLUMN who text;
SELECT count(*) FROM drift_check();
SELECT clock_timestamp() AS t1, drift_fingerprint() AS f1 \gset
-- a drift that stays is written once
SELECT count(*) FROM drift_check();
SELECT change, object_type, object, attribute, old_value, new_value, statement FROM schemadrift.history ORDER BY id;
SELECT since, until, key, form IS NULL AS gone FROM schemadrift.observed_object ORDER BY key COLLATE "C";

-- by somebody else; renamed, and moved with its schema
CREATE ROLE drift_history_bob;
CREATE SCHEMA shop;
GRANT USAGE, CREATE ON SCHEMA shop TO drift_history_bob;
ALTER TABLE orders OWNER TO drift_history_bob;
SELECT count(*) FROM drift_check();
SET ROLE drift_history_bob;
ALTER TABLE orders ALTER COLUMN total SET DEFAULT 1;
RESET ROLE;
ALTER TABLE orders RENAME TO sales;
ALTER TABLE sales SET SCHEMA shop;
SELECT count(*) FROM drift_check();
ALTER SCHEMA shop RENAME TO store;
ALTER TABLE store.sales RENAME COLUMN note TO remark;
SELECT count(*) FROM drift_check();
SELECT clock_timestamp() AS t2, drift_fingerprint() AS f2 \gset
SELECT change, object_type, object, attribute, old_value, new_value, statement FROM schemadrift.history
 WHERE id > 3 ORDER BY id;

-- who did it, under whatever name
SELECT change, object, attribute, replace(who, session_user, 'me') AS who, ddl FROM drift_diff('asof:' || :'t0', 'live');

-- blame
CREATE FUNCTION pg_temp.blame(name text) RETURNS TABLE (object text, attribute text, value text, who text, statement text)
LANGUAGE sql AS $$
	SELECT b.object, b.attribute, b.value, regexp_replace(replace(b.who, session_user, 'me'), 'before .*', 'before …'), b.statement
	  FROM drift_blame($1) AS b
	 -- 18 alone names NOT NULL
	 WHERE b.attribute IS DISTINCT FROM 'not_null_name'
$$;
SELECT * FROM pg_temp.blame('sales');
SELECT * FROM pg_temp.blame('column store.SALES.Total');
SELECT * FROM pg_temp.blame('events_1.who');
SELECT * FROM pg_temp.blame('orders_pkey ON store.sales');
SELECT count(*) = 1 AS has_event, min(at) < now() AS has_time FROM drift_blame('sales.total') WHERE attribute = 'default' AND event > 0;
SELECT drift_blame('sale');
SELECT drift_blame('day');
SELECT drift_blame('');
SELECT drift_blame(NULL);

-- a new one of the same name has nothing of the old one
DROP TABLE store.sales;
SELECT count(*) FROM drift_check();
\set VERBOSITY terse
SELECT drift_blame('sales');
\set VERBOSITY default
CREATE TABLE store.sales (id bigint);
SELECT count(*) FROM drift_check();
SELECT * FROM pg_temp.blame('sales');
SELECT * FROM pg_temp.blame('sales.id');

-- any moment again, whatever the baseline has become
SELECT drift_accept_all('fine') > 0 AS accepted;
SELECT count(*) FROM drift_check();
SELECT drift_fingerprint('asof:' || :'t0') = :'f0' AS f0, drift_fingerprint('asof:' || :'t1') = :'f1' AS f1,
	   drift_fingerprint('asof:' || :'t2') = :'f2' AS f2, drift_fingerprint('asof:now') = drift_fingerprint() AS now;
SELECT change, object, attribute, expected, actual, who IS NOT NULL AS known, ddl
  FROM drift_diff('asof:' || :'t0', 'asof:' || :'t1');
SELECT change, object, attribute, ddl FROM drift_diff('asof:' || :'t2', 'live') WHERE attribute IS DISTINCT FROM 'not_null_name';
SELECT drift_sql('asof:' || :'t1', 'asof:' || :'t0');
SELECT regexp_replace(drift_report('asof:' || :'t0', 'asof:' || :'t1', 'markdown'),
	'\d+-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*[+-]\d+|\w{3} \w{3} \d+ [\d:.]+ \d+ \w+|\d+ objects|By `[^`]*`', '…', 'g') AS report;
SELECT count(*) > 10 AS objects FROM drift_objects('asof:' || :'t1');
SELECT drift_baseline_set('before', side => 'asof:' || :'t0') AS version;
SELECT drift_fingerprint('baseline:before') = :'f0' AS same;
\set VERBOSITY terse
SELECT drift_diff('asof:2020-01-01', 'live');
\set VERBOSITY sqlstate
SELECT drift_diff('asof:-3 days', 'live');
\set VERBOSITY terse
SELECT drift_diff('asof:the day before', 'live');
SELECT drift_diff('asof:-2 dayz', 'live');
SELECT drift_diff('asof:', 'live');
\set VERBOSITY default
-- its baselines are not ours
SELECT name, max(version) FROM drift_baselines() GROUP BY name ORDER BY name;

-- undone between two checks: events tell, the history does not
SELECT max(id) AS last FROM schemadrift.history \gset
ALTER TABLE store.sales ADD COLUMN passing integer;
ALTER TABLE store.sales DROP COLUMN passing;
SELECT count(*) FROM drift_check();
SELECT count(*) FROM schemadrift.history WHERE id > :last;
SELECT what, object, detail FROM drift_timeline(since => :'t2', name => 'store.sales.passing');

-- the timeline
SELECT what, object, detail FROM drift_timeline(name => 'public.orders*') WHERE what IN ('command', 'drift opened', 'change seen');
SELECT what, replace(who, session_user, 'me') AS who, object, detail FROM drift_timeline(role => 'drift_history_bob');
SELECT what, count(*) FROM drift_timeline() WHERE what <> 'command' GROUP BY what ORDER BY what COLLATE "C";
SELECT count(*) FROM drift_timeline(until => :'t0') WHERE what <> 'baseline set';
SELECT count(*) FROM drift_timeline(since => 'infinity');
SELECT bool_and(at >= before) FROM (SELECT at, lag(at) OVER () AS before FROM drift_timeline()) t;

-- the log of commands, by command, and of a drift
SELECT tag, count(*) FROM drift_log(command => 'alter schema') GROUP BY tag;
SELECT statement FROM drift_log(drift => (SELECT min(id) FROM schemadrift.drift WHERE attribute = 'comment'));
SELECT count(*) FROM drift_log(deploy_label => 'none such');

SELECT schemadrift.capture_disarm();
DROP SCHEMA store CASCADE;
DROP TABLE events;
DROP EXTENSION schemadrift;
DROP ROLE drift_history_bob;
