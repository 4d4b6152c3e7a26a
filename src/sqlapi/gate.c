/*
 * gate.c
 *	  drift_gate(): an error that stops a pipeline.
 *
 * It looks and records nothing, so a pipeline needs no more rights than a
 * reader, and a standby will do; and it looks itself, so that it does not depend
 * on a worker or on when there was a check.  It is silent about nothing that a
 * person decided but by an ignore rule, and counts what such a rule hides.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/error.h"
#include "base/text.h"
#include "compare/report_words.h"
#include "kind/kind.h"
#include "sqlapi/arguments.h"
#include "store/arming.h"
#include "store/drift.h"
#include "workflow/comparison.h"
#include "workflow/grade.h"
#include "workflow/selfcheck.h"
#include "workflow/side.h"

PG_FUNCTION_INFO_V1(sd_sql_gate);

/* Differences named in the error; the rest is counted. */
#define MAX_NAMED 10

static SdSeverity
severity_argument(const char *name)
{
	SdSeverity	severity;

	if (!sd_severity_parse(name, &severity))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("severity \"%s\" does not exist", sd_display(name, false)),
				 errhint("The severities are info, warning, error and critical.")));
	return severity;
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

/* What a comparison holds, sorted by what the gate makes of it. */
typedef struct Sorted
{
	List	   *worse;			/* SdItem * */
	int			tolerated;
	int			ignored;
} Sorted;

static Sorted
sort_items(List *items, SdSeverity max)
{
	Sorted		sorted = {NIL};
	ListCell   *cell;

	foreach(cell, items)
	{
		SdItem	   *item = lfirst(cell);

		if (item->rule_id)
			sorted.ignored++;
		else if (item->severity > max)
			sorted.worse = lappend(sorted.worse, item);
		else
			sorted.tolerated++;
	}
	return sorted;
}

/* That would be green whatever there is. */
static void
refuse_same_sides(const char *from, const char *to)
{
	if (strcmp(from, to) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("from_side and to_side are the same"),
				 errhint("drift_gate() alone compares the baseline with live.")));
}

/*
 * A baseline in an older canonical form lacks what that did not have; the next
 * check brings it up.
 */
static void
refuse_old_form(const char *side, const SdSnapshot *snapshot)
{
	if (snapshot->form < SD_FORM)
		ereport(ERROR,
				(errcode(ERRCODE_SD_UNREACHABLE),
				 errmsg("\"%s\" is of an older version of schemadrift", sd_display(sd_side_name(side), false)),
				 errdetail("Its canonical form is %d, this version's is %d.", snapshot->form, SD_FORM),
				 errhint("drift_check() brings the default baseline up to date;"
						 " drift_baseline_set() records another anew.")));
}

/* What is not worse, or not compared, is said: green is not the same as equal. */
static void
tell_what_passed(const SdComparison *comparison, const Sorted *sorted, SdSeverity max)
{
	if (sorted->ignored > 0)
		ereport(NOTICE,
				(errmsg_plural("%d change is hidden by an ignore rule", "%d changes are hidden by ignore rules",
							   sorted->ignored, sorted->ignored),
				 errhint("SELECT * FROM drift_ignored() shows them.")));
	if (sorted->tolerated > 0)
		ereport(NOTICE,
				(errmsg_plural("%d change is no worse than %s", "%d changes are no worse than %s",
							   sorted->tolerated, sorted->tolerated, sd_severity_name(max))));
	if (strcmp(comparison->from_name, "baseline") == 0 && strcmp(comparison->to_name, "live") == 0 &&
		!sd_snapshot_same_database(comparison->from, comparison->to))
		ereport(NOTICE,
				(errmsg("the baseline came from another database"),
				 errdetail("Settings and privileges of the database itself are not compared."),
				 errhint("drift_check() takes them as they are.")));
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

/* A report has the differences of the schema; what else is wrong is in drift_check(). */
static const char *
where_it_is_shown(const List *worse)
{
	bool		in_report = false;
	bool		elsewhere = false;
	ListCell   *cell;

	foreach(cell, worse)
	{
		if (sd_kind_find(((const SdItem *) lfirst(cell))->object_type))
			in_report = true;
		else
			elsewhere = true;
	}
	if (!elsewhere)
		return "drift_report() of the same sides shows all of it.";
	if (!in_report)
		return "SELECT * FROM drift_check() shows it.";
	return "drift_report() of the same sides shows what differs in the schema;"
		" SELECT * FROM drift_check() shows the rest, too.";
}

static void
raise_drift(const SdComparison *comparison, const List *worse, SdSeverity max)
{
	ereport(ERROR,
			(errcode(ERRCODE_SD_DRIFT),
			 errmsg_plural("%d change from %s to %s is worse than %s",
						   "%d changes from %s to %s are worse than %s",
						   list_length(worse), list_length(worse),
						   sd_display(sd_side_name(comparison->from_name), false),
						   sd_display(sd_side_name(comparison->to_name), false),
						   sd_severity_name(max)),
			 errdetail_internal("%s", name_items(worse)),
			 errhint("%s", where_it_is_shown(worse))));
}

/* An open drift that is no difference of the schema, as the last check recorded it. */
static SdItem *
recorded_item(const SdRows *rows, int r)
{
	SdItem	   *item = palloc0(sizeof(SdItem));

	item->change = SD_CHANGE_CHANGED;
	(void) sd_class_parse(sd_rows_value(rows, r, "class"), &item->class);
	(void) sd_severity_parse(sd_rows_value(rows, r, "severity"), &item->severity);
	item->id = sd_rows_int(rows, r, "id");
	item->object_type = sd_rows_value(rows, r, "object_type");
	item->object = sd_rows_value(rows, r, "object");
	item->attribute = sd_rows_value(rows, r, "attribute");
	item->actual = sd_rows_value(rows, r, "actual");
	item->who = sd_rows_value(rows, r, "who");
	return item;
}

/*
 * What is wrong besides the schema counts with what differs: capture that is
 * off, and claims of those who may not deploy.  A standby has not what the
 * watch needs, so there the last check's word on it is taken.
 */
static List *
with_self_check(const SdComparison *comparison)
{
	bool		looks_itself = !RecoveryInProgress();
	List	   *self = NIL;
	SdRows	   *rows;
	int			r;

	if (strcmp(comparison->from_name, "baseline") != 0 || strcmp(comparison->to_name, "live") != 0)
		return comparison->items;
	if (looks_itself && sd_arming_is_watching())
		self = sd_selfcheck(0);
	sd_drift_identify(self);
	sd_grade(self, true);
	rows = sd_drift_open();
	for (r = 0; r < rows->nrows; r++)
	{
		const char *type = sd_rows_value(rows, r, "object_type");

		if (sd_kind_find(type) == NULL && (!looks_itself || strcmp(type, SD_CAPTURE_DRIFT) != 0))
			self = lappend(self, recorded_item(rows, r));
	}
	return list_concat_copy(comparison->items, self);
}

/* drift_gate(max_severity, from_side, to_side, max_age) */
Datum
sd_sql_gate(PG_FUNCTION_ARGS)
{
	SdSeverity	max = severity_argument(sd_required_text(fcinfo, 0, "max_severity"));
	const char *from = sd_required_text(fcinfo, 1, "from_side");
	const char *to = sd_required_text(fcinfo, 2, "to_side");
	SdComparison *comparison;
	Sorted		sorted;

	refuse_same_sides(from, to);
	comparison = sd_compare_sides(from, to, true);
	if (!PG_ARGISNULL(3))
	{
		const char *max_age = DatumGetCString(DirectFunctionCall1(interval_out, PG_GETARG_DATUM(3)));

		check_age(from, max_age);
		check_age(to, max_age);
	}
	refuse_old_form(from, comparison->from);
	refuse_old_form(to, comparison->to);
	sorted = sort_items(with_self_check(comparison), max);
	tell_what_passed(comparison, &sorted, max);
	if (sorted.worse)
		raise_drift(comparison, sorted.worse, max);
	PG_RETURN_VOID();
}
