-- A base type of somebody's own, and all that rests on it: comes and goes by
-- plan, and lets parts of it be changed back and forth, with data in place.
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
\set ECHO none
\i test/fixtures/own_type.sql
\set ECHO all
SELECT drift_baseline_set('made') > 0;

-- from nothing, and back to nothing
DROP SCHEMA s CASCADE;
SELECT drift_baseline_set('nothing') > 0;
SELECT drift_sql('live', 'baseline:made') AS plan \gset
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline:made', 'live');
SELECT drift_sql('live', 'baseline:nothing') AS plan \gset
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline:nothing', 'live');
SELECT drift_sql('live', 'baseline:made') AS plan \gset
\o /dev/null
:plan
\o
INSERT INTO s.t VALUES ('1', '2', '[3,4)', ROW('1', '2'), '{1,2}', '8', 3);
INSERT INTO s.u VALUES ('1');

-- what can be altered or needs nothing else
DROP CAST (s.num AS integer);
CREATE CAST (s.num AS integer) WITH FUNCTION s.to_int(s.num) AS IMPLICIT;
ALTER OPERATOR s.<> (s.num, s.num) SET (RESTRICT = eqsel);
ALTER TYPE s.num SET (SEND = NONE);
ALTER OPERATOR FAMILY s.num_ops USING btree ADD OPERATOR 1 < (bigint, integer);
SELECT change, object_type, object, attribute, expected, actual FROM drift_diff('baseline:made', 'live');
SELECT drift_baseline_set('changed') > 0;
SELECT drift_sql('live', 'baseline:made') AS plan \gset
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline:made', 'live');
SELECT drift_sql('live', 'baseline:changed') AS plan \gset
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline:changed', 'live');

-- what takes another type, operator, class and function: all of it is built anew
UPDATE pg_type SET typcategory = 'N' WHERE oid = 's.num'::regtype;
SELECT change, object_type, object, attribute, expected, actual FROM drift_diff('baseline:changed', 'live');
SELECT drift_baseline_set('anew') > 0;
SELECT drift_sql('live', 'baseline:made') AS plan \gset
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline:made', 'live');
SELECT drift_sql('live', 'baseline:anew') AS plan \gset
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline:anew', 'live');
SELECT * FROM s.t, s.u;
