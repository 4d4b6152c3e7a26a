-- The HTML report: its structure, and that no text becomes markup.
CREATE EXTENSION schemadrift;
CREATE FUNCTION page(from_side text, to_side text) RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(drift_report(from_side, to_side, 'html'),
		'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[-+:0-9]*|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \w+', 'TIME', 'g'),
		'sd[0-9]+:[0-9a-f]{64}', 'FINGERPRINT', 'g'),
		'PostgreSQL \d+\.\d+', 'PostgreSQL', 'g'),
		'\d+ objects were|(?<=<dt>Objects</dt><dd>)\d+', 'N', 'g')
$$;
CREATE TABLE plain (a integer, b text);
CREATE FUNCTION greet() RETURNS text LANGUAGE sql AS $$
	-- one
	-- two
	-- three
	-- four
	-- five
	-- six
	SELECT 'hello'::text
$$;
SELECT drift_baseline_set(reason => 'empty </title><script>alert(1)</script>') AS version;
\pset format unaligned
\pset tuples_only on
-- nothing differs
SELECT substr(p, strpos(p, '<header'), strpos(p, '<footer') - strpos(p, '<header')) FROM page('baseline', 'live') AS p;
-- names, bodies and comments that would like to be markup
CREATE SCHEMA "s</script><script>alert(1)</script>";
CREATE TABLE "s</script><script>alert(1)</script>"."line
break" ("<img src=x onerror=alert(1)>" integer, U&"\202Elortnoc" text);
COMMENT ON TABLE plain IS E'</style></script><!-- &lt; " '' \u202e \u200b';
ALTER TABLE plain ALTER COLUMN a TYPE bigint;
CREATE OR REPLACE FUNCTION greet() RETURNS text LANGUAGE sql AS $$
	-- one
	-- two
	-- three
	-- four
	-- five
	-- six
	SELECT '</script><script>document.title = 1</script>'::text
$$;
SELECT substr(p, strpos(p, '<header'), strpos(p, '<footer') - strpos(p, '<header')) FROM page('baseline', 'live') AS p;
-- any two sides
SELECT substring(p, '<h1>.*?</h1>') AS title FROM page('live', 'baseline@1') AS p;
\pset format aligned
\pset tuples_only off
-- ASCII, one script, one style, nothing to load, and a policy that says so
SELECT p !~ '[^\x01-\x7f]' AS ascii,
	   regexp_count(p, '<script>') AS scripts, regexp_count(p, '<style>') AS styles,
	   regexp_count(regexp_replace(p, '<(style|script)>.*?</\1>', '', 'g'),
					'<[^<>]*\s(src|href|action|style|on\w+)=(?!"#)') AS loads,
	   substring(p, 'content="(default-src [^"]*)"') ~
	   '^default-src ''none''; style-src ''sha256-[+/=\w]{44}''; script-src ''sha256-[+/=\w]{44}''; base-uri ''none''; form-action ''none''$'
	   AS policy
  FROM page('baseline', 'live') AS p;
SELECT substring(p, 'style-src ''sha256-([^'']*)') =
	   encode(sha256(convert_to(substring(p, '<style>(.*)</style>'), 'UTF8')), 'base64') AS style,
	   substring(p, 'script-src ''sha256-([^'']*)') =
	   encode(sha256(convert_to(substring(p, '<script>(.*)</script>'), 'UTF8')), 'base64') AS script
  FROM page('baseline', 'live') AS p;
SELECT drift_report(format => 'pdf');
-- what a side is called holds no secret
SELECT substring(p, '<h1>.*?</h1>') ~ 'from <bdi class="name">live</bdi> to <bdi class="name">.*dbname=template1' AS named,
	   p LIKE '%hunter2%' AS told
  FROM drift_report('live', format('password=hunter2 dbname=template1 user=%s host=%s port=%s', current_user,
								   split_part(current_setting('unix_socket_directories'), ',', 1),
								   current_setting('port')), 'html') AS p;
DROP EXTENSION schemadrift;
