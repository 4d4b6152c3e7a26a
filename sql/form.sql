-- A baseline of an older canonical form is re-sealed by the first check: what
-- the form did not have is no drift, what it had is.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE EXTENSION schemadrift;
CREATE TABLE kept (id integer, note text);
CREATE TABLE altered (id integer);
CREATE TABLE dropped (id integer);
CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = pg_catalog.simple);
COMMENT ON TEXT SEARCH DICTIONARY plain IS 'of a kind that form 1 lacked';
SELECT drift_baseline_set();
-- as the library of form 1 would have left it
UPDATE schemadrift.baseline SET form = 1, fingerprint = replace(fingerprint, 'sd2', 'sd1');
DELETE FROM schemadrift.baseline_object WHERE key LIKE 'text_search_%';
ALTER TABLE altered ADD COLUMN note text;
DROP TABLE dropped;
CREATE TEXT SEARCH DICTIONARY later (TEMPLATE = pg_catalog.simple);
-- between two forms only what both have is compared
SELECT change, object_type, object FROM drift_diff('baseline', 'live');
SELECT split_part(drift_fingerprint('baseline'), ':', 1), split_part(drift_fingerprint('live'), ':', 1);
-- the check re-seals and finds the same
SELECT change, object_type, object FROM drift_check();
SELECT version, form, split_part(fingerprint, ':', 1), reason FROM schemadrift.baseline ORDER BY version;
SELECT change, object_type, object FROM drift_check();
SELECT count(*) FROM schemadrift.baseline;
-- from now on the new kind is watched
DROP TEXT SEARCH DICTIONARY later;
COMMENT ON TEXT SEARCH DICTIONARY plain IS 'another';
SELECT change, object_type, object, attribute FROM drift_check() WHERE object_type ~ 'search';
SELECT drift_accept_all('fine');
SELECT drift_fingerprint('baseline') = drift_fingerprint('live');
-- a comment that reads like a property hides none
ALTER TABLE kept FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE kept IS 'secret rows';
SELECT drift_baseline_set() > 0;
ALTER TABLE kept NO FORCE ROW LEVEL SECURITY;
COMMENT ON TABLE kept IS E'secret rows\nforce_row_security=true';
SELECT change, object, attribute FROM drift_check() ORDER BY attribute;
DROP TABLE kept, altered;
DROP TEXT SEARCH DICTIONARY plain;
DROP EXTENSION schemadrift;
