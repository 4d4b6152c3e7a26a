/* -- recurring windows ----------------------------------------------------- */

CREATE FUNCTION schemadrift.cron_last(schedule text, at timestamptz, since timestamptz, timezone text)
RETURNS timestamptz
	LANGUAGE C STABLE STRICT SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_cron_last';
COMMENT ON FUNCTION schemadrift.cron_last(text, timestamptz, timestamptz, text) IS
	'when a schedule in cron''s notation was last due, from since to at; NULL = not in that time';

CREATE FUNCTION schemadrift.cron_next(schedule text, at timestamptz, until timestamptz, timezone text)
RETURNS timestamptz
	LANGUAGE C STABLE STRICT SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_cron_next';
COMMENT ON FUNCTION schemadrift.cron_next(text, timestamptz, timestamptz, text) IS
	'when a schedule in cron''s notation is next due, after at and not after until; NULL = not in that time';

CREATE FUNCTION schemadrift.require_role(name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles AS r WHERE r.rolname = require_role.name) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = pg_catalog.format('role "%s" does not exist', require_role.name),
			HINT = 'Create the role first.';
	END IF;
END
$$;
COMMENT ON FUNCTION schemadrift.require_role(text) IS 'an error that says so unless there is such a role';

CREATE FUNCTION drift_window_add(
	schedule text,
	duration interval,
	mode text DEFAULT 'allow',
	label text DEFAULT NULL,
	role text DEFAULT NULL,
	timezone text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	new_id bigint;
BEGIN
	IF schedule IS NULL OR duration IS NULL OR mode IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'schedule, duration and mode of a window must not be null';
	END IF;
	IF mode NOT IN ('allow', 'deny', 'quiet') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = pg_catalog.format('a window cannot have mode "%s"', mode),
			HINT = 'Modes are allow, deny and quiet.';
	END IF;
	IF duration <= '0' OR duration > '31 days' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = pg_catalog.format('a window cannot be open for %s', duration),
			HINT = 'It is open for more than no time and at most 31 days; several windows may follow each other.';
	END IF;
	IF role IS NOT NULL AND mode = 'quiet' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'quiet windows are nobody''s: they take no role';
	END IF;
	IF role IS NOT NULL THEN
		PERFORM schemadrift.require_role(role);
	END IF;
	timezone := COALESCE(timezone, pg_catalog.current_setting('TimeZone'));
	PERFORM schemadrift.cron_last(schedule, pg_catalog.now(), pg_catalog.now(), timezone);
	INSERT INTO schemadrift.time_window AS w (mode, schedule, duration, timezone, role, label)
	VALUES (mode, schedule, duration, timezone, role,
			COALESCE(NULLIF(pg_catalog.btrim(pg_catalog.left(label, 200)), ''),
					 CASE mode WHEN 'allow' THEN 'deploy window' WHEN 'deny' THEN 'freeze'
						  ELSE 'quiet hours' END))
	RETURNING w.id INTO new_id;
	RETURN new_id;
END
$$;
COMMENT ON FUNCTION drift_window_add(text, interval, text, text, text, text) IS
	'adds a recurring window: schedule of its beginnings as a cron expression in timezone (default: the session''s), '
	'mode allow, deny or quiet, for members of role where given; its id. Errors: a schedule, time zone, role or mode '
	'that does not exist, a duration above 31 days';

CREATE FUNCTION schemadrift.incident_recheck() RETURNS void
	LANGUAGE C VOLATILE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_incident_recheck';
COMMENT ON FUNCTION schemadrift.incident_recheck() IS 'has the next check decide anew which incidents are to be told';

CREATE FUNCTION drift_window_drop(id bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	DELETE FROM schemadrift.time_window AS w WHERE w.id = drift_window_drop.id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = pg_catalog.format('there is no window with id %s', drift_window_drop.id),
			HINT = 'SELECT * FROM drift_windows() lists them.';
	END IF;
	/* what waited for the end of quiet hours waits no longer */
	PERFORM schemadrift.incident_recheck();
END
$$;
COMMENT ON FUNCTION drift_window_drop(bigint) IS 'takes a recurring window back';

CREATE FUNCTION drift_windows(
	OUT id bigint, OUT mode text, OUT label text, OUT schedule text, OUT timezone text, OUT duration interval,
	OUT role text, OUT open boolean, OUT closes_at timestamptz, OUT opens_at timestamptz,
	OUT added_at timestamptz, OUT added_by text)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	SELECT w.id, w.mode, w.label, w.schedule, w.timezone, w.duration, w.role,
		   l.last IS NOT NULL, l.last + s.seconds * interval '1 second',
		   schemadrift.cron_next(w.schedule, s.now, s.now + interval '2 years', w.timezone),
		   w.added_at, w.added_by
	  FROM schemadrift.time_window AS w,
		   LATERAL (SELECT EXTRACT(epoch FROM w.duration), pg_catalog.clock_timestamp()) AS s(seconds, now),
		   LATERAL (SELECT schemadrift.cron_last(w.schedule, s.now, s.now - s.seconds * interval '1 second'
												 + interval '1 microsecond', w.timezone)) AS l(last)
	 ORDER BY w.id
$$;
COMMENT ON FUNCTION drift_windows() IS
	'recurring windows: whether each is open and until when, and when it opens next (NULL = not within two years)';

REVOKE ALL ON FUNCTION
	schemadrift.cron_last(text, timestamptz, timestamptz, text),
	schemadrift.cron_next(text, timestamptz, timestamptz, text),
	schemadrift.require_role(text), schemadrift.incident_recheck(),
	drift_window_add(text, interval, text, text, text, text), drift_window_drop(bigint), drift_windows()
	FROM PUBLIC;
