/* Schedules: pg_cron hands over, the worker runs. */

CREATE FUNCTION drift_schedule(name text, schedule text, command text) RETURNS bigint
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_schedule';
REVOKE ALL ON FUNCTION drift_schedule(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION drift_schedule(text, text, text) IS
	'have pg_cron start command (SELECT of one drift_ function) by a cron schedule, replacing the schedule of that name; '
	'the worker runs it as the calling role; gives the number of pg_cron''s job';

CREATE FUNCTION drift_unschedule(name text) RETURNS void
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_unschedule';
REVOKE ALL ON FUNCTION drift_unschedule(text) FROM PUBLIC;
COMMENT ON FUNCTION drift_unschedule(text) IS 'remove a schedule and its job in pg_cron';

CREATE FUNCTION schemadrift.enqueue_run(name text) RETURNS bigint
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'sd_sql_enqueue_run';
REVOKE ALL ON FUNCTION schemadrift.enqueue_run(text) FROM PUBLIC;
COMMENT ON FUNCTION schemadrift.enqueue_run(text) IS
	'what pg_cron calls: queue a run of the schedule and return; NULL when one waits already or there is no such schedule';

CREATE VIEW drift_schedules AS
	SELECT s.name, s.schedule, s.command, s.run_as, s.cron_job_id,
		   r.state AS last_state, r.queued_at AS last_queued, r.finished_at AS last_finished,
		   r.result AS last_result
	  FROM schemadrift.schedule s
	  LEFT JOIN LATERAL (SELECT * FROM schemadrift.run q
						  WHERE q.schedule = s.name
						  ORDER BY q.id DESC LIMIT 1) r ON true;
REVOKE ALL ON drift_schedules FROM PUBLIC;
COMMENT ON VIEW drift_schedules IS 'schedules and how their last run went';
