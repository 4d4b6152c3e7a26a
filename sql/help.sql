-- drift_help()
CREATE EXTENSION schemadrift;
SELECT drift_help();
SELECT drift_help('sides');
SELECT split_part(line, ':', 1) AS kind, length(line) > 10 AS has_properties
	FROM regexp_split_to_table(rtrim(drift_help('kinds'), E'\n'), E'\n') AS line
	WHERE line ~ '^(schema|table|column|index|view|function):';
SELECT drift_help('drift_sql');
SELECT drift_help('functions') ~ 'watch_arm' AS has_internals,
	drift_help('functions') ~ '\ndrift_watch\(' AS has_all;
SELECT count(*) AS without_comment FROM pg_proc
	WHERE proname ~ '^drift_' AND obj_description(oid, 'pg_proc') IS NULL;
SELECT drift_help('everything');
DROP EXTENSION schemadrift;
