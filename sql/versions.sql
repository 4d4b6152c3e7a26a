-- The canonical form is the same on every major version: this schema's
-- fingerprint, written on one, is what the others must give.
\set QUIET on
\pset format unaligned
\pset tuples_only on
\set VERBOSITY terse
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
\set ECHO none
\i test/fixtures/all_kinds.sql
\set ECHO all
SELECT kind, identity, left(fingerprint, 12) FROM drift_objects() WHERE kind !~ '^database'
	ORDER BY kind COLLATE "C", identity COLLATE "C";
SELECT drift_fingerprint();
DROP SUBSCRIPTION f_following;
DROP PUBLICATION f_some, f_schema;
DROP FOREIGN DATA WRAPPER f_wrapper, f_checking CASCADE;
DROP SCHEMA f CASCADE;
DROP ACCESS METHOD f_heap;
DROP ACCESS METHOD f_btree;
DROP ROLE fixture_owner, fixture_reader;
DROP EXTENSION schemadrift;
