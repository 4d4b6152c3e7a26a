-- Kind sequence: its options are schema, its position is not.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE SEQUENCE plain;
CREATE SEQUENCE small AS smallint INCREMENT BY -2 MINVALUE -9 MAXVALUE 99 START WITH 9 CACHE 3 CYCLE;
CREATE UNLOGGED SEQUENCE unlogged;
CREATE TABLE t (id serial, other integer GENERATED ALWAYS AS IDENTITY);
COMMENT ON SEQUENCE plain IS 'plain';
GRANT USAGE ON SEQUENCE plain TO PUBLIC;
-- the sequence of an identity column is the column's
SELECT kind, identity, definition FROM drift_objects()
WHERE kind = 'sequence' ORDER BY identity;
SELECT drift_baseline_set() > 0 AS set;

SELECT nextval('plain') IS NOT NULL AS moved;
SELECT * FROM drift_diff('baseline', 'live');

ALTER SEQUENCE plain AS integer INCREMENT BY 7 CACHE 4 CYCLE;
ALTER SEQUENCE small NO CYCLE MAXVALUE 50;
ALTER SEQUENCE unlogged SET LOGGED;
ALTER SEQUENCE unlogged OWNED BY t.other;
ALTER SEQUENCE t_id_seq OWNED BY NONE;
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');

-- a new position is needed only where the start leaves the bounds
ALTER SEQUENCE small MINVALUE 20 START WITH 30 RESTART;
ALTER SEQUENCE unlogged MINVALUE 100 MAXVALUE 200 START WITH 100 RESTART;
SELECT drift_baseline_set() > 0 AS set;
ALTER SEQUENCE small MINVALUE -9 START WITH 9 RESTART;
ALTER SEQUENCE unlogged MINVALUE 1 MAXVALUE 50 START WITH 1 RESTART;
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');
