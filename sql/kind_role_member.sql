-- Kind: memberships of roles.
SET client_min_messages = warning;
SET schemadrift.roles = on;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_a;
CREATE ROLE "regress B";
CREATE ROLE regress_c;
GRANT regress_a TO "regress B";
GRANT pg_read_all_data TO regress_c WITH ADMIN OPTION;
SELECT split_part(identity, ' by ', 1) AS identity, split_part(definition, ' WITH ADMIN', 1) AS definition
	FROM drift_objects() WHERE kind = 'role_member' AND identity ~ 'regress' ORDER BY 1;
SELECT drift_baseline_set() AS version;
GRANT regress_a TO regress_c;
GRANT regress_a TO "regress B" WITH ADMIN OPTION;
REVOKE ADMIN OPTION FOR pg_read_all_data FROM regress_c;
SELECT class, change, split_part(object, ' by ', 1) AS object, attribute, expected, split_part(actual, ' WITH ', 1) AS actual
	FROM drift_diff('baseline', 'live') ORDER BY drift_diff.object COLLATE "C", attribute;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT regexp_replace(:'back', ' (WITH|GRANTED BY) [^;]*', '', 'g') AS back;
:back
SELECT object FROM drift_diff('baseline', 'live');
REVOKE regress_a FROM "regress B";
SELECT class, change, split_part(object, ' by ', 1) AS object FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS back \gset
:back
SELECT object FROM drift_diff('baseline', 'live');
-- they go with their role, and come with it
DROP ROLE "regress B";
SELECT change, object FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS back \gset
:back
SELECT object FROM drift_diff('baseline', 'live');
-- who is renamed keeps them
ALTER ROLE regress_c RENAME TO regress_d;
ALTER ROLE regress_a RENAME TO regress_e;
SELECT change, object FROM drift_diff('baseline', 'live') ORDER BY object COLLATE "C";
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT regexp_replace(:'back', ' (WITH|GRANTED BY) [^;]*', '', 'g') AS back;
:back
SELECT object FROM drift_diff('baseline', 'live');
DROP EXTENSION schemadrift;
DROP ROLE regress_a, "regress B", regress_c;
