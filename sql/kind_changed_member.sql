-- Kind: what was done to members of extensions, beside their privileges.
CREATE EXTENSION schemadrift;
CREATE ROLE regress_user;
CREATE SCHEMA k;
CREATE ROLE regress_super SUPERUSER;
SET SESSION AUTHORIZATION regress_super;
CREATE EXTENSION tablefunc SCHEMA k;
-- as CREATE EXTENSION made them there is nothing to list
SELECT identity FROM drift_objects() WHERE kind = 'changed_member' AND identity ~ 'k\.';
CREATE FUNCTION k.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TABLE k.t (a integer GENERATED ALWAYS AS IDENTITY, b text COLLATE "C" DEFAULT 'x' NOT NULL, c integer);
CREATE TRIGGER made BEFORE INSERT ON k.t FOR EACH ROW EXECUTE FUNCTION k.f();
CREATE VIEW k.v AS SELECT a FROM k.t;
ALTER EXTENSION tablefunc ADD FUNCTION k.f();
ALTER EXTENSION tablefunc ADD TABLE k.t;
ALTER EXTENSION tablefunc ADD VIEW k.v;
SELECT identity, definition FROM drift_objects() WHERE kind = 'changed_member' AND identity ~ 'k\.'
	ORDER BY identity COLLATE "C";
RESET SESSION AUTHORIZATION;
SELECT drift_fingerprint() AS before \gset
SELECT drift_baseline_set() AS version;
ALTER TABLE k.t OWNER TO regress_user;
ALTER FUNCTION k.crosstab(text) OWNER TO regress_user;
ALTER TABLE k.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, DISABLE TRIGGER made;
ALTER TABLE k.t ADD CONSTRAINT positive CHECK (c > 0);
ALTER TABLE k.t ADD CONSTRAINT single UNIQUE (b);
CREATE INDEX i ON k.t (c) WHERE c > 1;
CREATE TRIGGER late AFTER UPDATE ON k.t FOR EACH ROW EXECUTE FUNCTION k.f();
ALTER TABLE k.t ENABLE ALWAYS TRIGGER late;
CREATE RULE nothing AS ON DELETE TO k.t DO INSTEAD NOTHING;
CREATE RULE ins AS ON INSERT TO k.v DO INSTEAD NOTHING;
CREATE POLICY own ON k.t AS RESTRICTIVE FOR UPDATE TO regress_user USING (c > 1) WITH CHECK (c > 2);
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	ORDER BY object COLLATE "C", attribute;
-- and so does a check of what changed alone
SELECT object FROM drift_check() ORDER BY object COLLATE "C";
-- a matter of this database: no dump carries it
SELECT drift_fingerprint() = :'before' AS same;
SELECT drift_sql('baseline', 'live') AS forward;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
SELECT drift_baseline_set() AS version;
:back
SELECT object FROM drift_diff('baseline@1', 'live');
SELECT drift_sql('live', 'baseline') AS there \gset
:there
SELECT object FROM drift_diff('baseline', 'live');
ALTER TABLE k.t NO FORCE ROW LEVEL SECURITY, ENABLE TRIGGER late, ADD COLUMN d integer, ALTER b DROP DEFAULT;
ALTER POLICY own ON k.t TO PUBLIC;
-- as a script says with pg_extension_config_dump()
UPDATE pg_extension SET extconfig = ARRAY['k.t'::regclass], extcondition = '{WHERE a > 1}' WHERE extname = 'tablefunc';
CREATE OR REPLACE TRIGGER made BEFORE INSERT OR UPDATE ON k.t FOR EACH ROW EXECUTE FUNCTION k.f();
SELECT class, change, object, attribute, expected, actual FROM drift_diff('baseline', 'live')
	ORDER BY object COLLATE "C", attribute;
SELECT drift_sql('live', 'baseline') AS back \gset
SELECT :'back' AS back;
:back
SELECT object FROM drift_diff('baseline', 'live');
-- they go with their extension, whose script brings its own back
SELECT drift_baseline_set() AS version;
DROP EXTENSION tablefunc;
SELECT change, object_type, object FROM drift_diff('baseline', 'live');
SELECT drift_sql('live', 'baseline') AS back;
DROP SCHEMA k CASCADE;
DROP ROLE regress_user, regress_super;
DROP EXTENSION schemadrift;
