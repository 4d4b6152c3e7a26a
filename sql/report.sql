-- Reports and the plan with hostile names.
CREATE EXTENSION schemadrift;
-- pg_regress set some, which would count
ALTER DATABASE regression RESET ALL;
SELECT drift_baseline_set(reason => 'empty') AS version;
CREATE TABLE "foo
\! echo owned
--" ("a ""b"" `c`" text DEFAULT E'\\ ''x''', "<script>" integer);
COMMENT ON TABLE "foo
\! echo owned
--" IS '*/ <!channel> ``` @here';
CREATE TABLE "t$$; drop table x; $$" (a integer);
SELECT drift_report();
SELECT drift_report(format => 'markdown');
SELECT jsonb_pretty(drift_report(format => 'json')::jsonb - '{from_side,to_side}'::text[]);
SELECT j #>> '{from_side,description}' LIKE 'Version 1 of baseline default, PostgreSQL %, recorded by %: empty' AS from_side,
	   j #>> '{to_side,fingerprint}' = drift_fingerprint() AS to_side
  FROM (SELECT drift_report(format => 'json')::jsonb) AS r(j);
SELECT drift_sql('baseline', 'live');
-- what it says is what is done: the plan empties the database again
SELECT drift_sql('live', 'baseline') AS plan \gset
:plan
SELECT * FROM drift_diff('baseline', 'live');
SELECT drift_report();
-- what has no value on one side, and what is short
CREATE TABLE t (a integer, "b`" integer);
SELECT drift_baseline_set() AS version;
ALTER TABLE t ALTER a SET NOT NULL, ALTER "b`" SET DEFAULT 1;
SELECT drift_report();
SELECT drift_report(format => 'markdown');
DROP TABLE t;
DROP EXTENSION schemadrift;
