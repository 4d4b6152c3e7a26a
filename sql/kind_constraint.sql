-- Kind: constraints.
CREATE EXTENSION schemadrift;
CREATE SCHEMA k;
CREATE TABLE k.ref (id integer PRIMARY KEY, u integer UNIQUE);
CREATE TABLE k.t (a integer, b integer, c circle, d integer);
ALTER TABLE k.t ADD CONSTRAINT pk PRIMARY KEY (a) INCLUDE (b) WITH (fillfactor = 70);
ALTER TABLE k.t ADD CONSTRAINT "un ique" UNIQUE NULLS NOT DISTINCT (b) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE k.t ADD CONSTRAINT x EXCLUDE USING gist (c WITH &&) WITH (fillfactor = 70) WHERE (a > 1) DEFERRABLE;
ALTER TABLE k.t ADD CONSTRAINT ck CHECK (a > 1) NO INHERIT;
ALTER TABLE k.t ADD CONSTRAINT loose CHECK (b > 1) NOT VALID;
ALTER TABLE k.t ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES k.ref (u) MATCH FULL ON DELETE CASCADE NOT VALID;
COMMENT ON CONSTRAINT pk ON k.t IS 'the key';
COMMENT ON INDEX k.pk IS 'its index';
CREATE TABLE k.p (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE k.p1 PARTITION OF k.p FOR VALUES FROM (1) TO (10);
ALTER TABLE k.p ADD CONSTRAINT p_key PRIMARY KEY (a);
ALTER TABLE k.p ADD CONSTRAINT p_check CHECK (b > 0);
ALTER TABLE k.p ADD CONSTRAINT p_fk FOREIGN KEY (b) REFERENCES k.ref;
SELECT identity, definition FROM drift_objects() WHERE kind = 'constraint' ORDER BY 1;

-- every property, and what only a new constraint can change
SELECT drift_baseline_set() AS version;
ALTER INDEX k.pk SET (fillfactor = 80);
COMMENT ON INDEX k.pk IS NULL;
COMMENT ON CONSTRAINT pk ON k.t IS 'still the key';
ALTER TABLE k.t DROP CONSTRAINT "un ique";
ALTER TABLE k.t ADD CONSTRAINT "un ique" UNIQUE (b);
ALTER TABLE k.t DROP CONSTRAINT ck;
ALTER TABLE k.t ADD CONSTRAINT ck CHECK (a > 1);
ALTER TABLE k.t VALIDATE CONSTRAINT loose;
ALTER TABLE k.t ALTER CONSTRAINT fk DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE k.t DROP CONSTRAINT x;
ALTER TABLE k.t ADD CONSTRAINT added UNIQUE (a, d);
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE object_type = 'constraint' ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- a key that gets another name takes along the foreign keys that rest on it;
-- checks and keys of partitions follow their parent's
SELECT drift_baseline_set() > 0 AS set;
ALTER TABLE k.t DROP CONSTRAINT fk;
ALTER TABLE k.ref DROP CONSTRAINT ref_u_key;
ALTER TABLE k.ref ADD CONSTRAINT other UNIQUE (u);
ALTER TABLE k.t ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES k.ref (u) MATCH FULL ON DELETE CASCADE NOT VALID;
ALTER TABLE k.p DROP CONSTRAINT p_key;
ALTER TABLE k.p ADD CONSTRAINT p_key UNIQUE (a);
ALTER TABLE k.p DROP CONSTRAINT p_check;
ALTER TABLE k.p ADD CONSTRAINT p_check CHECK (b > 1);
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE object_type = 'constraint' ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- a new partitioned table, referenced by a foreign key
CREATE TABLE k.user_of_p (a integer CONSTRAINT to_p REFERENCES k.p (a));
COMMENT ON CONSTRAINT to_p ON k.user_of_p IS 'late';
SELECT drift_baseline_set() > 0 AS set;
DROP TABLE k.user_of_p, k.p;
SELECT drift_sql('live', 'baseline') AS back \gset
-- from 18 on a partition's NOT NULL has the name of its parent's
SELECT replace(:'back', ' CONSTRAINT p_a_not_null', '') AS shown \gset
\echo :shown
:back
SELECT object FROM drift_diff('baseline', 'live');
SET client_min_messages = warning;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
