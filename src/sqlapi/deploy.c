/*
 * deploy.c
 *	  SQL functions of deploys.
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "capture/deploy.h"
#include "store/deploy.h"
#include "workflow/deploys.h"

PG_FUNCTION_INFO_V1(sd_sql_deploy_begin);
PG_FUNCTION_INFO_V1(sd_sql_deploy_mine);
PG_FUNCTION_INFO_V1(sd_sql_deploy_check);
PG_FUNCTION_INFO_V1(sd_sql_deploy_close);
PG_FUNCTION_INFO_V1(sd_sql_deploy_is_allowed);

/* The argument's text; NULL is an error that names it, or NULL if optional. */
static char *
text_argument(FunctionCallInfo fcinfo, int n, const char *name, bool optional)
{
	if (!PG_ARGISNULL(n))
		return text_to_cstring(PG_GETARG_TEXT_PP(n));
	if (!optional)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("\"%s\" must not be null", name)));
	return NULL;
}

Datum
sd_sql_deploy_begin(PG_FUNCTION_ARGS)
{
	char	   *label = text_argument(fcinfo, 0, "label", false);
	char	   *ref = text_argument(fcinfo, 1, "ref", true);
	char	   *scope = text_argument(fcinfo, 3, "scope", false);

	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("\"%s\" must not be null", "ttl")));
	PG_RETURN_INT64(sd_deploy_begin(label, ref, PG_GETARG_INTERVAL_P(2), scope));
}

/* schemadrift.deploy_mine() → id */
Datum
sd_sql_deploy_mine(PG_FUNCTION_ARGS)
{
	char	   *role = GetUserNameFromId(GetSessionUserId(), false);
	int64		id;

	sd_deploy_close_stale();
	CommandCounterIncrement();
	id = sd_deploy_mine(role);
	if (id == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("no deploy of this session or of role \"%s\" is open", role),
				 errdetail("It may have expired, or its session may have ended."),
				 errhint("SELECT * FROM drift_deploys() lists them.")));
	PG_RETURN_INT64(id);
}

/* schemadrift.deploy_check() → why it could not */
Datum
sd_sql_deploy_check(PG_FUNCTION_ARGS)
{
	const char *problem = sd_deploys_check();

	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem));
}

/* schemadrift.deploy_close(id, problem) → report */
Datum
sd_sql_deploy_close(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(sd_deploys_close(PG_GETARG_INT64(0), text_argument(fcinfo, 1, "problem", true))));
}

Datum
sd_sql_deploy_is_allowed(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(sd_deploy_is_allowed());
}
