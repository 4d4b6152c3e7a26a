-- What only 18 and later have.  expected/since_18_1.out is for older servers,
-- which have none of it.  Each plan is run, forth and back.
\set QUIET on
\pset format unaligned
\pset tuples_only on
\set VERBOSITY terse
SELECT current_setting('server_version_num')::integer < 180000 AS is_older \gset
\if :is_older
\quit
\endif
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
CREATE SCHEMA k;

-- NOT NULL is a constraint: its name, NO INHERIT, NOT VALID, comment
CREATE TABLE k.t (a integer NOT NULL, b integer CONSTRAINT own NOT NULL, c integer NOT NULL NO INHERIT, d integer, e integer,
	"F g" integer NOT NULL);
ALTER TABLE k.t ADD CONSTRAINT later NOT NULL d NOT VALID;
COMMENT ON CONSTRAINT own ON k.t IS 'said';
CREATE TABLE k.parent (a integer NOT NULL, b integer NOT NULL, c integer);
CREATE TABLE k.child (a integer NOT NULL, d integer) INHERITS (k.parent);
CREATE TABLE k.named (CONSTRAINT mine NOT NULL b, CONSTRAINT of_child NOT NULL c) INHERITS (k.parent);
CREATE TABLE k.top (a integer NOT NULL);
CREATE TABLE k.below () INHERITS (k.top);
CREATE TABLE k.p (a integer NOT NULL, b integer CONSTRAINT whole NOT NULL) PARTITION BY LIST (a);
CREATE TABLE k.p1 PARTITION OF k.p FOR VALUES IN (1);
CREATE TABLE k.p2 (b integer NOT NULL, a integer NOT NULL);
ALTER TABLE k.p ATTACH PARTITION k.p2 FOR VALUES IN (2);
CREATE DOMAIN k.d AS integer CONSTRAINT stays NOT NULL;
CREATE DOMAIN k.e AS integer NOT NULL;
CREATE DOMAIN k.f AS integer;
COMMENT ON CONSTRAINT stays ON DOMAIN k.d IS 'it does';
CREATE TABLE k.a_table_whose_name_is_as_long_as_it_can_be_without_being_cut_x (a_column_with_a_long_name_as_well integer NOT NULL);
SELECT identity, definition FROM drift_objects() WHERE kind IN ('column', 'domain') AND definition ~ 'NOT NULL' ORDER BY identity;
SELECT drift_baseline_set() > 0;

ALTER TABLE k.t RENAME CONSTRAINT t_a_not_null TO renamed;
ALTER TABLE k.t RENAME CONSTRAINT own TO own_too;
COMMENT ON CONSTRAINT own_too ON k.t IS NULL;
ALTER TABLE k.t ALTER CONSTRAINT t_c_not_null INHERIT;
ALTER TABLE k.t VALIDATE CONSTRAINT later;
ALTER TABLE k.t ADD CONSTRAINT fresh NOT NULL e NO INHERIT NOT VALID;
ALTER TABLE k.t ALTER CONSTRAINT "t_F g_not_null" NO INHERIT;
COMMENT ON CONSTRAINT "t_F g_not_null" ON k.t IS 'and this';
ALTER TABLE k.top RENAME CONSTRAINT top_a_not_null TO of_all;
ALTER TABLE k.parent ALTER COLUMN c SET NOT NULL;
ALTER DOMAIN k.d RENAME CONSTRAINT stays TO moved;
COMMENT ON CONSTRAINT moved ON DOMAIN k.d IS 'and was';
COMMENT ON CONSTRAINT e_not_null ON DOMAIN k.e IS 'it is';
ALTER DOMAIN k.f ADD CONSTRAINT fresh NOT NULL;
SELECT class, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_sql('live', 'baseline') AS back, drift_sql('baseline', 'live') AS forth \gset
\echo :back
:back
SELECT class, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_baseline_set() > 0;
:forth
SELECT object, attribute, expected, actual FROM drift_diff('live', 'baseline') ORDER BY object, attribute;
SELECT drift_sql('live', 'baseline@1') AS back \gset
:back
SELECT object, attribute, expected, actual FROM drift_diff('live', 'baseline@1') ORDER BY object, attribute;
-- what no ALTER takes back
ALTER TABLE k.child ALTER COLUMN b SET NOT NULL;
SELECT drift_sql('live', 'baseline@1');
ALTER TABLE k.child NO INHERIT k.parent;
-- a partition, though first by name, leaves its table the name that it has
CREATE TABLE k.whole (a integer NOT NULL) PARTITION BY LIST (a);
CREATE TABLE k.a_part PARTITION OF k.whole FOR VALUES IN (1);
SELECT drift_baseline_set() AS version \gset
DROP TABLE k.whole;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT conrelid::regclass, conname FROM pg_constraint WHERE conname ~ 'whole' ORDER BY 1;

-- constraints that are not enforced, and over periods
CREATE TABLE k.room (id int4range, during tsrange, price integer CONSTRAINT dear CHECK (price < 9) NOT ENFORCED,
	size integer CONSTRAINT small CHECK (size < 9), PRIMARY KEY (id, during WITHOUT OVERLAPS));
CREATE TABLE k.booking (room int4range, at tsrange, other int4range, later tsrange, t integer, u integer,
	UNIQUE (room, at WITHOUT OVERLAPS),
	CONSTRAINT of_room FOREIGN KEY (room, PERIOD at) REFERENCES k.room (id, PERIOD during),
	CONSTRAINT of_other FOREIGN KEY (other, PERIOD later) REFERENCES k.room (id, PERIOD during) NOT ENFORCED);
CREATE TABLE k.keyed (id integer PRIMARY KEY);
ALTER TABLE k.booking ADD CONSTRAINT of_t FOREIGN KEY (t) REFERENCES k.keyed NOT ENFORCED,
	ADD CONSTRAINT of_u FOREIGN KEY (u) REFERENCES k.keyed DEFERRABLE;
SELECT identity, definition FROM drift_objects() WHERE kind = 'constraint' AND identity ~ 'room|booking' ORDER BY identity;
SELECT drift_baseline_set() AS version \gset
ALTER TABLE k.booking ALTER CONSTRAINT of_t ENFORCED, ALTER CONSTRAINT of_u NOT ENFORCED;
ALTER TABLE k.room DROP CONSTRAINT small, ADD CONSTRAINT small CHECK (size < 9) NOT ENFORCED;
SELECT class, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_sql('live', 'baseline') AS back, drift_sql('baseline', 'live') AS forth \gset
\echo :back
:back
SELECT object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
:forth
SELECT count(*) FROM drift_diff('baseline', 'live');

-- generated columns that are not stored
CREATE TABLE k.made (a integer, v integer GENERATED ALWAYS AS (a + 1), s integer GENERATED ALWAYS AS (a + 2) STORED,
	w integer GENERATED ALWAYS AS (a + 3) VIRTUAL);
SELECT definition FROM drift_objects() WHERE identity = 'k.made';
SELECT drift_baseline_set() AS version \gset
ALTER TABLE k.made ALTER COLUMN v SET EXPRESSION AS (a * 2), ALTER COLUMN s SET EXPRESSION AS (a * 3);
ALTER TABLE k.made DROP COLUMN w, ADD COLUMN w integer GENERATED ALWAYS AS (a + 3) STORED;
SELECT class, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
