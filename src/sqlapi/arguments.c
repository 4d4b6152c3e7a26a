/*
 * arguments.c
 *	  Arguments of SQL functions, and what they all refuse.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "utils/builtins.h"

#include "sqlapi/arguments.h"

char *
sd_text_argument(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

const char *
sd_required_text(FunctionCallInfo fcinfo, int n, const char *name)
{
	char	   *value = sd_text_argument(fcinfo, n);

	if (value == NULL || value[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must be given", name)));
	return value;
}

void
sd_refuse_on_standby(const char *function)
{
	if (RecoveryInProgress())
		ereport(ERROR,
				(errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
				 errmsg("cannot execute %s during recovery", function),
				 errhint("On a standby, drift_diff('baseline', 'live') compares without recording anything.")));
}
