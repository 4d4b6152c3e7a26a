-- Recurring windows: when a schedule is due, and what can be added.
\set QUIET on
\pset format unaligned
\pset null '(null)'
\set VERBOSITY default
SET intervalstyle = postgres;
SET client_min_messages = error;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET IntervalStyle = 'postgres';
CREATE EXTENSION schemadrift;

-- the next times a schedule is due, in a zone
CREATE FUNCTION next_times(schedule text, at timestamptz, n integer, timezone text DEFAULT 'UTC')
RETURNS SETOF timestamptz LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		at := schemadrift.cron_next(schedule, at, at + interval '9 years', timezone);
		RETURN NEXT at;
	END LOOP;
END
$$;
SELECT * FROM next_times('* * * * *', '2026-11-20 10:00', 2);
SELECT * FROM next_times('*/20 * * * *', '2026-11-20 10:00', 3);
SELECT * FROM next_times('7-59/25 9-10 * * *', '2026-11-20 10:00', 4);
SELECT * FROM next_times('10,5,30-31 8 * * *', '2026-11-20 10:00', 4);
SELECT * FROM next_times('0 9 * * Mon-fri', '2026-11-20 10:00', 2);
SELECT to_char(t, 'Dy') FROM next_times('0 9 * * 7', '2026-11-20 10:00', 1) t
UNION ALL SELECT to_char(t, 'Dy') FROM next_times('0 9 * * 0', '2026-11-20 10:00', 1) t
UNION ALL SELECT to_char(t, 'Dy') FROM next_times('0 9 * * 6-7', '2026-11-20 10:00', 2) t;
SELECT * FROM next_times('0 0 1 jan,JUL *', '2026-11-20 10:00', 2);
SELECT * FROM next_times('0 0 29 2 *', '2026-11-20 10:00', 1);
SELECT * FROM next_times('5/20 0 * * *', '2026-11-20 10:00', 4);

-- both days restricted: either suffices; one that begins with * restricts nothing
SELECT to_char(t, 'Dy DD') FROM next_times('0 0 1,15 * fri', '2026-11-20 10:00', 4) t;
SELECT to_char(t, 'Dy DD') FROM next_times('0 0 */2 * fri', '2026-11-20 10:00', 3) t;
SELECT to_char(t, 'Dy DD') FROM next_times('0 0 13 * *', '2026-11-20 10:00', 1) t;

-- zones, also with quarters of an hour
SELECT * FROM next_times('0 22 * * *', '2026-11-20 10:00', 1, 'Asia/Kathmandu');
SELECT * FROM next_times('30 1 * * *', '2026-11-20 10:00', 1, 'Australia/Lord_Howe');
SELECT * FROM next_times('0 3 * * *', '2026-11-20 10:00', 1, 'America/New_York');

-- the hour that the clock leaves out (01:00 UTC is 02:00 → 03:00), and the one that comes twice
SELECT * FROM next_times('30 2 * * *', '2026-03-28 12:00', 2, 'Europe/Berlin');
SELECT * FROM next_times('0 3 * * *', '2026-03-28 12:00', 2, 'Europe/Berlin');
SELECT * FROM next_times('30 2 * * *', '2026-10-24 12:00', 3, 'Europe/Berlin');
SELECT * FROM next_times('15 2 * * *', '2026-10-03 12:00', 2, 'Australia/Lord_Howe');
SELECT schemadrift.cron_last('30 2 * * *', '2026-03-29 01:10', '2026-03-29 00:30', 'Europe/Berlin');

-- the last time, and none
SELECT schemadrift.cron_last('0 22 * * 1-5', '2026-11-22 10:00', '2026-11-15', 'UTC');
SELECT schemadrift.cron_last('0 22 * * 1-5', '2026-11-20 22:00', '2026-11-20 22:00', 'UTC');
SELECT schemadrift.cron_last('0 22 * * 1-5', '2026-11-20 21:59:59.999', '2026-11-20 00:00', 'UTC');
SELECT schemadrift.cron_next('0 22 * * *', '2026-11-20 22:00', '2026-11-21 21:00', 'UTC');

-- every minute of two years by both ways to search: forward and back agree
SELECT count(*), bool_and(schemadrift.cron_last(s, n, t, z) = n) AS back
  FROM (VALUES ('17 */7 * * *', 'Europe/London'), ('0 0,2 31 * sat', 'Australia/Lord_Howe')) v(s, z),
       LATERAL next_times(s, '2026-01-01', 60, z) n, LATERAL (SELECT n - interval '2 hours') l(t);

-- days are passed over, but never one that is due: against every minute that the clock shows
CREATE FUNCTION shown(hours text, zone text) RETURNS TABLE (missing bigint, wrong bigint) LANGUAGE sql AS $$
	WITH minutes AS (
		SELECT t, t AT TIME ZONE zone AS clock
		  FROM generate_series('2026-01-01 UTC'::timestamptz, '2026-12-31 UTC', '15 min') AS t),
	due AS (
		SELECT t FROM minutes
		 WHERE extract(day FROM clock) IN (4, 8, 25, 29) AND extract(minute FROM clock) = 0
		   AND extract(hour FROM clock)::text = ANY (string_to_array(hours, ','))
		   AND t AT TIME ZONE zone - (t - interval '1 us') AT TIME ZONE zone < '1 min'),
	found AS (
		SELECT schemadrift.cron_next('0 ' || hours || ' 4,8,25,29 * *', t - interval '1 us', t + interval '32 days', zone) AS t
		  FROM due)
	SELECT (SELECT count(*) FROM (TABLE due EXCEPT TABLE found) AS d),
		   (SELECT count(*) FROM due AS d
			 WHERE schemadrift.cron_last('0 ' || hours || ' 4,8,25,29 * *', d.t + interval '20 hours', d.t - interval '32 days', zone)
				   IS DISTINCT FROM (SELECT max(e.t) FROM due AS e WHERE e.t <= d.t + interval '20 hours'))
$$;
SELECT z, s.* FROM unnest(ARRAY['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Cairo']) AS z,
	LATERAL shown('0,1,4,12,22,23', z) AS s;
DROP FUNCTION shown(text, text);

-- what is no schedule
\set VERBOSITY default
SELECT schemadrift.cron_last('', now(), now(), 'UTC');
SELECT schemadrift.cron_last('* * * *', now(), now(), 'UTC');
SELECT schemadrift.cron_last('* * * * * *', now(), now(), 'UTC');
SELECT schemadrift.cron_last('60 * * * *', now(), now(), 'UTC');
SELECT schemadrift.cron_last('* 24 * * *', now(), now(), 'UTC');
SELECT schemadrift.cron_last('* * 0 * *', now(), now(), 'UTC');
SELECT schemadrift.cron_last('* * * 13 *', now(), now(), 'UTC');
SELECT schemadrift.cron_last('* * * * 8', now(), now(), 'UTC');
SELECT schemadrift.cron_last('*/0 * * * *', now(), now(), 'UTC');
SELECT schemadrift.cron_last('9-5 * * * *', now(), now(), 'UTC');
SELECT schemadrift.cron_last('1,, * * * *', now(), now(), 'UTC');
SELECT schemadrift.cron_last('* * * * monday', now(), now(), 'UTC');
SELECT schemadrift.cron_last('@daily', now(), now(), 'UTC');
SELECT schemadrift.cron_last('0 0 30 2 *', now(), now(), 'UTC');
SELECT schemadrift.cron_last('99999999999999999999 0 30 2 *', now(), now(), 'UTC');
SELECT schemadrift.cron_last('* * * * *', now(), now(), 'Mars/Olympus');

-- windows
CREATE ROLE regress_sd_team;
SELECT drift_window_add('* * * * *', '1 hour') AS id \gset
SELECT drift_window_add('0 0 1 1 *', '2 hours', 'deny', 'New Year', 'regress_sd_team', 'Europe/Berlin') AS freeze \gset
SELECT drift_window_add('0 22 * * *', '8 hours', 'quiet') > 0 AS added;
SELECT mode, label, schedule, timezone, duration, role FROM drift_windows();
SELECT open, closes_at > now() AS closes, opens_at > now() AS opens FROM drift_windows() LIMIT 1;
SELECT drift_window_drop(:id);
SELECT drift_window_drop(:id);
SELECT label FROM drift_windows();
SELECT drift_window_add('0 0 * *', '1 hour');
SELECT drift_window_add('0 0 * * *', '1 hour', timezone => 'Mars/Olympus');
SELECT drift_window_add('0 0 * * *', '0');
SELECT drift_window_add('0 0 * * *', '32 days');
SELECT drift_window_add('0 0 * * *', NULL);
SELECT drift_window_add('0 0 * * *', '1 hour', 'perhaps');
SELECT drift_window_add('0 0 * * *', '1 hour', role => 'regress_sd_nobody');
SELECT drift_window_add('0 0 * * *', '1 hour', 'quiet', role => 'regress_sd_team');

DROP FUNCTION next_times(text, timestamptz, integer, text);
DROP EXTENSION schemadrift CASCADE;
DROP ROLE regress_sd_team;
