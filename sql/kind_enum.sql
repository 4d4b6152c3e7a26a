-- Kind enum: labels are one ordered property; they can be added anywhere, and
-- only a label that goes or moves takes a new type.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE TYPE mood AS ENUM ('sad', 'it''s, well', 'back\slash');
CREATE TYPE "Odd ""name""" AS ENUM ();
COMMENT ON TYPE mood IS 'how it is';
REVOKE ALL ON TYPE mood FROM PUBLIC;
SELECT kind, identity, definition FROM drift_objects()
WHERE kind = 'enum' ORDER BY identity;
SELECT drift_baseline_set() > 0 AS set;

-- before, between, after, and into an empty type
ALTER TYPE mood ADD VALUE 'angry' BEFORE 'sad';
ALTER TYPE mood ADD VALUE 'calm' AFTER 'sad';
ALTER TYPE mood ADD VALUE 'happy';
ALTER TYPE mood ADD VALUE 'very happy';
ALTER TYPE "Odd ""name""" ADD VALUE 'a';
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live');
-- labels cannot be taken away
SELECT drift_sql('live', 'baseline');

-- a renamed label is never guessed, but known by its number
SELECT drift_baseline_set() > 0 AS set;
ALTER TYPE mood RENAME VALUE 'calm' TO 'quiet';
SELECT drift_sql('live', 'baseline');

-- columns of a type that is built anew keep their data, views are made again
CREATE TABLE day (id integer, m mood DEFAULT 'sad', n mood[]);
CREATE VIEW good_day AS SELECT id FROM day WHERE m = 'happy';
SELECT drift_baseline_set() > 0 AS set;
INSERT INTO day VALUES (1, 'happy', '{sad,happy}');
ALTER TYPE mood ADD VALUE 'x';
SELECT drift_sql('live', 'baseline') AS plan \gset
-- later servers leave the table's name out of a view's columns
SELECT regexp_replace(:'plan', '\mday\.', '', 'g');
\o /dev/null
:plan
\o
SELECT * FROM day;
SELECT * FROM drift_diff('baseline', 'live');
