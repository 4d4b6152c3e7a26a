-- Kind domain_constraint: checks of domains.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE DOMAIN age AS integer CONSTRAINT "not negative" CHECK (VALUE >= 0);
CREATE DOMAIN word AS text;
CREATE FUNCTION is_word(word) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$SELECT true$$;
ALTER DOMAIN word ADD CONSTRAINT proper CHECK (is_word(VALUE));
ALTER DOMAIN word ADD CONSTRAINT short CHECK (length(VALUE) < 9) NOT VALID;
COMMENT ON CONSTRAINT "not negative" ON DOMAIN age IS 'nobody is';
SELECT kind, identity, definition FROM drift_objects()
WHERE kind = 'domain_constraint' ORDER BY identity;
SELECT drift_baseline_set() > 0 AS set;

ALTER DOMAIN word VALIDATE CONSTRAINT short;
ALTER DOMAIN age DROP CONSTRAINT "not negative";
ALTER DOMAIN age ADD CONSTRAINT "not negative" CHECK (VALUE > 0);
ALTER DOMAIN age ADD CONSTRAINT sane CHECK (VALUE < 150);
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');
