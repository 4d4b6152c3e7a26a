/*
 * baselines.c
 *	  Baselines set, rolled back and brought in by people.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/error.h"
#include "base/text.h"
#include "store/baseline.h"
#include "store/baseline_read.h"
#include "store/decision.h"
#include "store/drift.h"
#include "store/event.h"
#include "workflow/baselines.h"
#include "workflow/check.h"
#include "workflow/history.h"
#include "workflow/incident.h"
#include "workflow/selfcheck.h"
#include "workflow/side.h"

int
sd_baselines_rollback(const char *name, int version, const char *reason)
{
	SdBaseline *latest = sd_baseline_latest(name);
	int			to = version ? version : latest ? latest->version - 1 : 0;
	int			stored;

	if (latest == NULL || (version == 0 && to == 0) || sd_baseline_version(name, to) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SD_NO_BASELINE),
				 latest == NULL ? errmsg("there is no baseline \"%s\"", sd_display(name, false)) :
				 version == 0 ? errmsg("baseline \"%s\" has no version before its first", name) :
				 errmsg("baseline \"%s\" has no version %d", name, to),
				 errhint("SELECT * FROM drift_baselines() lists the versions there are.")));
	stored = sd_baselines_set(name, reason ? reason : psprintf("back to version %d", to),
								   psprintf("baseline:%s@%d", name, to));
	sd_baseline_settle(name, stored, sd_event_last_id());
	return stored;
}

int
sd_baselines_import(const char *name, const char *reason, SdSnapshot *snapshot)
{
	int			stored;

	/* what differs from it may be as old as anything that is remembered */
	sd_check_take_turn();
	stored = sd_baseline_save(name, snapshot, reason, 0, 0);
	sd_baseline_settle(name, stored, sd_event_last_id());
	return stored;
}

/* Drifts that such a version closes are each accepted by whoever made it; what is wrong with the watch is not. */
static void
accept_all(int version, const char *reason)
{
	SdRows	   *rows = sd_drift_standing();
	SdDecision	decision = {.action = SD_DECIDED_ACCEPT};
	int			r;

	decision.reason = reason ? reason : "baseline set";
	decision.baseline_version = version;
	for (r = 0; r < rows->nrows; r++)
	{
		if (strcmp(sd_rows_value(rows, r, "object_type"), SD_CAPTURE_DRIFT) == 0)
			continue;
		decision.drift_id = sd_rows_int(rows, r, "id");
		(void) sd_decision_record(&decision);
	}
	sd_drift_accept(0, GetUserNameFromId(GetSessionUserId(), false), decision.reason);
}

int
sd_baselines_set(const char *name, const char *reason, const char *side)
{
	SdSnapshot *snapshot;
	int64		horizon;
	int			version;

	sd_check_take_turn();
	horizon = strcmp(side, "live") == 0 ? sd_event_last_id() : sd_side_event_horizon(side, name);
	snapshot = sd_side_snapshot(side, CurrentMemoryContext);
	version = sd_baseline_save(name, snapshot, reason, 0, horizon);
	if (strcmp(name, SD_DEFAULT_BASELINE) == 0 && strcmp(side, "live") == 0)
	{
		sd_history_observe_baseline(snapshot, version, horizon);
		accept_all(version, reason);
		sd_incident_update("watch");
	}
	return version;
}
