-- Kind attribute: parts of composite types; tables OF the type follow.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE TYPE pair AS (a integer, "B b" text);
COMMENT ON COLUMN pair.a IS 'the first';
SELECT kind, identity, definition FROM drift_objects()
WHERE kind = 'attribute' ORDER BY identity;
SELECT drift_baseline_set() > 0 AS set;

ALTER TYPE pair ALTER ATTRIBUTE a TYPE bigint;
ALTER TYPE pair ALTER ATTRIBUTE "B b" TYPE text COLLATE "C";
ALTER TYPE pair ADD ATTRIBUTE c numeric(5, 2);
COMMENT ON COLUMN pair.a IS NULL;
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');

CREATE TABLE pairs OF pair;
SELECT drift_baseline_set() > 0 AS set;
ALTER TYPE pair ADD ATTRIBUTE d date CASCADE;
ALTER TYPE pair ALTER ATTRIBUTE a TYPE smallint CASCADE;
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');
