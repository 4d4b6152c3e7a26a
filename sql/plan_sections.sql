-- Plans that cannot run in one transaction hold their own sections.
\set VERBOSITY terse
\pset format unaligned
\set ON_ERROR_STOP on
CREATE EXTENSION schemadrift;
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE job (id integer, s state DEFAULT 'new', CHECK (s <> 'done' OR id > 0)) PARTITION BY LIST (s);
CREATE TABLE job_new PARTITION OF job FOR VALUES IN ('new');
SELECT drift_baseline_set() AS version;

-- only added: one transaction will do
ALTER TYPE state ADD VALUE 'failed';
SELECT drift_sql('baseline', 'live');

-- added and used
ALTER TABLE job ALTER s SET DEFAULT 'failed', ADD CHECK (s <> 'failed' OR id > 1);
CREATE TABLE job_failed PARTITION OF job FOR VALUES IN ('failed');
CREATE VIEW failed AS SELECT j.id FROM job j, job_new n WHERE j.s = 'failed';
CREATE INDEX job_failed_idx ON job_failed (id) WHERE s = 'failed';
SELECT drift_baseline_set() AS version;
SELECT drift_sql('baseline@1', 'baseline@2') AS plan \gset
SELECT :'plan';
SELECT drift_sql('live', 'baseline@1') LIKE '%ALTER TYPE%';
DROP VIEW failed;
DROP TABLE job;
DROP TYPE state;
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE job (id integer, s state DEFAULT 'new', CHECK (s <> 'done' OR id > 0)) PARTITION BY LIST (s);
CREATE TABLE job_new PARTITION OF job FOR VALUES IN ('new');
:plan
SELECT * FROM drift_diff('baseline@2', 'live');
DROP EXTENSION schemadrift;
