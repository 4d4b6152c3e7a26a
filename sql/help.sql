-- drift_help()
CREATE EXTENSION schemadrift;
SELECT drift_help();
SELECT drift_help('sides');
SELECT split_part(line, ':', 1) AS kind, length(line) > 10 AS has_properties
	FROM regexp_split_to_table(rtrim(drift_help('kinds'), E'\n'), E'\n') AS line
	WHERE line ~ '^(schema|table|column|index|view|function):';
SELECT drift_help('everything');
DROP EXTENSION schemadrift;
