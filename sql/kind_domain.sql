-- Kind domain: default and NOT NULL are altered; another base type takes a new
-- domain.
\set VERBOSITY terse
\pset format unaligned
CREATE EXTENSION schemadrift;
CREATE DOMAIN plain AS integer;
CREATE DOMAIN full_of AS varchar(20) COLLATE "C" DEFAULT 'it''s' NOT NULL;
CREATE DOMAIN list AS integer[];
COMMENT ON DOMAIN full_of IS 'a domain';
REVOKE USAGE ON TYPE full_of FROM PUBLIC;
SELECT kind, identity, definition FROM drift_objects()
WHERE kind = 'domain' ORDER BY identity;
SELECT drift_baseline_set() > 0 AS set;

ALTER DOMAIN plain SET DEFAULT 7;
ALTER DOMAIN plain SET NOT NULL;
ALTER DOMAIN full_of DROP DEFAULT;
ALTER DOMAIN full_of DROP NOT NULL;
DROP DOMAIN list;
CREATE DOMAIN list AS bigint[];
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS plan \gset
SELECT :'plan';
\o /dev/null
:plan
\o
SELECT * FROM drift_diff('baseline', 'live');
