-- The watch workflow without workers: baseline, drift, acceptance, deploys.
CREATE EXTENSION schemadrift;
CREATE TABLE orders (id integer PRIMARY KEY, note text);
COMMENT ON TABLE orders IS 'what was sold';

-- the first check records a baseline
SELECT * FROM drift_check();
SELECT * FROM drift_check();
SELECT drift_fingerprint() = drift_fingerprint('baseline') AS same;

-- arming captures who does what
SELECT drift_watch();
ALTER TABLE orders ADD COLUMN total numeric(10,2) DEFAULT 0;
SELECT severity, class, change, object_type, object, attribute, actual, ddl, state FROM drift_check();
-- the same drift keeps its number
SELECT id AS drift FROM drift_check() \gset
SELECT id = :drift AS kept, hint = 'SELECT drift_explain(' || id || ');' AS hinted FROM drift_check();
-- it changes, and says so
ALTER TABLE orders ALTER COLUMN total SET DEFAULT 1;
SELECT id = :drift AS kept, actual, ddl FROM drift_check();
SELECT regexp_replace(regexp_replace(drift_explain(:drift), '(First seen|When|Via|Who|Incident): [^\n]*', '\1: …', 'g'),
	'(Drift |drift_accept\()[0-9]+', '\1N', 'g') AS explained;
SELECT drift_sql('live', 'baseline');
SELECT drift_sql('baseline', 'live');

-- gone when taken back
ALTER TABLE orders DROP COLUMN total;
SELECT count(*) FROM drift_check();
SELECT state, close_reason FROM schemadrift.drift WHERE id = :drift;
SELECT DISTINCT state, resolve_reason FROM schemadrift.incident;

-- accepted one by one, property by property
COMMENT ON TABLE orders IS 'what was sold and when';
ALTER TABLE orders SET (fillfactor = 90);
CREATE TABLE extra (a integer NOT NULL);
SELECT class, change, object, attribute, expected, actual FROM drift_check() ORDER BY object, attribute;
SELECT regexp_replace(drift_accept(id, 'agreed'), '\d+', 'N') AS accepted FROM drift_check() WHERE attribute = 'comment';
SELECT object, attribute FROM drift_check() ORDER BY object, attribute;
-- not as something else than was reported
SELECT id AS drift FROM drift_check() WHERE attribute IS NOT NULL LIMIT 1 \gset
-- (in one transaction, so that no worker is quicker)
BEGIN;
ALTER TABLE orders SET (fillfactor = 80);
\set VERBOSITY sqlstate
SELECT drift_accept(:drift, 'unseen');
ROLLBACK;
\set VERBOSITY default
ALTER TABLE orders SET (fillfactor = 80);
-- the lock of checks is out of reach of pg_advisory_lock()
BEGIN;
SELECT count(*) FROM drift_check();
SELECT DISTINCT objsubid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
COMMIT;
SELECT drift_accept_all('all fine');
SELECT count(*) FROM drift_check();
SELECT drift_fingerprint() = drift_fingerprint('baseline') AS same;
SELECT version, reason FROM schemadrift.baseline ORDER BY version;
SELECT change, object, attribute FROM drift_diff('baseline@1', 'baseline') ORDER BY 2, 3;

-- the gate of a pipeline
SELECT drift_gate();
COMMENT ON TABLE extra IS 'x';
\set VERBOSITY terse
SELECT drift_gate();
\set VERBOSITY default
SELECT drift_gate('warning');
SELECT drift_gate('harmless');
COMMENT ON TABLE extra IS NULL;

-- a change without any command
UPDATE pg_catalog.pg_class SET relname = 'sneaky' WHERE oid = 'extra'::regclass;
SELECT severity, class, change, object_type, object, who FROM drift_check() ORDER BY change;
UPDATE pg_catalog.pg_class SET relname = 'extra' WHERE oid = 'sneaky'::regclass;
SELECT count(*) FROM drift_check();

-- a deploy of somebody who may is absorbed, what others do is not
CREATE ROLE regress_migrator SUPERUSER;
CREATE ROLE regress_contractor SUPERUSER;
SELECT drift_deployer_add('regress_migrator') > 0 AS added;
SET SESSION AUTHORIZATION regress_migrator;
SET schemadrift.deploy = 'PR-812';
ALTER TABLE orders ADD COLUMN shipped date;
RESET schemadrift.deploy;
SET SESSION AUTHORIZATION regress_contractor;
SET schemadrift.deploy = 'PR-812';
ALTER TABLE orders ADD COLUMN backdoor text;
RESET schemadrift.deploy;
RESET SESSION AUTHORIZATION;
SELECT class, change, object, who, via LIKE '%claimed to be deploy PR-812 but may not deploy' AS claimed, ddl FROM drift_check();
SELECT reason FROM schemadrift.baseline ORDER BY version DESC LIMIT 1;
SELECT object FROM drift_diff('baseline', 'live');
-- both touched the same column: not covered by the deploy
SET SESSION AUTHORIZATION regress_contractor;
ALTER TABLE orders ALTER COLUMN note SET NOT NULL;
SET SESSION AUTHORIZATION regress_migrator;
SET schemadrift.deploy = 'PR-813';
ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'x';
RESET schemadrift.deploy;
RESET SESSION AUTHORIZATION;
SELECT object, attribute, who FROM drift_check() ORDER BY object, attribute;

-- renames: found by address, named by the command
SELECT drift_accept_all('clean slate') > 0 AS accepted;
ALTER TABLE orders RENAME COLUMN note TO remark;
SELECT change, object, ddl FROM drift_check() ORDER BY change, object;
SELECT drift_accept_all('clean slate') > 0 AS accepted;

-- capture that somebody switched off is a drift of its own
SET SESSION AUTHORIZATION regress_contractor;
ALTER EVENT TRIGGER schemadrift_capture_ddl DISABLE;
RESET SESSION AUTHORIZATION;
SELECT severity, class, object_type, actual, who, ddl FROM drift_check();
SELECT drift_accept(id, 'never mind') FROM drift_check();
SELECT drift_watch() <> '' AS mended;
SELECT count(*) FROM drift_check();

-- accepting one thing does not settle the order of columns
CREATE TABLE ordered (a integer, b integer, c integer);
SELECT drift_accept_all('a new table') > 0 AS accepted;
ALTER TABLE ordered DROP COLUMN b;
COMMENT ON TABLE ordered IS 'x';
SELECT drift_accept(id, 'only this') <> '' AS accepted FROM drift_check() WHERE attribute = 'comment';
ALTER TABLE ordered ADD COLUMN b integer;
SELECT object, attribute, expected, actual FROM drift_check();
DROP TABLE ordered;
SELECT drift_accept_all('gone') > 0 AS accepted;

-- errors
SELECT drift_accept(999, 'no such drift');
SELECT drift_accept(999, '');
SELECT drift_explain(999);
SELECT drift_check('elsewhere');
SELECT drift_check('host=h password=hunter2 dbname=d');
SELECT drift_check('postgres://u:hunter2@h/d');
SELECT drift_diff('live', 'host=h bogus');
SELECT drift_diff('live', 'host=h password=my hunter2');
SELECT drift_diff('basline', 'live');
SELECT drift_diff('baseline@99', 'live');
SELECT drift_diff('baseline@x', 'live');
SELECT drift_diff('baseline:none', 'live');
SELECT drift_report('baseline', 'live', 'html5');
SELECT drift_watch(channel => 'nobody');

-- comparing by connection string is for superusers
CREATE ROLE regress_reader;
GRANT EXECUTE ON FUNCTION drift_diff(text, text) TO regress_reader;
SET ROLE regress_reader;
SELECT drift_diff('live', 'dbname=postgres');
RESET ROLE;

SELECT drift_unwatch();
SELECT count(*) FROM drift_check();
REVOKE EXECUTE ON FUNCTION drift_diff(text, text) FROM regress_reader;
DROP EXTENSION schemadrift;
DROP TABLE orders, extra;
DROP ROLE regress_migrator, regress_contractor, regress_reader;
