/*
 * gate.c
 *	  drift_gate(): an error that stops a pipeline.
 *
 * It looks and records nothing, so a pipeline needs no more rights than a
 * reader, and a standby will do.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/error.h"
#include "base/text.h"
#include "compare/report_words.h"
#include "sqlapi/arguments.h"
#include "workflow/comparison.h"
#include "workflow/side.h"

PG_FUNCTION_INFO_V1(sd_sql_gate);

/* Differences named in the error; the rest is counted. */
#define MAX_NAMED 10

static SdSeverity
severity_argument(const char *name)
{
	SdSeverity	severity;

	for (severity = SD_SEVERITY_INFO; severity <= SD_SEVERITY_CRITICAL; severity++)
		if (strcmp(name, sd_severity_name(severity)) == 0)
			return severity;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("severity \"%s\" does not exist", sd_display(name, false)),
			 errhint("The severities are info, warning, error and critical.")));
}

/* An age limits baselines only: every other side is read now. */
static void
check_age(const char *side, const char *max_age)
{
	const char *taken = sd_side_older_than(side, max_age);

	if (taken)
		ereport(ERROR,
				(errcode(ERRCODE_SD_UNREACHABLE),
				 errmsg("\"%s\" is too old to be compared with", side),
				 errdetail("It was recorded at %s.", taken),
				 errhint("drift_baseline_set() or drift_baseline_import() records a newer version.")));
}

static List *
worse_than(List *items, SdSeverity max)
{
	List	   *worse = NIL;
	ListCell   *cell;

	foreach(cell, items)
		if (((SdItem *) lfirst(cell))->severity > max)
			worse = lappend(worse, lfirst(cell));
	return worse;
}

/* "critical, breaking, removed: column public.t.a, by alice" on a line each */
static char *
name_items(const List *items)
{
	List	   *lines = NIL;
	ListCell   *cell;

	foreach(cell, items)
	{
		const SdItem *item = lfirst(cell);

		if (foreach_current_index(cell) == MAX_NAMED)
		{
			lines = lappend(lines, psprintf("and %d more", list_length(items) - MAX_NAMED));
			break;
		}
		lines = lappend(lines, psprintf("%s: %s%s%s", sd_report_marks(item), sd_report_title(item),
										item->who ? ", by " : "", item->who ? sd_display(item->who, false) : ""));
	}
	return sd_join(lines, "\n");
}

/* drift_gate(max_severity, from_side, to_side, max_age) */
Datum
sd_sql_gate(PG_FUNCTION_ARGS)
{
	SdSeverity	max = severity_argument(sd_required_text(fcinfo, 0, "max_severity"));
	const char *from = sd_required_text(fcinfo, 1, "from_side");
	const char *to = sd_required_text(fcinfo, 2, "to_side");
	SdComparison *comparison = sd_compare_sides(from, to, true);
	List	   *worse = worse_than(comparison->items, max);

	if (!PG_ARGISNULL(3))
	{
		const char *max_age = DatumGetCString(DirectFunctionCall1(interval_out, PG_GETARG_DATUM(3)));

		check_age(from, max_age);
		check_age(to, max_age);
	}
	if (worse)
		ereport(ERROR,
				(errcode(ERRCODE_SD_DRIFT),
				 errmsg_plural("%d change from %s to %s is worse than %s",
							   "%d changes from %s to %s are worse than %s",
							   list_length(worse), list_length(worse),
							   sd_display(sd_side_name(from), false), sd_display(sd_side_name(to), false),
							   sd_severity_name(max)),
				 errdetail_internal("%s", name_items(worse)),
				 errhint("drift_report() of the same sides shows all of it.")));
	PG_RETURN_VOID();
}
