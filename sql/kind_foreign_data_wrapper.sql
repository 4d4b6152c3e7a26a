-- Kind: foreign-data wrappers.
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_one;
CREATE ROLE regress_boss SUPERUSER;
CREATE FOREIGN DATA WRAPPER plain;
CREATE FOREIGN DATA WRAPPER "its own" OPTIONS (host 'a''b\c', "X y" '');
CREATE FOREIGN DATA WRAPPER checking VALIDATOR postgresql_fdw_validator;
CREATE FOREIGN DATA WRAPPER gone OPTIONS (debug 'on');
COMMENT ON FOREIGN DATA WRAPPER plain IS 'a wrapper';
GRANT USAGE ON FOREIGN DATA WRAPPER plain TO regress_one;
SELECT identity, definition FROM drift_objects() WHERE kind = 'foreign_data_wrapper' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER FOREIGN DATA WRAPPER plain VALIDATOR postgresql_fdw_validator;
ALTER FOREIGN DATA WRAPPER plain OWNER TO regress_boss;
REVOKE USAGE ON FOREIGN DATA WRAPPER plain FROM regress_one;
COMMENT ON FOREIGN DATA WRAPPER plain IS NULL;
ALTER FOREIGN DATA WRAPPER "its own" OPTIONS (SET host 'other', DROP "X y", ADD z 'new');
GRANT USAGE ON FOREIGN DATA WRAPPER "its own" TO regress_one WITH GRANT OPTION;
ALTER FOREIGN DATA WRAPPER checking NO VALIDATOR;
DROP FOREIGN DATA WRAPPER gone;
CREATE FOREIGN DATA WRAPPER added;
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
DROP FOREIGN DATA WRAPPER plain, "its own", checking, gone;
DROP EXTENSION schemadrift;
DROP ROLE regress_one, regress_boss;
