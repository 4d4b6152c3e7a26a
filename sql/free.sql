-- Partitions come and go by the policy of their parent.
\set QUIET on
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
CREATE SCHEMA ev;
CREATE TABLE ev.log (at date NOT NULL, what text NOT NULL DEFAULT '', n integer CHECK (n > 0)) PARTITION BY RANGE (at);
CREATE INDEX log_what ON ev.log (what);
CREATE FUNCTION ev.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE INSERT ON ev.log FOR EACH ROW EXECUTE FUNCTION ev.touch();
CREATE TABLE ev.log_1 PARTITION OF ev.log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE ev.other (a integer) PARTITION BY LIST (a);
CREATE ROLE regress_sd_free;
SELECT drift_baseline_set();
CREATE VIEW open_drift AS
	SELECT change, object_type, object, attribute FROM drift_check() ORDER BY 2, 3, 4;
SELECT drift_accept_all('the view');

\echo without a policy a partition is a table like any other
CREATE TABLE ev.log_2 PARTITION OF ev.log FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
TABLE open_drift;

\echo structure: it may come and go
SELECT drift_partition_policy('ev.log', 'structure', 'monthly');
TABLE open_drift;
DROP TABLE ev.log_1;
TABLE open_drift;
CREATE TABLE ev.log_3 PARTITION OF ev.log FOR VALUES FROM ('2026-03-01') TO ('2026-04-01') PARTITION BY LIST (what);
CREATE TABLE ev.log_3a PARTITION OF ev.log_3 FOR VALUES IN ('a');
TABLE open_drift;
CREATE TABLE ev.log_4 (LIKE ev.log INCLUDING ALL);
SELECT drift_accept_all('made by hand');
ALTER TABLE ev.log ATTACH PARTITION ev.log_4 FOR VALUES FROM ('2026-04-01') TO ('2026-05-01');
TABLE open_drift;
ALTER TABLE ev.log DETACH PARTITION ev.log_2;
TABLE open_drift;
SELECT drift_fingerprint('live') = drift_fingerprint('baseline');

\echo what becomes of one that leaves is watched
CREATE TABLE ev.log_8 PARTITION OF ev.log FOR VALUES FROM ('2026-08-01') TO ('2026-09-01');
TABLE open_drift;
ALTER TABLE ev.log DETACH PARTITION ev.log_8;
GRANT SELECT ON ev.log_8 TO PUBLIC;
ALTER TABLE ev.log_8 ADD COLUMN more integer, ALTER COLUMN what DROP NOT NULL;
CREATE TRIGGER again BEFORE INSERT ON ev.log_8 FOR EACH ROW EXECUTE FUNCTION ev.touch();
TABLE open_drift;
DROP TABLE ev.log_8;
SELECT drift_accept_all('it is gone');
TABLE open_drift;

\echo but not be what the parent is not
CREATE TABLE ev.log_5 PARTITION OF ev.log FOR VALUES FROM ('2026-05-01') TO ('2026-06-01');
CREATE INDEX log_5_n ON ev.log_5 (n);
ALTER TABLE ev.log_5 ADD CHECK (what <> 'no');
TABLE open_drift;
ALTER TABLE ev.log_4 ADD CHECK (n < 10);
ALTER TABLE ev.log_4 DISABLE TRIGGER touch;
TABLE open_drift;
CREATE TABLE ev.log_6 PARTITION OF ev.log FOR VALUES FROM ('2026-06-01') TO ('2026-07-01');
ALTER TABLE ev.log_6 OWNER TO regress_sd_free;
CREATE TABLE ev.log_7 PARTITION OF ev.log FOR VALUES FROM ('2026-07-01') TO ('2026-08-01');
GRANT SELECT ON ev.log_7 TO PUBLIC;
ALTER TABLE ev.log ADD COLUMN m integer;
TABLE open_drift;
SELECT drift_accept_all('enough');

\echo other parents are watched as ever
CREATE TABLE ev.other_1 PARTITION OF ev.other FOR VALUES IN (1);
TABLE open_drift;

\echo ignore: whatever they are
SELECT drift_partition_policy('ev.*', 'ignore');
TABLE open_drift;
CREATE INDEX other_1_a ON ev.other_1 (a);
ALTER TABLE ev.other_1 SET (fillfactor = 50);
TABLE open_drift;
ALTER TABLE ev.other ADD COLUMN b text;
TABLE open_drift;

\echo the policy of the very table counts before that of a pattern
CREATE INDEX log_7_n ON ev.log_7 (n);
TABLE open_drift;
SELECT parent, policy, note FROM drift_partition_policies();
SELECT drift_partition_policy('ev.log', 'strict');
SELECT drift_partition_policy_drop('ev.log');
TABLE open_drift;

\echo bad input
SELECT drift_partition_policy('ev.log', 'lax');
SELECT drift_partition_policy('ev.[log', 'ignore');
SELECT drift_partition_policy(NULL, 'ignore');
SELECT drift_partition_policy_drop('nobody.here');

DROP EXTENSION schemadrift CASCADE;
DROP SCHEMA ev CASCADE;
DROP ROLE regress_sd_free;
