/*
 * silence.c
 *	  What people want not to be told: ignored, acknowledged, snoozed.
 *
 * Each takes the turn of a check, so that nobody acknowledges what a check
 * finds at the same moment, and a rule that comes or goes is looked at in the
 * same transaction: what it hides resolves an incident, what it shows is told.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/text.h"
#include "compare/choose.h"
#include "kind/kind.h"
#include "store/decision.h"
#include "store/drift.h"
#include "store/ignore.h"
#include "workflow/check.h"
#include "workflow/decide.h"
#include "workflow/incident.h"
#include "workflow/silence.h"
#include "workflow/watch.h"

/* A rule must say what it is about, and that is never the watch itself. */
static void
check_pattern(const char *text)
{
	SdPattern  *pattern = sd_choose_pattern(text);
	ListCell   *cell;

	if (sd_pattern_is_boundless(pattern))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("an ignore rule cannot be about everything"),
				 errdetail("Each part of the pattern must name objects, a kind or an attribute,"
						   " besides what it excepts."),
				 errhint("Such as public.tmp_* or [kind=statistics] reports.**;"
						 " SELECT drift_help('patterns') has more.")));
	foreach(cell, sd_pattern_values(pattern, "kind"))
		if (sd_kind_find(lfirst(cell)) == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("what is wrong with the watch itself cannot be ignored"),
					 errhint("drift_watch() mends it; drift_snooze() gives it time.")));
}

int64
sd_silence_ignore(const char *pattern, const char *reason, const char *until, int64 *hidden)
{
	SdDecision	decision = {.action = SD_DECIDED_IGNORE};

	check_pattern(pattern);
	if (!sd_ignore_may_last(until))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("an ignore rule cannot last until %s", until),
				 errhint("It ends in the future and after " SD_IGNORE_LONGEST " at the latest, such as"
						 " now() + interval '30 days'.")));
	sd_check_take_turn();
	decision.rule_id = sd_ignore_add(pattern, "live", reason, until);
	decision.object = pattern;
	decision.reason = reason;
	decision.until = until;
	(void) sd_decision_record(&decision);
	(void) sd_watch_run();
	*hidden = sd_drift_count_ignored(decision.rule_id);
	return decision.rule_id;
}

void
sd_silence_unignore(int64 rule)
{
	SdDecision	decision = {.action = SD_DECIDED_UNIGNORE};
	SdRows	   *row;

	sd_check_take_turn();
	row = sd_ignore_one(rule);
	if (row->nrows == 0 || !sd_ignore_remove(rule))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("there is no ignore rule " INT64_FORMAT, rule),
				 row->nrows == 0 ? 0 : errdetail("%s removed it.", sd_rows_value(row, 0, "removed_by")),
				 errhint("SELECT * FROM drift_ignore_rules() lists them.")));
	decision.rule_id = rule;
	decision.object = sd_rows_value(row, 0, "pattern");
	(void) sd_decision_record(&decision);
	(void) sd_watch_run();
}

/* The open drift, for something that makes no sense for one that is hidden. */
static SdRows *
one_that_is_told(int64 id)
{
	SdRows	   *drift = sd_decide_standing(id);

	if (strcmp(sd_rows_value(drift, 0, "state"), "ignored") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("drift " INT64_FORMAT " is hidden by ignore rule %s already", id,
						sd_rows_value(drift, 0, "rule_id"))));
	return drift;
}

static void
record(const char *action, int64 drift_id, const char *note, const char *until)
{
	SdDecision	decision = {.action = action, .drift_id = drift_id, .reason = note, .until = until};

	(void) sd_decision_record(&decision);
}

void
sd_silence_acknowledge(int64 id, const char *note)
{
	SdRows	   *drift;

	sd_check_take_turn();
	drift = one_that_is_told(id);
	sd_drift_acknowledge(id);
	record(SD_DECIDED_ACKNOWLEDGE, id, note, NULL);
	sd_incident_update("watch");
	if (sd_rows_int(drift, 0, "incident_id") != 0)
		sd_incident_acknowledge(sd_rows_int(drift, 0, "incident_id"));
}

void
sd_silence_snooze(int64 id, const char *until, const char *note)
{
	sd_check_take_turn();
	(void) one_that_is_told(id);
	sd_drift_snooze(id, until);
	record(SD_DECIDED_SNOOZE, id, note, until);
	sd_incident_update("watch");
}

void
sd_silence_comment(int64 id, const char *note)
{
	if (sd_drift_one(id)->nrows == 0)
		(void) sd_decide_standing(id);
	record(SD_DECIDED_COMMENT, id, note, NULL);
}
