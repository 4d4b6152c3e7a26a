/*
 * capture.c
 *	  SQL functions of capture: the two event triggers' and the internal ones.
 */
#include "postgres.h"

#include "commands/event_trigger.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "base/settings.h"
#include "capture/arm.h"
#include "capture/problem.h"
#include "capture/capture.h"
#include "capture/miss.h"
#include "capture/redact.h"
#include "sqlapi/items.h"
#include "store/event.h"
#include "store/event_seal.h"

PG_FUNCTION_INFO_V1(sd_sql_capture_ddl);
PG_FUNCTION_INFO_V1(sd_sql_capture_drop);
PG_FUNCTION_INFO_V1(sd_sql_capture_arm);
PG_FUNCTION_INFO_V1(sd_sql_capture_disarm);
PG_FUNCTION_INFO_V1(sd_sql_own_change);
PG_FUNCTION_INFO_V1(sd_sql_capture_problem);
PG_FUNCTION_INFO_V1(sd_sql_capture_misses);
PG_FUNCTION_INFO_V1(sd_sql_capture_horizon);
PG_FUNCTION_INFO_V1(sd_sql_verify_log);
PG_FUNCTION_INFO_V1(sd_sql_capture_redact);
PG_FUNCTION_INFO_V1(sd_sql_capture_fault_points);

static const EventTriggerData *
trigger_data(FunctionCallInfo fcinfo)
{
	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("capture can only be called by an event trigger")));
	return (const EventTriggerData *) fcinfo->context;
}

/* sd_enabled is looked at before anything else: it must always be a way out. */
Datum
sd_sql_capture_ddl(PG_FUNCTION_ARGS)
{
	if (sd_enabled)
		sd_capture_command_end(trigger_data(fcinfo));
	PG_RETURN_NULL();
}

Datum
sd_sql_capture_drop(PG_FUNCTION_ARGS)
{
	if (sd_enabled)
		sd_capture_sql_drop(trigger_data(fcinfo));
	PG_RETURN_NULL();
}

Datum
sd_sql_capture_arm(PG_FUNCTION_ARGS)
{
	sd_capture_arm();
	PG_RETURN_VOID();
}

Datum
sd_sql_capture_disarm(PG_FUNCTION_ARGS)
{
	sd_capture_disarm();
	PG_RETURN_VOID();
}

/* schemadrift.own_change(begins) */
Datum
sd_sql_own_change(PG_FUNCTION_ARGS)
{
	sd_capture_own_change(PG_GETARG_BOOL(0));
	PG_RETURN_VOID();
}

Datum
sd_sql_capture_problem(PG_FUNCTION_ARGS)
{
	char	   *problem = sd_capture_problem();

	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem));
}

Datum
sd_sql_capture_misses(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(sd_capture_misses());
}

Datum
sd_sql_capture_horizon(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(sd_event_last_id());
}

/* drift_verify_log(): what is wrong; notices what cannot be told yet */
Datum
sd_sql_verify_log(PG_FUNCTION_ARGS)
{
	SdRows	   *unsealed = sd_event_unsealed();

	sd_items_begin(fcinfo);
	sd_rows_return(fcinfo, sd_event_seal_verify(0));
	if (sd_rows_int(unsealed, 0, "count") > 0)
		ereport(NOTICE,
				(errmsg("events %s to %s are not sealed yet", sd_rows_value(unsealed, 0, "first"),
						sd_rows_value(unsealed, 0, "last")),
				 errhint("The next check seals them.")));
	return (Datum) 0;
}

Datum
sd_sql_capture_redact(PG_FUNCTION_ARGS)
{
	char	   *statement = text_to_cstring(PG_GETARG_TEXT_PP(0));

	PG_RETURN_TEXT_P(cstring_to_text(sd_redact(statement, PG_GETARG_BOOL(1))));
}

Datum
sd_sql_capture_fault_points(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int			i;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (i = 0; sd_capture_fault_points[i] != NULL; i++)
	{
		Datum		value = CStringGetTextDatum(sd_capture_fault_points[i]);
		bool		is_null = false;

		tuplestore_putvalues(result->setResult, result->setDesc, &value, &is_null);
	}
	return (Datum) 0;
}
