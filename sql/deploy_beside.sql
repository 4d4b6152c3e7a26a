-- A deploy and a bystander change the same table: each gets what is his.
\set QUIET on
\pset format unaligned
\pset null '(null)'
\set VERBOSITY terse
SET client_min_messages = error;
CREATE EXTENSION schemadrift;
CREATE ROLE regress_sd_ci LOGIN;
CREATE ROLE regress_sd_mallory LOGIN;
CREATE ROLE regress_sd_team NOLOGIN;
GRANT regress_sd_team TO regress_sd_ci, regress_sd_mallory;
SELECT drift_create_roles();
GRANT drift_deployer TO regress_sd_ci;
GRANT CREATE ON SCHEMA public TO regress_sd_ci, regress_sd_mallory, regress_sd_team;
-- what remains of a pair of commands when the check has absorbed what the deploy did
CREATE FUNCTION beside(deploy text, rogue text, OUT object_type text, OUT object text, OUT attribute text,
	OUT change text, OUT actual text, OUT who text)
RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
	orders text[] := ARRAY[deploy, rogue];
	was text[];
	now text[];
BEGIN
	FOR i IN 1 .. 2 LOOP
		DROP TABLE IF EXISTS t, t2 CASCADE;
		CREATE TABLE t (id int, name text, note text);
		CREATE INDEX t_name ON t (name);
		CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
		CREATE TRIGGER fire BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
		ALTER TABLE t OWNER TO regress_sd_team;
		PERFORM drift_baseline_set();
		FOR k IN 1 .. 2 LOOP
			IF (k = 1) = (i = 1) THEN
				SET LOCAL schemadrift.deploy = 'PR-1';
				SET LOCAL SESSION AUTHORIZATION regress_sd_ci;
				EXECUTE deploy;
			ELSE
				SET LOCAL schemadrift.deploy = '';
				SET LOCAL SESSION AUTHORIZATION regress_sd_mallory;
				EXECUTE rogue;
			END IF;
			SET LOCAL SESSION AUTHORIZATION DEFAULT;
			SET LOCAL schemadrift.deploy = '';
		END LOOP;
		SELECT array_agg(concat_ws('|', d.object_type, d.object, d.attribute, d.change, d.actual, d.who)
						 ORDER BY d.object_type, d.object, d.attribute)
		  INTO now FROM drift_check() AS d;
		-- in whichever order
		IF i = 2 AND was IS DISTINCT FROM now THEN
			RAISE WARNING 'the other way around: %', now;
		END IF;
		was := now;
		IF i = 2 THEN
			RETURN QUERY SELECT d.object_type, d.object, d.attribute, d.change, d.actual, d.who
				FROM drift_check() AS d ORDER BY 1, 2, 3;
		END IF;
		DROP TABLE IF EXISTS t, t2 CASCADE;
		DROP FUNCTION f;
	END LOOP;
	PERFORM drift_baseline_set();
END
$$;
SELECT count(*) FROM drift_watch();

SET client_min_messages = warning;
SELECT * FROM beside('ALTER TABLE t ADD a int', 'ALTER TABLE t ADD b int');
SELECT * FROM beside('ALTER TABLE t ADD a int', 'ALTER TABLE t SET (fillfactor = 50)');
SELECT * FROM beside('ALTER TABLE t SET (fillfactor = 50)', 'ALTER TABLE t ADD b int');
SELECT * FROM beside('ALTER TABLE t SET (fillfactor = 50)', 'ALTER TABLE t ENABLE ROW LEVEL SECURITY');
SELECT * FROM beside('ALTER TABLE t ENABLE ROW LEVEL SECURITY', 'ALTER TABLE t FORCE ROW LEVEL SECURITY, SET (fillfactor = 50)');
SELECT * FROM beside('ALTER TABLE t ALTER name SET DEFAULT 1', 'ALTER TABLE t ALTER name SET STATISTICS 7');
SELECT * FROM beside('ALTER TABLE t ALTER name SET STORAGE EXTERNAL, ALTER note SET DEFAULT 1', 'ALTER TABLE t ALTER name SET DEFAULT 2, ALTER note SET STORAGE EXTERNAL');
SELECT * FROM beside('ALTER TABLE t ALTER name SET NOT NULL', 'ALTER TABLE t ALTER note SET NOT NULL');
SELECT * FROM beside('ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0)', 'ALTER TABLE t ADD CONSTRAINT d CHECK (id < 9), DISABLE TRIGGER fire');
SELECT * FROM beside('ALTER TABLE t ADD PRIMARY KEY (id)', 'ALTER TABLE t REPLICA IDENTITY FULL');
SELECT * FROM beside('GRANT SELECT ON t TO regress_sd_team', 'ALTER TABLE t SET (fillfactor = 50)');
SELECT * FROM beside('ALTER TABLE t CLUSTER ON t_name', 'ALTER TABLE t SET (autovacuum_enabled = off)');
SELECT * FROM beside('ALTER TABLE t DROP note', 'ALTER TABLE t SET (fillfactor = 50)');
SELECT * FROM beside('ALTER TABLE t ALTER id TYPE bigint', 'ALTER TABLE t ENABLE ROW LEVEL SECURITY');
SELECT * FROM beside('CREATE INDEX t_note ON t (note)', 'ALTER TABLE t SET (fillfactor = 50)');
SELECT * FROM beside('ALTER TABLE t ADD a int', 'COMMENT ON TABLE t IS ''mine''');
SELECT * FROM beside('ALTER TABLE t ADD owner text', 'ALTER TABLE t ALTER name SET DEFAULT ''owner''');

-- both set the same
SELECT * FROM beside('ALTER TABLE t DISABLE TRIGGER fire', 'ALTER TABLE t DISABLE TRIGGER ALL');
-- the very same property, whoever was last
SELECT * FROM beside('ALTER TABLE t SET (fillfactor = 50)', 'ALTER TABLE t SET (fillfactor = 50, autovacuum_enabled = off)');

-- something new of the deploy, touched by the bystander: only in this order
CREATE FUNCTION touch(deploy text, rogue text, OUT object_type text, OUT object text, OUT attribute text,
	OUT change text, OUT actual text, OUT who text)
RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
	PERFORM drift_baseline_set();
	SET LOCAL schemadrift.deploy = 'PR-1';
	SET LOCAL SESSION AUTHORIZATION regress_sd_ci;
	EXECUTE deploy;
	ALTER TABLE t2 OWNER TO regress_sd_team;
	SET LOCAL schemadrift.deploy = '';
	SET LOCAL SESSION AUTHORIZATION regress_sd_mallory;
	EXECUTE rogue;
	SET LOCAL SESSION AUTHORIZATION DEFAULT;
	RETURN QUERY SELECT d.object_type, d.object, d.attribute, d.change, d.actual, d.who
		FROM drift_check() AS d ORDER BY 1, 2, 3;
	DROP TABLE t2 CASCADE;
END
$$;
SELECT * FROM touch('CREATE TABLE t2 (a int, b text)', 'ALTER TABLE t2 ADD c int');
SELECT * FROM touch('CREATE TABLE t2 (a int, b text)', 'ALTER TABLE t2 SET (fillfactor = 50)');
SELECT * FROM touch('CREATE TABLE t2 (a int, b text) WITH (fillfactor = 70)', 'ALTER TABLE t2 ENABLE ROW LEVEL SECURITY');
SELECT * FROM touch('CREATE TABLE t2 (a int, b text)', 'ALTER TABLE t2 ALTER b SET DEFAULT 1');
SELECT * FROM touch('CREATE TABLE t2 (a int, b text)', 'ALTER TABLE t2 ALTER b TYPE varchar(9)');
SELECT * FROM touch('CREATE TABLE t2 (a int, b text)', 'ALTER TABLE t2 OWNER TO regress_sd_mallory');
SELECT * FROM touch('CREATE TABLE t2 (a int, b text)', 'ALTER TABLE t2 ADD c int; ALTER TABLE t2 ALTER c SET DEFAULT 3');
SELECT * FROM touch('CREATE TABLE t2 (a int, b text)', 'GRANT SELECT ON t2 TO PUBLIC');
-- a constraint made no column
SELECT * FROM touch('CREATE TABLE t2 (a int, b text); ALTER TABLE t2 ADD c int', 'ALTER TABLE t2 ADD CONSTRAINT k CHECK (a > 0)');
-- a check comes to partitions by the command on their parent
CREATE TABLE parts (a int) PARTITION BY RANGE (a);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (9);
ALTER TABLE parts OWNER TO regress_sd_ci;
ALTER TABLE parts_1 OWNER TO regress_sd_ci;
SELECT drift_baseline_set() > 0 AS set;
SET SESSION AUTHORIZATION regress_sd_ci;
SET schemadrift.deploy = 'PR-2';
ALTER TABLE parts ADD CONSTRAINT of_deploy CHECK (a > 0);
RESET schemadrift.deploy;
ALTER TABLE parts ADD CONSTRAINT of_nobody CHECK (a > 1);
RESET SESSION AUTHORIZATION;
SELECT object, change, who FROM drift_check() ORDER BY 1;
DROP TABLE parts;

DROP EXTENSION schemadrift CASCADE;
DROP FUNCTION beside, touch;
DROP OWNED BY regress_sd_ci, regress_sd_mallory, regress_sd_team, drift_reader, drift_deployer, drift_operator, drift_admin;
DROP ROLE regress_sd_ci, regress_sd_mallory, regress_sd_team, drift_reader, drift_deployer, drift_operator, drift_admin;
