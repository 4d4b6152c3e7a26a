/*
 * watch.c
 *	  SQL functions of the watch workflow: drift_check, drift_watch,
 *	  drift_unwatch, drift_explain.
 */
#include "postgres.h"

#include "commands/dbcommands.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/pattern.h"
#include "base/text.h"
#include "base/wake.h"
#include "capture/arm.h"
#include "kind/kind.h"
#include "sqlapi/arguments.h"
#include "sqlapi/items.h"
#include "store/arming.h"
#include "store/baseline.h"
#include "store/channel.h"
#include "store/decision.h"
#include "store/drift.h"
#include "store/incident.h"
#include "store/route.h"
#include "store/schedule.h"
#include "workflow/side.h"
#include "workflow/baselines.h"
#include "workflow/decide.h"
#include "workflow/selfcheck.h"
#include "workflow/watch.h"

PG_FUNCTION_INFO_V1(sd_sql_check);
PG_FUNCTION_INFO_V1(sd_sql_watch_arm);
PG_FUNCTION_INFO_V1(sd_sql_unwatch);
PG_FUNCTION_INFO_V1(sd_sql_explain);

/* drift_check(target) */
Datum
sd_sql_check(PG_FUNCTION_ARGS)
{
	char	   *target = text_to_cstring(PG_GETARG_TEXT_PP(0));
	int			nopen;

	sd_items_begin(fcinfo);
	sd_refuse_on_standby("drift_check()");
	if (strcmp(target, "live") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("target \"%s\" cannot be checked", sd_display(sd_side_name(target), false)),
				 errhint("drift_check() or drift_check('live') checks this database;"
						 " SELECT * FROM drift_diff('baseline', 'host=… dbname=…') compares its baseline with another"
						 " one, for superusers.")));
	nopen = sd_watch_run();
	if (nopen < 0)
	{
		int			version = sd_baselines_set(SD_DEFAULT_BASELINE, "first check", "live");

		ereport(NOTICE,
				(errmsg("there was no baseline, so the schema as it is now was recorded as version %d", version),
				 errhint("SELECT drift_watch() also captures who changes it from now on.")));
		return (Datum) 0;
	}
	if (nopen > 0)
		sd_rows_return(fcinfo, sd_drift_shown());
	return (Datum) 0;
}

/* schemadrift.watch_arm(channel): what drift_watch() does besides scheduling */
Datum
sd_sql_watch_arm(PG_FUNCTION_ARGS)
{
	char	   *channel = sd_text_argument(fcinfo, 0);

	sd_refuse_on_standby("drift_watch()");
	sd_capture_arm();
	sd_arming_write();
	if (channel)
	{
		(void) sd_channel_find(channel);
		(void) sd_route_insert("watch", &(SdRoute){.channel = channel});
		sd_incident_recheck();
	}
	if (sd_baseline_latest(SD_DEFAULT_BASELINE) == NULL)
		(void) sd_baselines_set(SD_DEFAULT_BASELINE, "drift_watch()", "live");
	sd_wake_request();
	PG_RETURN_VOID();
}

/* drift_unwatch() → what that means */
Datum
sd_sql_unwatch(PG_FUNCTION_ARGS)
{
	char	   *database = sd_display(get_database_name(MyDatabaseId), false);
	int64		job;
	char	   *run_as;
	bool		watched;

	sd_refuse_on_standby("drift_unwatch()");
	watched = sd_arming_is_watching() || sd_capture_is_armed();
	sd_capture_disarm();
	sd_arming_stop_watching();
	sd_wake_request();
	if (!watched)
		PG_RETURN_TEXT_P(cstring_to_text(psprintf("%s was not watched.", database)));
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("Stopped watching %s: DDL is no longer captured. Baselines, drifts and"
											  " events stay, and drift_check() still compares.%s", database,
											  sd_schedule_get("watch", &job, &run_as) ?
											  " The schedule \"watch\" goes on: SELECT drift_unschedule('watch')"
											  " removes it." : "")));
}

/* One line "label: value" unless there is no value. */
static void
append_line(StringInfo buf, const SdRows *rows, const char *label, const char *column)
{
	const char *value = sd_rows_value(rows, 0, column);

	if (value)
		appendStringInfo(buf, "%s: %s\n", label, sd_display(value, true));
}

/* One side of the difference, of which a property may have no value. */
static void
append_side(StringInfo buf, const SdRows *rows, const char *label, const char *column)
{
	append_line(buf, rows, label, column);
	if (sd_rows_value(rows, 0, "attribute") && sd_rows_value(rows, 0, column) == NULL)
		appendStringInfo(buf, "%s: " SD_NOT_SET "\n", label);
}

/* What was in it, and what taking it back does to that. */
static void
append_data_loss(StringInfo buf, const SdRows *rows, bool loses_data)
{
	const SdKind *kind = sd_kind_find(sd_rows_value(rows, 0, "object_type"));

	if (strcmp(sd_rows_value(rows, 0, "change"), "removed") == 0 && kind && (kind->traits & SD_K_HOLDS_DATA))
		appendStringInfo(buf, "\nData: what this %s held is gone; taking it back restores its structure only."
						 "  The data is in your backups.\n", kind->name);
	else if (loses_data)
		appendStringInfoString(buf, "\nData: taking it back drops something that holds data; the data is lost.\n");
}

/* What it brought about, or what brought it about. */
static void
append_folded(StringInfo buf, int64 id, const char *cause)
{
	SdRows	   *rows = sd_drift_folded(id);
	int			r;

	if (cause)
		appendStringInfo(buf, "Brought about by: drift %s\n", cause);
	for (r = 0; r < rows->nrows; r++)
		appendStringInfo(buf, "%s%s %s%s%s %s (drift %s)\n", r == 0 ? "Brought about: " : "  ",
						 sd_rows_value(rows, r, "object_type"), sd_display(sd_rows_value(rows, r, "object"), false),
						 sd_rows_value(rows, r, "attribute") ? ": " : "",
						 sd_rows_value(rows, r, "attribute") ? sd_rows_value(rows, r, "attribute") : "",
						 sd_rows_value(rows, r, "change"), sd_rows_value(rows, r, "id"));
}

/* An ignore rule for just this, as a literal; 'pattern' where its name cannot be written plainly. */
static char *
ignore_pattern(const SdRows *rows)
{
	SdPatternSubject subject;
	SdPatternProblem problem;
	SdPattern  *pattern;
	char	   *text;

	subject.kind = sd_rows_value(rows, 0, "object_type");
	subject.class = sd_rows_value(rows, 0, "class");
	subject.change = sd_rows_value(rows, 0, "change");
	subject.object = sd_rows_value(rows, 0, "object");
	subject.attribute = sd_rows_value(rows, 0, "attribute");
	text = psprintf("[kind=%s] %s", subject.kind, subject.object);
	if (subject.attribute)
		text = psprintf("%s [attribute=%s]", text, subject.attribute);
	pattern = strpbrk(subject.object, "*?\\!") == NULL && strcmp(text, sd_display(text, false)) == 0 ?
		sd_pattern_parse(text, &problem) : NULL;
	return pattern && sd_pattern_matches(pattern, &subject) ? quote_literal_cstr(text) : "'pattern'";
}

/* Whom it is told, and whether it is told at all. */
static void
append_silencing(StringInfo buf, const SdRows *rows)
{
	const char *id = sd_rows_value(rows, 0, "id");

	if (sd_rows_value(rows, 0, "rule_id"))
	{
		appendStringInfo(buf, "To hide it no longer: SELECT drift_unignore(%s);\n", sd_rows_value(rows, 0, "rule_id"));
		return;
	}
	appendStringInfo(buf, "To be told no more while it is as it is: SELECT drift_ack(%s, 'note');\n", id);
	appendStringInfo(buf, "To be told again later: SELECT drift_snooze(%s, '1 day', 'note');\n", id);
	if (sd_kind_find(sd_rows_value(rows, 0, "object_type")))
		appendStringInfo(buf, "To hide it for some time: SELECT drift_ignore(%s, 'reason',"
						 " now() + interval '30 days');\n", ignore_pattern(rows));
}

/* What takes an open drift back, and what else can be decided about it. */
static void
append_next_steps(StringInfo buf, const SdRows *rows)
{
	const char *id = sd_rows_value(rows, 0, "id");
	bool		loses_data = false;
	char	   *revert;

	if (strcmp(sd_rows_value(rows, 0, "object_type"), SD_CAPTURE_DRIFT) == 0)
	{
		appendStringInfoString(buf, "\nTo mend it: SELECT drift_watch();"
							   "  To stop watching: SELECT drift_unwatch();\n");
		append_silencing(buf, rows);
		return;
	}
	revert = sd_decide_revert_sql(sd_rows_value(rows, 0, "object_type"), sd_rows_value(rows, 0, "object"),
								 sd_rows_value(rows, 0, "attribute"), &loses_data);
	append_data_loss(buf, rows, loses_data);
	if (revert)
		appendStringInfo(buf, "\nTo take it back:\n\n%s", sd_display(revert, true));
	appendStringInfo(buf, "\nTo accept it: SELECT drift_accept(%s, 'reason');\n", id);
	append_silencing(buf, rows);
}

/* "Decided: 2026-11-20 10:15:30+00 alice: accept until …: the note" on a line each */
static void
append_decisions(StringInfo buf, int64 id)
{
	SdRows	   *rows = sd_decision_of_drift(id);
	int			r;

	for (r = 0; r < rows->nrows; r++)
	{
		const char *until = sd_rows_value(rows, r, "until");
		const char *reason = sd_rows_value(rows, r, "reason");

		appendStringInfo(buf, "Decided: %s %s: %s%s%s%s%s\n", sd_rows_value(rows, r, "at"),
						 sd_display(sd_rows_value(rows, r, "by"), false), sd_rows_value(rows, r, "action"),
						 until ? " until " : "", until ? until : "",
						 reason ? ": " : "", reason ? sd_display(reason, false) : "");
	}
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
	append_line(&buf, rows, "Ignored by rule", "rule_id");
	append_line(&buf, rows, "Severity", "severity");
	append_line(&buf, rows, "Class", "class");
	append_line(&buf, rows, "Finding", "finding");
	append_line(&buf, rows, "Owner", "owner");
	append_line(&buf, rows, "Incident", "incident_id");
	append_line(&buf, rows, "First seen", "first_seen");
	append_side(&buf, rows, "Expected", "expected");
	append_side(&buf, rows, "Actual", "actual");
	append_line(&buf, rows, "Who", "who");
	append_line(&buf, rows, "Via", "via");
	append_line(&buf, rows, "When", "at");
	append_line(&buf, rows, "Statement", "ddl");
	if (sd_rows_value(rows, 0, "event_id") == NULL)
		appendStringInfoString(&buf, "No captured command explains it: capture was off,"
							   " or it was changed without DDL.\n");
	append_folded(&buf, id, sd_rows_value(rows, 0, "cause_id"));
	append_line(&buf, rows, "Closed", "closed_at");
	append_line(&buf, rows, "Closed by", "closed_by");
	append_line(&buf, rows, "Reason", "close_reason");
	append_decisions(&buf, id);
	if (sd_rows_bool(rows, 0, "is_standing"))
		append_next_steps(&buf, rows);
	PG_RETURN_TEXT_P(cstring_to_text(buf.data));
}
