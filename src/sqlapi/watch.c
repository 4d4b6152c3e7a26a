/*
 * watch.c
 *	  SQL functions of the watch workflow: drift_check, drift_watch,
 *	  drift_unwatch, drift_baseline_set, drift_accept, drift_explain.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/text.h"
#include "base/wake.h"
#include "capture/arm.h"
#include "sqlapi/items.h"
#include "store/arming.h"
#include "store/baseline.h"
#include "store/channel.h"
#include "store/drift.h"
#include "workflow/watch.h"

PG_FUNCTION_INFO_V1(sd_sql_check);
PG_FUNCTION_INFO_V1(sd_sql_watch_arm);
PG_FUNCTION_INFO_V1(sd_sql_unwatch);
PG_FUNCTION_INFO_V1(sd_sql_baseline_set);
PG_FUNCTION_INFO_V1(sd_sql_accept);
PG_FUNCTION_INFO_V1(sd_sql_accept_all);
PG_FUNCTION_INFO_V1(sd_sql_explain);

static char *
text_argument(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

static const char *
required_text(FunctionCallInfo fcinfo, int n, const char *name)
{
	char	   *value = text_argument(fcinfo, n);

	if (value == NULL || value[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must be given", name)));
	return value;
}

static void
refuse_on_standby(const char *function)
{
	if (RecoveryInProgress())
		ereport(ERROR,
				(errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
				 errmsg("cannot execute %s during recovery", function),
				 errhint("On a standby, drift_diff('baseline', 'live') compares without recording anything.")));
}

/* drift_check(target) */
Datum
sd_sql_check(PG_FUNCTION_ARGS)
{
	char	   *target = text_to_cstring(PG_GETARG_TEXT_PP(0));
	int			nopen;

	sd_items_begin(fcinfo);
	refuse_on_standby("drift_check()");
	if (strcmp(target, "live") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("target \"%s\" does not exist", target),
				 errhint("drift_check() checks this database; drift_diff() compares any two sides.")));
	nopen = sd_watch_run();
	if (nopen < 0)
	{
		int			version = sd_watch_set_baseline(SD_DEFAULT_BASELINE, "first check", "live");

		ereport(NOTICE,
				(errmsg("there was no baseline, so the schema as it is now was recorded as version %d", version),
				 errhint("SELECT drift_watch() also captures who changes it from now on.")));
		return (Datum) 0;
	}
	if (nopen > 0)
		sd_rows_return(fcinfo, sd_drift_open());
	return (Datum) 0;
}

/* schemadrift.watch_arm(channel): what drift_watch() does besides scheduling */
Datum
sd_sql_watch_arm(PG_FUNCTION_ARGS)
{
	char	   *channel = text_argument(fcinfo, 0);

	refuse_on_standby("drift_watch()");
	sd_capture_arm();
	sd_arming_write();
	if (channel)
	{
		(void) sd_channel_find(channel);
		(void) sd_route_insert("watch", channel);
	}
	if (sd_baseline_latest(SD_DEFAULT_BASELINE) == NULL)
		(void) sd_watch_set_baseline(SD_DEFAULT_BASELINE, "drift_watch()", "live");
	sd_wake_request();
	PG_RETURN_VOID();
}

/* drift_unwatch() */
Datum
sd_sql_unwatch(PG_FUNCTION_ARGS)
{
	refuse_on_standby("drift_unwatch()");
	sd_capture_disarm();
	sd_arming_stop_watching();
	sd_wake_request();
	PG_RETURN_VOID();
}

/* A name that a side can be written with: baseline:name@7. */
static const char *
baseline_name(const char *name)
{
	if (strlen(name) >= NAMEDATALEN || strchr(name, '@') || strcmp(name, sd_display(name, false)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("\"%s\" cannot be the name of a baseline", sd_display(name, false)),
				 errhint("Names have 1 to %d bytes, no @ and no control characters.", NAMEDATALEN - 1)));
	return name;
}

/* drift_baseline_set(name, reason, side) → version */
Datum
sd_sql_baseline_set(PG_FUNCTION_ARGS)
{
	refuse_on_standby("drift_baseline_set()");
	PG_RETURN_INT32(sd_watch_set_baseline(baseline_name(required_text(fcinfo, 0, "name")), text_argument(fcinfo, 1),
										  required_text(fcinfo, 2, "side")));
}

/* drift_accept(id, reason) */
Datum
sd_sql_accept(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("id must be given")));
	refuse_on_standby("drift_accept()");
	(void) sd_watch_accept(PG_GETARG_INT64(0), required_text(fcinfo, 1, "reason"));
	PG_RETURN_VOID();
}

/* drift_accept_all(reason) → how many */
Datum
sd_sql_accept_all(PG_FUNCTION_ARGS)
{
	refuse_on_standby("drift_accept_all()");
	PG_RETURN_INT32(sd_watch_accept(0, required_text(fcinfo, 0, "reason")));
}

/* One line "label: value" unless there is no value. */
static void
append_line(StringInfo buf, const SdRows *rows, const char *label, const char *column)
{
	const char *value = sd_rows_value(rows, 0, column);

	if (value)
		appendStringInfo(buf, "%s: %s\n", label, sd_display(value, true));
}

/* What takes an open drift back, and how to accept it. */
static void
append_next_steps(StringInfo buf, const SdRows *rows)
{
	const char *id = sd_rows_value(rows, 0, "id");
	char	   *revert;

	if (strcmp(sd_rows_value(rows, 0, "object_type"), SD_CAPTURE_DRIFT) == 0)
	{
		appendStringInfoString(buf, "\nTo mend it: SELECT drift_watch();"
							   "  To stop watching: SELECT drift_unwatch();\n");
		return;
	}
	revert = sd_watch_revert_sql(sd_rows_value(rows, 0, "object_type"),
											 sd_rows_value(rows, 0, "object"),
											 sd_rows_value(rows, 0, "attribute"));

	if (revert)
		appendStringInfo(buf, "\nTo take it back:\n\n%s", sd_display(revert, true));
	appendStringInfo(buf, "\nTo accept it: SELECT drift_accept(%s, 'reason');\n", id);
}

/* drift_explain(id) → text */
Datum
sd_sql_explain(PG_FUNCTION_ARGS)
{
	int64		id = PG_GETARG_INT64(0);
	SdRows	   *rows = sd_drift_one(id);
	StringInfoData buf;

	if (rows->nrows == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("drift " INT64_FORMAT " does not exist", id),
				 errhint("SELECT * FROM drift_check() lists the open ones.")));
	initStringInfo(&buf);
	appendStringInfo(&buf, "Drift " INT64_FORMAT ": %s %s%s%s %s\n", id,
					 sd_rows_value(rows, 0, "object_type"),
					 sd_display(sd_rows_value(rows, 0, "object"), false),
					 sd_rows_value(rows, 0, "attribute") ? ": " : "",
					 sd_rows_value(rows, 0, "attribute") ? sd_rows_value(rows, 0, "attribute") : "",
					 sd_rows_value(rows, 0, "change"));
	append_line(&buf, rows, "State", "state");
	append_line(&buf, rows, "Severity", "severity");
	append_line(&buf, rows, "Class", "class");
	append_line(&buf, rows, "First seen", "first_seen");
	append_line(&buf, rows, "Expected", "expected");
	append_line(&buf, rows, "Actual", "actual");
	append_line(&buf, rows, "Who", "who");
	append_line(&buf, rows, "Via", "via");
	append_line(&buf, rows, "When", "at");
	append_line(&buf, rows, "Statement", "ddl");
	if (sd_rows_value(rows, 0, "event_id") == NULL)
		appendStringInfoString(&buf, "No captured command explains it: capture was off,"
							   " or it was changed without DDL.\n");
	append_line(&buf, rows, "Closed", "closed_at");
	append_line(&buf, rows, "Closed by", "closed_by");
	append_line(&buf, rows, "Reason", "close_reason");
	if (strcmp(sd_rows_value(rows, 0, "state"), "open") == 0)
		append_next_steps(&buf, rows);
	PG_RETURN_TEXT_P(cstring_to_text(buf.data));
}
