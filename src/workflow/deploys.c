/*
 * deploys.c
 *	  The end of a deploy: what came of it.
 *
 * Whoever ends a deploy wants to read at once what became of it, so a check
 * runs right there.  But a deploy ends in any case: where the check cannot run
 * now (another one goes on for long, the transaction looks at a fixed
 * snapshot), the report says so and the worker's next one takes it in.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/guc.h"

#include "base/error.h"
#include "base/rows.h"
#include "base/text.h"
#include "base/wake.h"
#include "store/arming.h"
#include "store/baseline_read.h"
#include "store/deploy.h"
#include "store/event.h"
#include "workflow/deploys.h"
#include "workflow/watch.h"

/* How long the end of a deploy waits for another check's end, ms. */
#define LONGEST_WAIT 10000

/* Lines of a list in a report. */
#define SD_TOLD_LINES 50

const char *
sd_deploys_check(void)
{
	int			level = NewGUCNestLevel();
	int			nopen;

	if (LockTimeout == 0 || LockTimeout > LONGEST_WAIT)
		(void) set_config_option("lock_timeout", psprintf("%d", LONGEST_WAIT), PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
	nopen = sd_watch_run();
	AtEOXact_GUC(false, level);
	return nopen < 0 ? "there is no baseline yet" : NULL;
}

/* "and 7 more", where a list is longer than what is told of it. */
static void
append_rest(StringInfo buf, int count)
{
	if (count > SD_TOLD_LINES)
		appendStringInfo(buf, "\n  and %d more", count - SD_TOLD_LINES);
}

static void
append_events(StringInfo buf, const SdRows *events, bool with_role)
{
	int			i;

	for (i = 0; i < Min(events->nrows, SD_TOLD_LINES); i++)
	{
		char	   *objects = sd_rows_value(events, i, "objects");
		char	   *refused = sd_rows_value(events, i, "refused_claim");

		appendStringInfo(buf, "\n  %s", sd_rows_value(events, i, "tag"));
		if (objects)
			appendStringInfo(buf, ": %s", sd_display(sd_cut(objects, 200), false));
		if (with_role)
			appendStringInfo(buf, " (by %s%s%s)", sd_display(sd_rows_value(events, i, "session_role"), false),
							 refused ? ", refused claim " : "", refused ? sd_display(refused, false) : "");
	}
	append_rest(buf, events->nrows);
}

/* What went into which version of the baseline, and what did not. */
static void
append_absorbed(StringInfo buf, int64 id, int ran, const char *problem)
{
	SdRows	   *versions = sd_deploy_versions(id);
	int			v;
	int			i;

	for (v = 0; v < versions->nrows; v++)
	{
		SdRows	   *changes = sd_baseline_changes_of((int) sd_rows_int(versions, v, "version"));

		appendStringInfo(buf, "\nabsorbed into baseline version %s: %d %s", sd_rows_value(versions, v, "version"),
						 changes->nrows, changes->nrows == 1 ? "change" : "changes");
		for (i = 0; i < Min(changes->nrows, SD_TOLD_LINES); i++)
			appendStringInfo(buf, "\n  %s %s", sd_rows_value(changes, i, "change"),
							 sd_display(sd_cut(sd_rows_value(changes, i, "key"), 200), false));
		append_rest(buf, changes->nrows);
	}
	if (problem)
		appendStringInfo(buf, "\nnot checked now: %s; %s", sd_display(problem, false),
						 sd_arming_is_watching() ? "the next check absorbs what is left" :
						 "drift_check() shows what differs");
	else if (versions->nrows == 0 && ran > 0)
		appendStringInfoString(buf, "\nnothing was absorbed: no change of this deploy is left");
}

char *
sd_deploys_close(int64 id, const char *problem)
{
	SdRows	   *closed = sd_deploy_close(id, GetUserNameFromId(GetSessionUserId(), false));
	SdRows	   *events;
	StringInfoData buf;

	if (closed->nrows == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("deploy " INT64_FORMAT " was ended by somebody else", id)));
	initStringInfo(&buf);
	events = sd_event_of_deploy(id);
	appendStringInfo(&buf, "deploy " INT64_FORMAT " \"%s\" ended; it ran %d %s", id,
					 sd_display(sd_rows_value(closed, 0, "label"), false),
					 events->nrows, events->nrows == 1 ? "command" : "commands");
	append_events(&buf, events, false);
	append_absorbed(&buf, id, events->nrows, problem);
	events = sd_event_unexplained_since(sd_rows_value(closed, 0, "opened_at"));
	if (events->nrows > 0)
	{
		appendStringInfo(&buf, "\nnot expected meanwhile: %d %s", events->nrows,
						 events->nrows == 1 ? "command" : "commands");
		append_events(&buf, events, true);
	}
	sd_wake_request();
	return buf.data;
}
