-- Kind composite: the order of its attributes can be had by a new type only.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE TYPE pair AS (a integer, b text COLLATE "C");
CREATE TYPE nothing AS ();
CREATE FUNCTION first_of(pair) RETURNS integer LANGUAGE sql AS $$SELECT $1.a$$;
COMMENT ON TYPE pair IS 'two';
SELECT kind, identity, definition FROM drift_objects()
WHERE kind = 'composite' ORDER BY identity;
SELECT drift_baseline_set() > 0 AS set;

ALTER TYPE pair DROP ATTRIBUTE a;
ALTER TYPE pair ADD ATTRIBUTE a integer;
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');
