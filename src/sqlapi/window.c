/*
 * window.c
 *	  SQL functions that windows and tools are checked and shown with.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/cron_expression.h"
#include "base/text.h"
#include "store/incident.h"
#include "workflow/tools.h"

PG_FUNCTION_INFO_V1(sd_sql_cron_last);
PG_FUNCTION_INFO_V1(sd_sql_cron_next);
PG_FUNCTION_INFO_V1(sd_sql_tool_table);
PG_FUNCTION_INFO_V1(sd_sql_incident_recheck);

/* A beginning may be as far away as a leap day in a century without one. */
#define LONGEST_SEARCH (INT64CONST(9) * 366 * USECS_PER_DAY)

static void
parse(FunctionCallInfo fcinfo, SdCron *cron, pg_tz **zone)
{
	char	   *schedule = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(3));
	const char *problem;

	if (!sd_cron_parse(schedule, cron, &problem))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("schedule \"%s\" cannot be understood", sd_display(schedule, false)),
				 errdetail("%s", problem),
				 errhint("As in \"0 22 * * 1-5\": at 22:00 from Monday to Friday.")));
	*zone = sd_cron_zone(name);
	if (*zone == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone \"%s\" does not exist", sd_display(name, false)),
				 errhint("SELECT name FROM pg_timezone_names lists them.")));
}

/* schemadrift.tool_table(tool) → the table it keeps by default */
Datum
sd_sql_tool_table(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(sd_tools_table(text_to_cstring(PG_GETARG_TEXT_PP(0)))));
}

/* schemadrift.cron_last(schedule, at, since, timezone) */
Datum
sd_sql_cron_last(PG_FUNCTION_ARGS)
{
	SdCron		cron;
	pg_tz	   *zone;
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(1);
	TimestampTz due;

	parse(fcinfo, &cron, &zone);
	if (!sd_cron_last(&cron, zone, at, Max(PG_GETARG_TIMESTAMPTZ(2), at - LONGEST_SEARCH), &due))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(due);
}

/* schemadrift.cron_next(schedule, at, until, timezone) */
Datum
sd_sql_cron_next(PG_FUNCTION_ARGS)
{
	SdCron		cron;
	pg_tz	   *zone;
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(1);
	TimestampTz due;

	parse(fcinfo, &cron, &zone);
	if (!sd_cron_next(&cron, zone, at, Min(PG_GETARG_TIMESTAMPTZ(2), at + LONGEST_SEARCH), &due))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(due);
}

/* schemadrift.incident_recheck() */
Datum
sd_sql_incident_recheck(PG_FUNCTION_ARGS)
{
	sd_incident_recheck();
	PG_RETURN_VOID();
}
