-- New types of columns: a conversion that works where PostgreSQL has no cast,
-- and all that rests on the column put back as it was.  With data.
\set VERBOSITY terse
\pset format unaligned
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TYPE mood AS ENUM ('new', 'old');
CREATE DOMAIN amount AS integer CHECK (VALUE >= 0);
CREATE TABLE t (id integer PRIMARY KEY,
	a text DEFAULT '1', b integer DEFAULT 0, c bigint DEFAULT 1, d boolean DEFAULT true, e state DEFAULT 'new',
	f state[] DEFAULT '{new}', g text[] DEFAULT '{1}', h amount DEFAULT 5, i integer, j numeric(10,2), k jsonb,
	l varchar(10), m timestamp, n integer[] DEFAULT '{1}', p text DEFAULT 'new');
INSERT INTO t (id, i, j, k, l, m) VALUES (1, 7, 1.5, '{}', '12', '2020-02-03 04:05:06');
SELECT drift_baseline_set() AS version;
ALTER TABLE t ALTER a DROP DEFAULT, ALTER a TYPE integer USING a::integer, ALTER a SET DEFAULT 1;
ALTER TABLE t ALTER b DROP DEFAULT, ALTER b TYPE boolean USING b::boolean, ALTER b SET DEFAULT false;
ALTER TABLE t ALTER c DROP DEFAULT, ALTER c TYPE boolean USING c <> 0, ALTER c SET DEFAULT true;
ALTER TABLE t ALTER d DROP DEFAULT, ALTER d TYPE smallint USING d::integer, ALTER d SET DEFAULT 1;
ALTER TABLE t ALTER e DROP DEFAULT, ALTER e TYPE mood USING e::text::mood, ALTER e SET DEFAULT 'old';
ALTER TABLE t ALTER f DROP DEFAULT, ALTER f TYPE mood[] USING f::text::mood[], ALTER f SET DEFAULT '{old}';
ALTER TABLE t ALTER g DROP DEFAULT, ALTER g TYPE integer[] USING g::integer[], ALTER g SET DEFAULT '{2}';
ALTER TABLE t ALTER h DROP DEFAULT, ALTER h TYPE text, ALTER h SET DEFAULT 'x';
ALTER TABLE t ALTER i TYPE amount, ALTER j TYPE integer, ALTER k TYPE json USING k::json;
ALTER TABLE t ALTER l TYPE smallint USING l::smallint, ALTER m TYPE date;
ALTER TABLE t ALTER n DROP DEFAULT, ALTER n TYPE boolean[] USING n::boolean[], ALTER n SET DEFAULT '{t}';
ALTER TABLE t ALTER p DROP DEFAULT, ALTER p TYPE state USING p::state, ALTER p SET DEFAULT 'done';
SELECT drift_baseline_set() AS version;
SELECT drift_sql('baseline@2', 'baseline@1') AS back, drift_sql('baseline@1', 'baseline@2') AS there \gset
SELECT regexp_replace(line, 'ALTER TABLE public\.t ', '') AS types
	FROM regexp_split_to_table(:'there', E';\n') line WHERE line ~ ' USING ' ORDER BY substring(line FROM 'ALTER .*');
\set ON_ERROR_STOP on
\o /dev/null
:back
\o
SELECT change, object, attribute, expected, actual FROM drift_diff('baseline@1', 'live');
SELECT * FROM t;
\o /dev/null
:there
\o
SELECT change, object, attribute, expected, actual FROM drift_diff('baseline@2', 'live');
SELECT * FROM t;

-- what rests on it
CREATE TABLE base (id integer PRIMARY KEY, n integer NOT NULL DEFAULT 1, g integer GENERATED ALWAYS AS (id + n) STORED,
	CONSTRAINT small CHECK (n < 100), CONSTRAINT once UNIQUE (n), EXCLUDE USING btree (n WITH =));
CREATE INDEX base_n ON base (n, (n + 1)) WHERE n > 0;
CREATE STATISTICS base_s ON n, id FROM base;
CREATE TABLE child () INHERITS (base);
CREATE TABLE ref (n integer REFERENCES base (n), m integer);
CREATE VIEW v AS SELECT b.n, r.m FROM base b, ref r WHERE b.n = r.n;
CREATE VIEW vv AS SELECT v.n + 1 AS more, x.id FROM v, base x;
CREATE MATERIALIZED VIEW mv AS SELECT b.n, c.m FROM base b, ref c;
CREATE INDEX mv_n ON mv (n);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE UPDATE OF n ON base FOR EACH ROW WHEN (NEW.n > 1) EXECUTE FUNCTION f();
CREATE POLICY p ON base USING (n > 1);
CREATE RULE r AS ON DELETE TO base WHERE OLD.n = 5 DO INSTEAD NOTHING;
ALTER TABLE base CLUSTER ON once;
ALTER TABLE base REPLICA IDENTITY USING INDEX once;
COMMENT ON VIEW vv IS 'upon another';
COMMENT ON INDEX base_n IS 'an index';
GRANT SELECT ON mv TO PUBLIC;
INSERT INTO base (id, n) VALUES (1, 2);
INSERT INTO ref VALUES (2, 3);
SELECT drift_baseline_set() AS version;
DROP VIEW vv, v;
DROP MATERIALIZED VIEW mv;
DROP POLICY p ON base;
DROP RULE r ON base;
DROP TRIGGER tr ON base;
ALTER TABLE ref DROP CONSTRAINT ref_n_fkey;
ALTER TABLE base DROP g;
ALTER TABLE base ALTER n TYPE bigint;
ALTER TABLE base ADD g integer GENERATED ALWAYS AS (id + n) STORED;
ALTER TABLE ref ALTER n TYPE bigint;
ALTER TABLE ref ADD CONSTRAINT ref_n_fkey FOREIGN KEY (n) REFERENCES base (n);
CREATE VIEW v AS SELECT b.n, r.m FROM base b, ref r WHERE b.n = r.n;
CREATE VIEW vv AS SELECT v.n + 1 AS more, x.id FROM v, base x;
CREATE MATERIALIZED VIEW mv AS SELECT b.n, c.m FROM base b, ref c;
CREATE INDEX mv_n ON mv (n);
CREATE TRIGGER tr BEFORE UPDATE OF n ON base FOR EACH ROW WHEN (NEW.n > 1) EXECUTE FUNCTION f();
CREATE POLICY p ON base USING (n > 1);
CREATE RULE r AS ON DELETE TO base WHERE OLD.n = 5 DO INSTEAD NOTHING;
COMMENT ON VIEW vv IS 'upon another';
GRANT SELECT ON mv TO PUBLIC;
SELECT drift_baseline_set() AS version;
SELECT drift_sql('baseline@4', 'baseline@3') AS back, drift_sql('baseline@3', 'baseline@4') AS there \gset
\o /dev/null
:back
\o
SELECT change, object, attribute, expected, actual FROM drift_diff('baseline@3', 'live');
\o /dev/null
:there
\o
SELECT change, object, attribute, expected, actual FROM drift_diff('baseline@4', 'live');
SELECT * FROM base;
DROP EXTENSION schemadrift;
