-- NOT NULL of columns: alone, inherited, partitioned, with keys; a constraint
-- of its own from 18 on.  Each plan is run, forth and back.
\set QUIET on
\pset format unaligned
\pset tuples_only on
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
CREATE SCHEMA k;
CREATE TABLE k.plain (a integer, b integer NOT NULL, c integer, d integer);
CREATE TABLE k.base (a integer, b integer NOT NULL);
CREATE TABLE k.a_child (c integer) INHERITS (k.base);
CREATE TABLE k.z_child (c integer) INHERITS (k.base);
CREATE TABLE k.parent (a integer NOT NULL, b integer, c integer NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE k.a_part PARTITION OF k.parent FOR VALUES FROM (0) TO (10);
CREATE TABLE k.z_part PARTITION OF k.parent FOR VALUES FROM (10) TO (20);
CREATE DOMAIN k.some AS integer NOT NULL;
SELECT identity, definition FROM drift_objects()
	WHERE kind IN ('column', 'constraint', 'domain_constraint') ORDER BY identity;
SELECT drift_baseline_set() > 0;

ALTER TABLE k.plain ALTER COLUMN a SET NOT NULL;
ALTER TABLE k.plain ALTER COLUMN b DROP NOT NULL;
ALTER TABLE k.plain ADD PRIMARY KEY (c);
ALTER TABLE k.base ALTER COLUMN b DROP NOT NULL;
ALTER TABLE k.base ALTER COLUMN a SET NOT NULL;
ALTER TABLE k.parent ALTER COLUMN b SET NOT NULL;
ALTER TABLE k.parent ALTER COLUMN c DROP NOT NULL;
ALTER DOMAIN k.some DROP NOT NULL;
SELECT object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_sql('live', 'baseline') AS back, drift_sql('baseline', 'live') AS forth \gset
:back
SELECT object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_baseline_set() > 0;
:forth
SELECT drift_baseline_set() > 0;
SELECT object, attribute, expected, actual FROM drift_diff('baseline@1', 'live') ORDER BY object, attribute;
:back
:forth
SELECT object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;

-- the primary key of a partitioned table, and one that loses it
ALTER TABLE k.parent ADD PRIMARY KEY (a);
ALTER TABLE k.plain DROP CONSTRAINT plain_pkey;
SELECT drift_sql('live', 'baseline') AS back \gset
:back
SELECT object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;

-- who did it, among other subcommands
SELECT drift_watch() IS NOT NULL;
ALTER TABLE k.plain ALTER COLUMN a DROP NOT NULL, ADD COLUMN e integer, ALTER COLUMN b SET NOT NULL;
SELECT class, object, attribute, ddl FROM drift_check() ORDER BY object, attribute;
SELECT drift_unwatch() IS NOT NULL;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
