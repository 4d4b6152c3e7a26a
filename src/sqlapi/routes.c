/*
 * routes.c
 *	  SQL functions on routes: who is told of what.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "base/text.h"
#include "compare/choose.h"
#include "compare/owner.h"
#include "sqlapi/arguments.h"
#include "store/channel.h"
#include "store/drift.h"
#include "store/incident.h"
#include "store/route.h"
#include "workflow/route.h"

PG_FUNCTION_INFO_V1(sd_sql_route_add);
PG_FUNCTION_INFO_V1(sd_sql_route_drop);
PG_FUNCTION_INFO_V1(sd_sql_route_drop_all);
PG_FUNCTION_INFO_V1(sd_sql_route_answers);

static void
check_workflow(const char *workflow)
{
	static const char *const workflows[] = {"watch", "ticket", "gate", "fleet", "review"};
	List	   *names = NIL;
	int			i;

	for (i = 0; i < lengthof(workflows); i++)
	{
		if (strcmp(workflow, workflows[i]) == 0)
			return;
		names = lappend(names, unconstify(char *, workflows[i]));
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("there is no workflow \"%s\"", sd_display(workflow, false)),
			 errhint("The workflows are: %s.", sd_join(names, ", "))));
}

static void
check_conditions(const SdRoute *route)
{
	SdClass		class;
	SdSeverity	severity;

	if (route->pattern)
		(void) sd_choose_pattern(route->pattern);
	if (route->class && !sd_class_parse(route->class, &class))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("class \"%s\" does not exist", sd_display(route->class, false)),
				 errhint("The classes are additive, risky, breaking, security and unattributed.")));
	if (route->min_severity && !sd_severity_parse(route->min_severity, &severity))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("severity \"%s\" does not exist", sd_display(route->min_severity, false)),
				 errhint("The severities are info, warning, error and critical.")));
	if (route->owner)
	{
		char	   *owner = sd_owner_in(psprintf("@owner: %s", route->owner));

		if (owner == NULL || strcmp(owner, route->owner) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("\"%s\" cannot be an owner", sd_display(route->owner, false)),
					 errdetail("No comment can name it after \"@owner:\"."),
					 errhint("Owners have 1 to %d bytes: letters, digits and _ - . / # @ + &.", SD_MAX_OWNER)));
	}
}

/* drift_route_add(workflow, channel, pattern, class, min_severity, owner, fallback) → is it new? */
Datum
sd_sql_route_add(PG_FUNCTION_ARGS)
{
	const char *workflow = sd_required_text(fcinfo, 0, "workflow");
	SdRoute		route = {0};
	bool		added;

	route.channel = sd_required_text(fcinfo, 1, "channel");
	route.pattern = sd_text_argument(fcinfo, 2);
	route.class = sd_text_argument(fcinfo, 3);
	route.min_severity = sd_text_argument(fcinfo, 4);
	route.owner = sd_text_argument(fcinfo, 5);
	route.fallback = !PG_ARGISNULL(6) && PG_GETARG_BOOL(6);
	check_workflow(workflow);
	sd_channel_find(route.channel);
	check_conditions(&route);
	added = sd_route_insert(workflow, &route);
	/* what is open and was told nobody may be for this one */
	if (added && strcmp(workflow, "watch") == 0)
		sd_incident_recheck();
	PG_RETURN_BOOL(added);
}

/* drift_route_drop(id) */
Datum
sd_sql_route_drop(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("id must be given")));
	PG_RETURN_BOOL(sd_route_delete(PG_GETARG_INT64(0)));
}

/* drift_route_drop(workflow, channel): all between them */
Datum
sd_sql_route_drop_all(PG_FUNCTION_ARGS)
{
	const char *workflow = sd_required_text(fcinfo, 0, "workflow");

	check_workflow(workflow);
	PG_RETURN_BOOL(sd_route_delete_all(workflow, sd_required_text(fcinfo, 1, "channel")));
}

/* schemadrift.route_answers(drift) → route, channel, takes, reason */
Datum
sd_sql_route_answers(PG_FUNCTION_ARGS)
{
	int64		id = PG_GETARG_INT64(0);
	SdRows	   *drift = sd_drift_one(id);
	ReturnSetInfo *result;
	ListCell   *cell;

	if (drift->nrows == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("drift " INT64_FORMAT " does not exist", id),
				 errhint("SELECT * FROM drift_check() lists the open ones.")));
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	result = (ReturnSetInfo *) fcinfo->resultinfo;
	foreach(cell, sd_route_explain("watch", drift))
	{
		const SdRouteAnswer *answer = lfirst(cell);
		Datum		values[4];
		bool		nulls[4] = {0};

		values[0] = Int64GetDatum(answer->id);
		values[1] = CStringGetTextDatum(answer->channel);
		values[2] = BoolGetDatum(answer->matches);
		values[3] = CStringGetTextDatum(answer->reason);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
