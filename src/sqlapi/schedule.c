/*
 * schedule.c
 *	  drift_schedule(), drift_unschedule(), schemadrift.enqueue_run().
 *
 * pg_cron's job only calls enqueue_run(), which returns in milliseconds: a job
 * that runs long was seen to hang DROP DATABASE of any other database.  The
 * command itself is run by our worker, as the role that scheduled it.
 *
 * These functions are SECURITY DEFINER: the role that calls them is not the
 * current one.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/caller.h"
#include "base/text.h"
#include "store/run.h"
#include "store/schedule.h"
#include "worker/cron.h"
#include "worker/runs.h"

PG_FUNCTION_INFO_V1(sd_sql_schedule);
PG_FUNCTION_INFO_V1(sd_sql_unschedule);
PG_FUNCTION_INFO_V1(sd_sql_enqueue_run);

Datum
sd_sql_schedule(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *schedule = text_to_cstring(PG_GETARG_TEXT_PP(1));
	char	   *command = text_to_cstring(PG_GETARG_TEXT_PP(2));
	Oid			role = sd_caller();
	int64		job;

	if (name[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("name of a schedule must not be empty")));
	sd_run_check_command(command);
	sd_schedule_put(name, schedule, command, GetUserNameFromId(role, false));
	/* last, because from another database it cannot be undone */
	job = sd_cron_schedule(name, schedule,
						   psprintf("SELECT schemadrift.enqueue_run(%s)", sd_literal(name)), role);
	sd_schedule_set_job(name, job);
	PG_RETURN_INT64(job);
}

Datum
sd_sql_unschedule(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	int64		job;
	char	   *run_as;

	if (!sd_schedule_get(name, &job, &run_as))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("schedule \"%s\" does not exist", name),
				 errhint("SELECT name FROM drift_schedules lists them.")));
	sd_schedule_drop(name);
	if (job != 0 && !sd_cron_unschedule(job, sd_caller()))
		ereport(NOTICE,
				(errmsg("pg_cron had no job " INT64_FORMAT " of this role for schedule \"%s\"", job, name)));
	PG_RETURN_VOID();
}

Datum
sd_sql_enqueue_run(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	int64		run = sd_run_enqueue(name);

	if (run == 0)
		ereport(NOTICE, (errmsg("schedule \"%s\" does not exist; nothing to run", name)));
	if (run <= 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(run);
}
