-- Who may call what: nothing is granted to PUBLIC, roles get what they need.
\set QUIET on
\pset format unaligned
\pset null '(null)'
SET client_min_messages = error;
CREATE EXTENSION schemadrift;

-- before drift_create_roles(), only the owner may do anything
CREATE VIEW our_functions AS
	SELECT p.oid, p.oid::regprocedure::text AS function, p.proacl, p.proowner, p.prosecdef, p.proconfig
	  FROM pg_depend AS d
	  JOIN pg_extension AS x ON x.oid = d.refobjid AND x.extname = 'schemadrift'
	  JOIN pg_proc AS p ON p.oid = d.objid
	 WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e';
SELECT function FROM our_functions AS f
 WHERE EXISTS (SELECT 1 FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) AS a
				WHERE a.grantee <> f.proowner)
 ORDER BY 1;
SELECT c.oid::regclass AS relation FROM pg_class AS c
 WHERE c.relnamespace = 'schemadrift'::regnamespace AND c.relkind IN ('r', 'v', 'S', 'm', 'p')
   AND EXISTS (SELECT 1 FROM aclexplode(c.relacl) AS a WHERE a.grantee <> c.relowner)
 ORDER BY 1;
SELECT nspacl FROM pg_namespace WHERE nspname = 'schemadrift' AND EXISTS (SELECT 1 FROM aclexplode(nspacl) AS a WHERE a.grantee = 0);

-- functions with their owner's rights pin their search_path
SELECT function FROM our_functions
 WHERE prosecdef AND NOT coalesce(proconfig @> '{"search_path=pg_catalog, pg_temp"}', false) ORDER BY 1;

-- afterwards
SELECT drift_create_roles();
SELECT a.grantee::regrole AS role, f.function
  FROM our_functions AS f, aclexplode(f.proacl) AS a
 WHERE a.grantee <> f.proowner AND f.function ~ 'deploy|drift_log|capture_arm'
 ORDER BY 1, 2;
SELECT f.function FROM our_functions AS f, aclexplode(f.proacl) AS a WHERE a.grantee = 0;
SELECT has_table_privilege(r, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE') AS may_touch, count(*) > 10 AS tables
  FROM pg_class AS c, unnest('{drift_reader,drift_deployer,drift_operator,drift_admin}'::name[]) AS r
 WHERE c.relnamespace = 'schemadrift'::regnamespace AND c.relkind = 'r' GROUP BY 1;


-- every function for users is meant for some role, but the one that makes them
SELECT DISTINCT p.proname FROM our_functions AS f JOIN pg_proc AS p USING (oid)
 WHERE p.proname LIKE 'drift\_%' AND p.proname NOT IN (SELECT function FROM schemadrift.role_functions());

-- a role without any cannot even look
CREATE ROLE regress_sd_nobody;
SET ROLE regress_sd_nobody;
SELECT * FROM drift_log();
SELECT schemadrift.capture_arm();
TABLE schemadrift.event;
RESET ROLE;
DROP ROLE regress_sd_nobody;
DROP VIEW our_functions;
DROP EXTENSION schemadrift;
DROP OWNED BY drift_reader, drift_deployer, drift_operator, drift_admin;
DROP ROLE drift_reader, drift_deployer, drift_operator, drift_admin;
