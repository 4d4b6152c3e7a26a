/*
 * decide.c
 *	  SQL functions of decisions: drift_accept, drift_ignore, drift_ack,
 *	  drift_snooze, drift_comment, drift_undo, and the DDL of chosen drifts.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/text.h"
#include "sqlapi/arguments.h"
#include "store/baseline.h"
#include "workflow/decide.h"
#include "workflow/side.h"
#include "workflow/silence.h"
#include "workflow/undo.h"

PG_FUNCTION_INFO_V1(sd_sql_accept);
PG_FUNCTION_INFO_V1(sd_sql_accept_all);
PG_FUNCTION_INFO_V1(sd_sql_ignore);
PG_FUNCTION_INFO_V1(sd_sql_unignore);
PG_FUNCTION_INFO_V1(sd_sql_ack);
PG_FUNCTION_INFO_V1(sd_sql_snooze);
PG_FUNCTION_INFO_V1(sd_sql_comment);
PG_FUNCTION_INFO_V1(sd_sql_undo);
PG_FUNCTION_INFO_V1(sd_sql_revert_sql);
PG_FUNCTION_INFO_V1(sd_sql_adopt_sql);

static void
require(FunctionCallInfo fcinfo, int n, const char *name)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must be given", name)));
}

static int64
required_number(FunctionCallInfo fcinfo, int n, const char *name)
{
	require(fcinfo, n, name);
	return PG_GETARG_INT64(n);
}

static char *
time_text(TimestampTz time)
{
	return DatumGetCString(DirectFunctionCall1(timestamptz_out, TimestampTzGetDatum(time)));
}

/* drift_accept(id, reason) → what came of it */
Datum
sd_sql_accept(PG_FUNCTION_ARGS)
{
	int64		id = required_number(fcinfo, 0, "id");
	int			version;

	sd_refuse_on_standby("drift_accept()");
	version = sd_decide_accept(id, sd_required_text(fcinfo, 1, "reason"));
	PG_RETURN_TEXT_P(cstring_to_text(
		version > 0 ? psprintf("Drift " INT64_FORMAT " is accepted: the baseline has version %d now.", id, version) :
		psprintf("Drift " INT64_FORMAT " is accepted; the baseline stays as it is.", id)));
}

/* drift_accept_all(reason, class, pattern) → how many */
Datum
sd_sql_accept_all(PG_FUNCTION_ARGS)
{
	sd_refuse_on_standby("drift_accept_all()");
	PG_RETURN_INT32(sd_decide_accept_all(sd_required_text(fcinfo, 0, "reason"), sd_text_argument(fcinfo, 1),
										 sd_text_argument(fcinfo, 2)));
}

/* drift_ignore(pattern, reason, until, target) → rule */
Datum
sd_sql_ignore(PG_FUNCTION_ARGS)
{
	const char *pattern = sd_required_text(fcinfo, 0, "pattern");
	const char *reason = sd_required_text(fcinfo, 1, "reason");
	const char *target = sd_required_text(fcinfo, 3, "target");
	int64		hidden;
	int64		rule;

	require(fcinfo, 2, "until");
	sd_refuse_on_standby("drift_ignore()");
	if (strcmp(target, "live") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("target \"%s\" does not exist", sd_display(target, false)),
				 errhint("The only target is live, this database.")));
	rule = sd_silence_ignore(pattern, reason, time_text(PG_GETARG_TIMESTAMPTZ(2)), &hidden);
	ereport(NOTICE,
			(errmsg_plural("rule " INT64_FORMAT " hides %d drift now", "rule " INT64_FORMAT " hides %d drifts now",
						   (unsigned long) hidden, rule, (int) hidden)));
	PG_RETURN_INT64(rule);
}

/* drift_unignore(rule) → what came of it */
Datum
sd_sql_unignore(PG_FUNCTION_ARGS)
{
	int64		rule = required_number(fcinfo, 0, "rule");

	sd_refuse_on_standby("drift_unignore()");
	sd_silence_unignore(rule);
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("Ignore rule " INT64_FORMAT " is removed:"
											  " what it hid and differs still is open.", rule)));
}

/* drift_ack(id, note) → what came of it */
Datum
sd_sql_ack(PG_FUNCTION_ARGS)
{
	int64		id = required_number(fcinfo, 0, "id");

	sd_refuse_on_standby("drift_ack()");
	sd_silence_acknowledge(id, sd_text_argument(fcinfo, 1));
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("Drift " INT64_FORMAT " is acknowledged:"
											  " nobody is told of it until it changes.", id)));
}

/* When a snooze of that length ends. */
static char *
end_of_snooze(Interval *duration)
{
	static const char *const longest = SD_SNOOZE_LONGEST;
	Datum		now = TimestampTzGetDatum(GetCurrentTransactionStartTimestamp());
	Datum		until = DirectFunctionCall2(timestamptz_pl_interval, now, IntervalPGetDatum(duration));
	Datum		limit = DirectFunctionCall3(interval_in, CStringGetDatum(longest), ObjectIdGetDatum(InvalidOid),
											Int32GetDatum(-1));

	limit = DirectFunctionCall2(timestamptz_pl_interval, now, limit);
	if (DatumGetTimestampTz(until) <= DatumGetTimestampTz(now) ||
		DatumGetTimestampTz(until) > DatumGetTimestampTz(limit))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a drift cannot be snoozed for %s",
						DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(duration)))),
				 errhint("It takes more than nothing and at most %s; drift_ignore() hides for longer.", longest)));
	return time_text(DatumGetTimestampTz(until));
}

/* drift_snooze(id, duration, note) → what came of it */
Datum
sd_sql_snooze(PG_FUNCTION_ARGS)
{
	int64		id = required_number(fcinfo, 0, "id");
	char	   *until;

	require(fcinfo, 1, "duration");
	sd_refuse_on_standby("drift_snooze()");
	until = end_of_snooze(PG_GETARG_INTERVAL_P(1));
	sd_silence_snooze(id, until, sd_text_argument(fcinfo, 2));
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("Drift " INT64_FORMAT " is snoozed: nobody is told of it until %s.",
											  id, until)));
}

/* drift_comment(id, note) */
Datum
sd_sql_comment(PG_FUNCTION_ARGS)
{
	int64		id = required_number(fcinfo, 0, "id");

	sd_refuse_on_standby("drift_comment()");
	sd_silence_comment(id, sd_required_text(fcinfo, 1, "note"));
	PG_RETURN_VOID();
}

/* drift_undo(decision, reason) → what came of it */
Datum
sd_sql_undo(PG_FUNCTION_ARGS)
{
	int64		decision = required_number(fcinfo, 0, "decision");

	sd_refuse_on_standby("drift_undo()");
	PG_RETURN_TEXT_P(cstring_to_text(sd_undo(decision, sd_text_argument(fcinfo, 1))));
}

/* The numbers of an array, as List of int64 *. */
static List *
required_numbers(FunctionCallInfo fcinfo, int n, const char *name)
{
	List	   *numbers = NIL;
	Datum	   *values;
	bool	   *nulls;
	int			count;
	int			i;

	require(fcinfo, n, name);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(n), INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &values, &nulls, &count);
	for (i = 0; i < count; i++)
	{
		int64	   *number = palloc(sizeof(int64));

		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s must not hold NULL", name)));
		*number = DatumGetInt64(values[i]);
		numbers = lappend(numbers, number);
	}
	if (numbers == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must name a drift", name),
				 errhint("SELECT * FROM drift_check() lists the open ones.")));
	return numbers;
}

/* drift_revert_sql(ids) → script */
Datum
sd_sql_revert_sql(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(sd_decide_revert_all_sql(required_numbers(fcinfo, 0, "ids"))));
}

/* drift_adopt_sql(ids) → script */
Datum
sd_sql_adopt_sql(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(sd_decide_adopt_sql(required_numbers(fcinfo, 0, "ids"))));
}
