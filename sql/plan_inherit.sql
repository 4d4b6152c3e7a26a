-- Plans for tables that inherit: what is a table's own and what its parents'
-- stays so; and other things that a plan must say exactly.
\set VERBOSITY terse
\pset format unaligned
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
SELECT drift_baseline_set() AS version;
CREATE TABLE p1 (a integer);
CREATE TABLE p2 (b integer);
CREATE TABLE two (z integer) INHERITS (p1);
CREATE TABLE other (a integer);
CREATE TABLE moved (z integer) INHERITS (p1);
CREATE TABLE base (x date);
CREATE TABLE own (u integer, v text) INHERITS (base);
CREATE INDEX own_v ON own (v);
CREATE VIEW own_view AS SELECT o.v, b.x FROM own o, base b;
-- columns merged with a parent's, in an order of their own
CREATE TABLE gen (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE gen_before (b integer, a integer) INHERITS (gen);
CREATE TABLE gen_later (b integer GENERATED ALWAYS AS (a * 2) STORED, c text, a integer);
ALTER TABLE gen_later INHERIT gen;
-- a check that the child has for certain
CREATE TABLE loose (f integer);
CREATE TABLE strict (CONSTRAINT positive CHECK (f > 0)) INHERITS (loose);
ALTER TABLE loose ADD CONSTRAINT positive CHECK (f > 0) NOT VALID;
-- which of both?
CREATE PROCEDURE proc(OUT a integer, IN b integer, IN c integer) LANGUAGE plpgsql AS 'BEGIN END';
CREATE PROCEDURE proc(IN a integer, IN b integer, IN c integer) LANGUAGE plpgsql AS 'BEGIN END';
-- a sequence that does not go with its table
CREATE TABLE logged (i integer GENERATED ALWAYS AS IDENTITY);
ALTER SEQUENCE logged_i_seq SET UNLOGGED;
SELECT drift_baseline_set() AS version;
SELECT drift_sql('baseline@1', 'baseline@2') AS build, drift_sql('baseline@2', 'baseline@1') AS empty \gset
SELECT :'build';
\set ON_ERROR_STOP on
\o /dev/null
:empty
:build
\o
SELECT change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- a second parent, another parent, a column left to the parent
INSERT INTO own (u, v) VALUES (1, 'kept');
INSERT INTO moved VALUES (2, 3);
ALTER SEQUENCE logged_i_seq SET LOGGED;
DROP TABLE two;
CREATE TABLE two (z integer) INHERITS (p1, p2);
DROP TABLE moved;
CREATE TABLE moved (z integer) INHERITS (other);
DROP VIEW own_view;
ALTER TABLE own DROP COLUMN v;
ALTER TABLE base ADD COLUMN v text;
ALTER TABLE own ALTER COLUMN v SET STATISTICS 5;
CREATE INDEX own_v ON own (v);
CREATE VIEW own_view AS SELECT o.v, b.x FROM own o, base b;
SELECT drift_baseline_set() AS version;
SELECT drift_sql('baseline@2', 'baseline@3') AS there, drift_sql('baseline@3', 'baseline@2') AS back,
	drift_sql('baseline@3', 'baseline@1') AS empty \gset
SELECT :'there';
\o /dev/null
:back
\o
SELECT change, object_type, object, attribute, expected, actual FROM drift_diff('baseline@2', 'live');
UPDATE own SET v = 'kept';
INSERT INTO moved VALUES (2, 3);
\o /dev/null
:there
\o
SELECT change, object_type, object, attribute, expected, actual FROM drift_diff('baseline@3', 'live');
SELECT * FROM own;
SELECT * FROM moved;
\o /dev/null
:empty
\o
SELECT * FROM drift_diff('baseline@1', 'live');
DROP EXTENSION schemadrift;
