-- Versions of baselines: listed, exported, imported, gone back to.
CREATE EXTENSION schemadrift;
SET client_min_messages = warning;
SELECT drift_baseline_rollback();
CREATE TABLE orders (id integer PRIMARY KEY, total numeric);
SELECT drift_watch() IS NOT NULL AS watching;
SELECT drift_baseline_rollback();
ALTER TABLE orders ADD COLUMN note text;
SELECT regexp_replace(drift_accept(id, 'agreed'), '\d+', 'N') AS accepted FROM drift_check();
SELECT name, version, created_by = session_user AS by_me, reason, objects > 4 AS filled, fingerprint ~ '^sd\d+:' AS sealed
  FROM drift_baselines();

-- out of one name, into another
SELECT drift_baseline_import(drift_baseline_export(version => 1), 'copy', 'tried out') AS version;
SELECT name, version, reason FROM drift_baselines() WHERE name = 'copy';
SELECT count(*) FROM drift_diff('baseline@1', 'baseline:copy');
SELECT drift_baseline_export('copy')::jsonb - '{objects,fingerprint,canonical_form,created_at,server_version,created_by}'::text[] AS head,
	   jsonb_array_length(drift_baseline_export('copy')::jsonb -> 'objects') > 4 AS filled;
SELECT bool_or(o -> 'form' ? 'address') AS has_addresses FROM jsonb_array_elements(drift_baseline_export()::jsonb -> 'objects') AS o;
-- fit for a repository: one object on a line, small changes of few lines, the same out of what was imported
SELECT line !~ '^{"key":' AS head, count(*) > 4 AS several, bool_and(line ~ '^{"key":.*}}?,?$' OR line !~ '^{"key":') AS whole
  FROM regexp_split_to_table(drift_baseline_export(), E'\n') AS line GROUP BY 1 ORDER BY 1;
SELECT CASE line ~ '^{"key":' WHEN true THEN substring(line FROM '"key":"([^"]*)') ELSE substring(line FROM '"\w+"') END AS differs, count(*)
  FROM (SELECT regexp_split_to_table(drift_baseline_export(version => v), E',?\n') FROM generate_series(1, 2) AS v) AS t (line)
 WHERE line !~ '"created_at"' GROUP BY line HAVING count(*) < 2 ORDER BY 1;
SELECT count(*) FROM (SELECT regexp_split_to_table(drift_baseline_export(version => 1), E'\n') EXCEPT
	SELECT regexp_split_to_table(drift_baseline_export('copy'), E'\n')) AS t (line) WHERE line ~ '^{"key":';
SELECT drift_baseline_export('none');
SELECT drift_baseline_export(version => 7);

-- what is none, is damaged, or is of elsewhere
SELECT drift_baseline_import(NULL);
SELECT drift_baseline_import('{}');
SELECT drift_baseline_import('[]');
SELECT drift_baseline_import('"baseline"');
\set VERBOSITY terse
SELECT drift_baseline_import('no JSON');
SELECT drift_baseline_import((drift_baseline_export()::jsonb || '{"schemadrift_baseline": 2}')::text);
SELECT drift_baseline_import((drift_baseline_export()::jsonb || '{"canonical_form": 99}')::text);
SELECT drift_baseline_import((drift_baseline_export()::jsonb - 'objects')::text);
SELECT drift_baseline_import((drift_baseline_export()::jsonb || '{"objects": {"a": 1}}')::text);
SELECT drift_baseline_import((drift_baseline_export()::jsonb || '{"objects": [1, "a", null, {"key": 3}, {"key": "table x", "form": []}]}')::text);
SELECT drift_baseline_import((drift_baseline_export()::jsonb || '{"objects": [{"key": "table x", "form": {"values": [1]}}]}')::text);
SELECT drift_baseline_import((drift_baseline_export()::jsonb || '{"objects": [{"key": "table x", "form": {"values": {"owner": 1}, "depends": {}}}]}')::text);
SELECT drift_baseline_import((drift_baseline_export()::jsonb || '{"objects": [{"key": "table", "form": {"values": {}}}]}')::text);
SELECT drift_baseline_import(jsonb_set(drift_baseline_export()::jsonb, '{objects,0,form,values,comment}', '"edited"')::text);
\set VERBOSITY default
CREATE FUNCTION pg_temp.edited(path text[], but text DEFAULT '') RETURNS text LANGUAGE sql AS
$$ SELECT (drift_baseline_export()::jsonb || jsonb_build_object('objects', jsonb_agg(o #- path)))::text
	FROM jsonb_array_elements(drift_baseline_export()::jsonb -> 'objects') AS o WHERE o ->> 'key' NOT LIKE but $$;
SELECT drift_baseline_import(pg_temp.edited('{form,values,type}'));
SELECT drift_baseline_import(pg_temp.edited('{form,parent}'));
SELECT drift_baseline_import(pg_temp.edited('{}', 'table %'));
SELECT drift_baseline_import(jsonb_set(drift_baseline_export()::jsonb, '{objects,0,form,parent}', '"schema public"')::text);
SELECT drift_baseline_import(jsonb_set(drift_baseline_export()::jsonb, '{objects,0,form,values,colour}', '"red"')::text);
\set VERBOSITY terse
SELECT drift_baseline_import(drift_baseline_export(), 'a@b');
\set VERBOSITY default

-- an imported default baseline accepts nothing
SELECT drift_baseline_import(drift_baseline_export(version => 1)) AS version;
SELECT change, object, attribute, who = session_user AS by_me FROM drift_check();
SELECT drift_accept_all('agreed again') AS accepted;

-- back behind what was accepted: it is drift again, and its author is known
SELECT drift_baseline_rollback() AS version;
SELECT change, object, class FROM drift_check();
SELECT drift_baseline_rollback(version => 2, reason => 'it was fine') AS version;
SELECT count(*) AS drifts FROM drift_check();
SELECT drift_baseline_rollback(version => 99);

-- back behind a deploy: it does not come in again, but still says who
CREATE ROLE regress_sd_deployer LOGIN;
GRANT CREATE ON SCHEMA public TO regress_sd_deployer;
SELECT drift_accept_all('the grant') AS accepted;
SELECT drift_deployer_add('regress_sd_deployer') > 0 AS added;
SET SESSION AUTHORIZATION regress_sd_deployer;
SET schemadrift.deploy = 'PR-1';
CREATE TABLE deployed (a integer);
RESET schemadrift.deploy;
RESET SESSION AUTHORIZATION;
SELECT count(*) AS drifts FROM drift_check();
SELECT reason FROM drift_baselines() WHERE name = 'default' ORDER BY version DESC LIMIT 1;
SELECT drift_baseline_rollback(reason => 'PR-1 was not wanted') > 0 AS done;
SELECT change, object, class, who FROM drift_check();
-- nor when later versions are stored
COMMENT ON TABLE orders IS 'what was ordered';
SELECT drift_accept(id, 'part') IS NOT NULL AS done FROM drift_check() WHERE object <> 'public.deployed';
SELECT change, object, class, who FROM drift_check();
SELECT drift_report() ~ 'in deploy PR-1' AS says_which;
-- a deploy after that does
SET SESSION AUTHORIZATION regress_sd_deployer;
SET schemadrift.deploy = 'PR-2';
CREATE TABLE wanted (a integer);
RESET schemadrift.deploy;
RESET SESSION AUTHORIZATION;
SELECT change, object FROM drift_check();

-- the gate: any sides, any age
DO $$
DECLARE
	names text;
BEGIN
	PERFORM drift_gate();
EXCEPTION WHEN SQLSTATE 'SD001' THEN
	GET STACKED DIAGNOSTICS names = PG_EXCEPTION_DETAIL;
	RAISE WARNING '%: %', SQLERRM, regexp_replace(names, '\d+', 'N');
END
$$;
SELECT drift_gate('critical');
SELECT drift_gate(from_side => 'baseline@1', to_side => 'baseline:copy', max_age => '1 day');
SELECT drift_gate(from_side => 'baseline:none');
\set VERBOSITY sqlstate
SELECT drift_gate();
SELECT drift_gate('critical', max_age => '0 s');
SELECT drift_gate(from_side => 'baseline:none');
SELECT drift_gate(to_side => 'host=/nonexistent');
\set VERBOSITY default
SELECT drift_gate(NULL);

-- reports know who did it after watching has ended, too
SELECT drift_unwatch();
SELECT drift_unwatch();
SELECT drift_report() ~ 'by +regress_sd_deployer' AS says_who, drift_report() ~ 'no captured command' AS alarms;
SELECT object, id IS NOT NULL AS numbered, state FROM drift_diff('baseline', 'live');
SELECT check_name, status, detail, hint FROM drift_health() WHERE check_name IN ('baseline', 'capture');
SELECT drift_redeliver(77);
SELECT drift_deployer_add('regress_sd_deployer') IS NOT NULL AS same;
RESET client_min_messages;
SELECT drift_deployer_add('regress_sd_deployer') IS NOT NULL AS same;
DROP TABLE deployed, wanted;
DROP EXTENSION schemadrift;
REVOKE ALL ON SCHEMA public FROM regress_sd_deployer;
DROP ROLE regress_sd_deployer;
