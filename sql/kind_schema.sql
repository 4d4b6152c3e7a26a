-- Kind: schemas.
CREATE EXTENSION schemadrift;
CREATE ROLE regress_owner;
CREATE ROLE "regress, by: ""x""";
CREATE SCHEMA k;
COMMENT ON SCHEMA k IS 'a schema';
GRANT USAGE ON SCHEMA k TO PUBLIC;
CREATE SCHEMA gone;
SELECT identity, definition FROM drift_objects() WHERE kind = 'schema' AND identity <> 'public' ORDER BY 1;
SELECT drift_baseline_set() AS version;
ALTER SCHEMA k OWNER TO regress_owner;
GRANT ALL ON SCHEMA k TO "regress, by: ""x""" WITH GRANT OPTION;
SET ROLE "regress, by: ""x""";
GRANT USAGE ON SCHEMA k TO regress_owner;
RESET ROLE;
COMMENT ON SCHEMA k IS 'another';
DROP SCHEMA gone;
CREATE SCHEMA "New Schema";
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live') ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back;
SELECT drift_sql('live', 'baseline') AS back \gset
:back
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- who grants on has the right to before, whatever their names
CREATE ROLE regress_a;
CREATE ROLE regress_b;
CREATE ROLE regress_z;
GRANT USAGE, CREATE ON SCHEMA k TO regress_z WITH GRANT OPTION;
SET ROLE regress_z;
GRANT USAGE ON SCHEMA k TO regress_b WITH GRANT OPTION;
SET ROLE regress_b;
GRANT USAGE ON SCHEMA k TO regress_a;
RESET ROLE;
SELECT drift_baseline_set() AS version;
REVOKE ALL ON SCHEMA k FROM regress_z CASCADE;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
:back
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
DROP SCHEMA k;
DROP SCHEMA gone;
DROP ROLE regress_a, regress_b, regress_z;
DROP EXTENSION schemadrift;
DROP ROLE regress_owner, "regress, by: ""x""";
