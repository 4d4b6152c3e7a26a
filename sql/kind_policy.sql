-- Kind: row security policies.
CREATE EXTENSION schemadrift;
CREATE ROLE regress_one;
CREATE ROLE "regress two";
CREATE SCHEMA k;
CREATE TABLE k.t (a integer, b text);
CREATE POLICY everybody ON k.t USING (a > 1);
CREATE POLICY changing ON k.t FOR UPDATE TO "regress two", regress_one USING (a > 1) WITH CHECK (b = 'it''s');
CREATE POLICY narrow ON k.t AS RESTRICTIVE FOR SELECT TO regress_one USING (a > (SELECT count(*) FROM k.t u));
CREATE POLICY "new ones" ON k.t FOR INSERT WITH CHECK (a > 1);
COMMENT ON POLICY narrow ON k.t IS 'a policy';
SELECT identity, definition FROM drift_objects() WHERE kind = 'policy' ORDER BY 1;

SELECT drift_baseline_set() AS version;
ALTER POLICY everybody ON k.t USING (true) WITH CHECK (a > 3);
ALTER POLICY changing ON k.t TO PUBLIC;
DROP POLICY narrow ON k.t;
CREATE POLICY narrow ON k.t FOR SELECT TO regress_one USING (a > (SELECT count(*) FROM k.t u));
DROP POLICY "new ones" ON k.t;
CREATE POLICY "new ones" ON k.t FOR DELETE USING (a > 1);
CREATE POLICY added ON k.t USING (b IS NULL);
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE object_type = 'policy' ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');

-- a column's type changes under the policies that use it
DROP POLICY everybody ON k.t;
DROP POLICY changing ON k.t;
DROP POLICY narrow ON k.t;
DROP POLICY "new ones" ON k.t;
ALTER TABLE k.t ALTER COLUMN a TYPE bigint;
CREATE POLICY everybody ON k.t USING (a > 1);
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	WHERE object_type = 'policy' ORDER BY object, attribute;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
\echo :back
:back
SELECT class, change, object_type, object, attribute, expected, actual FROM drift_diff('baseline', 'live');
SET client_min_messages = warning;
DROP SCHEMA k CASCADE;
DROP EXTENSION schemadrift;
DROP ROLE regress_one, "regress two";
