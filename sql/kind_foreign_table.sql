-- Kind: foreign tables, with the columns, checks and triggers of any table.
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_one;
CREATE SCHEMA k;
GRANT ALL ON SCHEMA k TO regress_one;
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE SERVER "s 2" FOREIGN DATA WRAPPER w;
GRANT USAGE ON FOREIGN SERVER s, "s 2" TO regress_one;
CREATE FUNCTION k.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION k.one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FOREIGN TABLE k.plain (a integer OPTIONS (column_name 'A', "x y" '1') NOT NULL, b text COLLATE "C" DEFAULT 'b',
	c integer DEFAULT k.one(), CONSTRAINT positive CHECK (a > 0)) SERVER s OPTIONS (schema_name 'q', table_name 'it''s');
ALTER FOREIGN TABLE k.plain ALTER COLUMN b SET STORAGE EXTERNAL, ALTER COLUMN b SET STATISTICS 5,
	ALTER COLUMN b SET (n_distinct = 3);
CREATE TRIGGER row_trigger BEFORE INSERT ON k.plain FOR EACH ROW EXECUTE FUNCTION k.f();
CREATE FOREIGN TABLE k."no columns" () SERVER s;
CREATE FOREIGN TABLE k.gone (a integer) SERVER s;
CREATE FOREIGN TABLE k.moving (a integer, b integer GENERATED ALWAYS AS (a + 1) STORED) SERVER s OPTIONS (secret_key 'canary');
CREATE VIEW k.on_moving AS SELECT b, a FROM k.moving;
CREATE STATISTICS k.together ON a, b FROM k.moving;
COMMENT ON VIEW k.on_moving IS 'kept';
CREATE TABLE k.parent (a integer, b text);
CREATE FOREIGN TABLE k.child (c integer) INHERITS (k.parent) SERVER s;
CREATE TABLE k.parted (a integer NOT NULL, b text) PARTITION BY LIST (a);
CREATE FOREIGN TABLE k.part_1 PARTITION OF k.parted (b DEFAULT 'x') FOR VALUES IN (1) SERVER s;
CREATE FOREIGN TABLE k.part_2 PARTITION OF k.parted FOR VALUES IN (2) SERVER s OPTIONS (t 'u');
COMMENT ON FOREIGN TABLE k.plain IS 'a foreign table';
COMMENT ON COLUMN k.plain.a IS 'a column';
GRANT SELECT ON k.plain TO regress_one;
GRANT UPDATE (b) ON k.plain TO regress_one;
SELECT kind, identity, definition FROM drift_objects() WHERE kind IN ('foreign_table', 'column', 'constraint')
	AND identity !~ 'parent|parted$' ORDER BY kind COLLATE "C", identity COLLATE "C";

SELECT drift_baseline_set() AS version;
ALTER FOREIGN TABLE k.plain OPTIONS (SET table_name 'other', DROP schema_name, ADD fresh 'yes');
ALTER FOREIGN TABLE k.plain ALTER COLUMN a OPTIONS (SET column_name 'B', DROP "x y"), ALTER COLUMN a DROP NOT NULL,
	ALTER COLUMN a TYPE bigint, ALTER COLUMN b DROP DEFAULT, ALTER COLUMN b OPTIONS (ADD column_name 'bb'),
	ALTER COLUMN b SET STORAGE EXTENDED, ALTER COLUMN b SET STATISTICS -1, ALTER COLUMN b RESET (n_distinct),
	DROP COLUMN c, ADD COLUMN d numeric OPTIONS (column_name 'D') DEFAULT 1, DROP CONSTRAINT positive,
	ADD CONSTRAINT large CHECK (d > 9) NOT VALID;
ALTER FOREIGN TABLE k.plain DISABLE TRIGGER row_trigger;
ALTER FOREIGN TABLE k.plain OWNER TO regress_one;
REVOKE UPDATE (b) ON k.plain FROM regress_one;
COMMENT ON FOREIGN TABLE k.plain IS NULL;
COMMENT ON COLUMN k.plain.a IS NULL;
DROP FOREIGN TABLE k.gone;
DROP FOREIGN TABLE k.moving CASCADE;
CREATE FOREIGN TABLE k.moving (a integer, b integer GENERATED ALWAYS AS (a + 1) STORED) SERVER "s 2"
	OPTIONS (secret_key 'canary');
CREATE VIEW k.on_moving AS SELECT b, a FROM k.moving;
CREATE STATISTICS k.together ON a, b FROM k.moving;
COMMENT ON VIEW k.on_moving IS 'kept';
ALTER FOREIGN TABLE k.child NO INHERIT k.parent;
ALTER TABLE k.parted DETACH PARTITION k.part_1;
DROP FOREIGN TABLE k.part_2;
CREATE FOREIGN TABLE k.added (a integer CHECK (a > 1)) INHERITS (k.parent) SERVER s;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE attribute NOT IN ('column_order', 'secret', 'local');

-- what parents do reaches foreign children; an enum is another one
CREATE TYPE k.state AS ENUM ('a', 'b');
ALTER TABLE k.parent ADD COLUMN s text;
ALTER FOREIGN TABLE k.moving ADD COLUMN s k.state;
SELECT drift_baseline_set() > 0 AS set;
ALTER TABLE k.parent ALTER COLUMN a TYPE bigint, ADD COLUMN e date, DROP COLUMN b;
ALTER TABLE k.parted ADD CONSTRAINT short CHECK (b < 'z'), ALTER COLUMN b TYPE varchar(5);
ALTER FOREIGN TABLE k.moving DROP COLUMN s;
DROP TYPE k.state;
CREATE TYPE k.state AS ENUM ('b', 'a');
ALTER FOREIGN TABLE k.moving ADD COLUMN s k.state;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE attribute NOT IN ('column_order', 'local');

-- what the server cannot do the plan does not try
DROP TYPE k.state CASCADE;
CREATE TYPE k.state AS ENUM ('a', 'b');
ALTER TABLE k.parent ADD COLUMN u k.state;
SELECT drift_baseline_set() > 0 AS set;
ALTER TABLE k.parent DROP COLUMN u;
DROP TYPE k.state;
CREATE TYPE k.state AS ENUM ('b', 'a');
ALTER TABLE k.parent ADD COLUMN u k.state;
SELECT drift_sql('live', 'baseline') AS back;
DROP SCHEMA k CASCADE;
DROP FOREIGN DATA WRAPPER w CASCADE;
DROP EXTENSION schemadrift;
DROP ROLE regress_one;
