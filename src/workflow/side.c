/*
 * side.c
 *	  Turns the text of a side into a snapshot.
 */
#include "postgres.h"

#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

#include "base/caller.h"
#include "base/error.h"
#include "base/text.h"
#include "compare/collect.h"
#include "store/baseline_read.h"
#include "workflow/asof.h"
#include "workflow/side.h"

static SdSource *
open_local(void *arg)
{
	return sd_source_local();
}

static SdSource *
open_remote(void *arg)
{
	return sd_source_remote(sd_source_remote_name(arg), arg);
}

/* Of the side as written, for a baseline of that name. */
static void
raise_no_baseline(const char *side, const char *name)
{
	if (sd_baseline_latest(name))
		ereport(ERROR,
				(errcode(ERRCODE_SD_NO_BASELINE),
				 errmsg("\"%s\" does not exist", sd_display(side, false)),
				 errdetail("Baseline \"%s\" has versions up to %d.", name, sd_baseline_latest(name)->version),
				 errhint("SELECT * FROM drift_baselines() lists them.")));
	if (strcmp(name, SD_DEFAULT_BASELINE) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_SD_NO_BASELINE),
				 errmsg("there is no baseline \"%s\"", sd_display(name, false)),
				 errhint("SELECT * FROM drift_baselines() lists those there are;"
						 " drift_baseline_set(name) records one.")));
	ereport(ERROR,
			(errcode(ERRCODE_SD_NO_BASELINE),
			 errmsg("there is no baseline to compare with"),
			 errhint("SELECT drift_watch() or SELECT drift_baseline_set() records the schema as it is now.")));
}

/* "baseline", "baseline@7", "baseline:name", "baseline:name@7" */
static SdBaseline *
find_baseline(const char *side)
{
	const char *rest = side + strlen("baseline");
	char	   *name = pstrdup(rest[0] == ':' ? rest + 1 : SD_DEFAULT_BASELINE);
	char	   *at = rest[0] == ':' ? strrchr(name, '@') : NULL;
	const char *version = rest[0] == '@' ? rest + 1 : at ? at + 1 : NULL;
	SdBaseline *baseline;

	if (at)
		*at = '\0';
	if (version && (*version == '\0' || strspn(version, "0123456789") != strlen(version) ||
					strlen(version) > 9))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("malformed version in side \"%s\"", side),
				 errhint("Write the version as a number: baseline@7.")));
	baseline = version ? sd_baseline_version(name, atoi(version)) : sd_baseline_latest(name);
	if (baseline == NULL)
		raise_no_baseline(side, name);
	return baseline;
}

static bool
is_baseline(const char *side)
{
	size_t		length = strlen("baseline");

	return strncmp(side, "baseline", length) == 0 &&
		(side[length] == '\0' || side[length] == '@' || side[length] == ':');
}

static bool
is_remote(const char *side)
{
	return strcmp(side, "live") != 0 && !is_baseline(side) && !sd_asof_is(side) &&
		(strchr(side, '=') != NULL || strstr(side, "://") != NULL);
}

static SdSnapshot *
remote_snapshot(const char *conninfo, const char *known, const SdSnapshot *beside, MemoryContext parent)
{
	if (!superuser_arg(sd_caller()))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("only superusers may compare with a connection string")));
	return sd_collect_beside(open_remote, pstrdup(conninfo), known, beside, parent);
}

static SdSnapshot *
snapshot_beside(const char *side, const char *known, const SdSnapshot *beside, MemoryContext parent)
{
	if (strcmp(side, "live") == 0)
		return sd_collect(open_local, NULL, known, parent);
	if (is_baseline(side))
		return sd_baseline_load(find_baseline(side), parent);
	if (sd_asof_is(side))
		return sd_asof_snapshot(side, parent);
	if (is_remote(side))
		return remote_snapshot(side, known, beside, parent);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("side \"%s\" does not exist", side),
			 errhint("A side is live, baseline, baseline@VERSION, baseline:NAME, asof:TIME,"
					 " or for superusers a libpq connection string.")));
}

SdSnapshot *
sd_side_snapshot(const char *side, MemoryContext parent)
{
	return snapshot_beside(side, NULL, NULL, parent);
}

SdSnapshot *
sd_side_snapshot_unless(const char *side, const char *known, MemoryContext parent)
{
	return snapshot_beside(side, known, NULL, parent);
}

/* What is at hand first: another database may then tell only the rest. */
static void
take_both(const char *at_hand, const char *other, bool with_needs, SdSnapshot **at_hand_snapshot,
		  SdSnapshot **other_snapshot, MemoryContext parent)
{
	*at_hand_snapshot = snapshot_beside(at_hand, with_needs ? NULL : SD_KNOWN_ANY, NULL, parent);
	*other_snapshot = snapshot_beside(other, with_needs ? (*at_hand_snapshot)->fingerprint : SD_KNOWN_ANY,
									  *at_hand_snapshot, parent);
}

void
sd_side_snapshots(const char *from, const char *to, bool only_differences, SdSnapshot **from_snapshot,
				  SdSnapshot **to_snapshot, MemoryContext parent)
{
	bool		reversed = is_remote(from) && !is_remote(to);
	bool		with_needs = !only_differences || (!is_remote(from) && !is_remote(to));
	SdSnapshot **first = reversed ? to_snapshot : from_snapshot;
	SdSnapshot **second = reversed ? from_snapshot : to_snapshot;

	take_both(reversed ? to : from, reversed ? from : to, with_needs, first, second, parent);
	if (!with_needs && sd_snapshot_same_database(*first, *second))
		take_both(reversed ? to : from, reversed ? from : to, true, first, second, parent);
}

int64
sd_side_event_horizon(const char *side, const char *name)
{
	SdBaseline *baseline;

	if (sd_asof_is(side))
		return sd_asof_find(side)->event_horizon;
	baseline = is_baseline(side) ? find_baseline(side) : sd_baseline_latest(name);
	return baseline ? baseline->event_horizon : 0;
}

SdBaseline *
sd_side_default_baseline(void)
{
	SdBaseline *baseline = sd_baseline_latest(SD_DEFAULT_BASELINE);

	if (baseline == NULL)
		raise_no_baseline("baseline", SD_DEFAULT_BASELINE);
	return baseline;
}

/* -- for reports ----------------------------------------------------------- */

const char *
sd_side_name(const char *side)
{
	return !is_baseline(side) && is_remote(side) ? sd_source_remote_name(side) : side;
}

const char *
sd_side_older_than(const char *side, const char *max_age)
{
	return is_baseline(side) ? sd_baseline_older_than(find_baseline(side), max_age) : NULL;
}

/* "PostgreSQL 15.10" */
static char *
server_name(int version)
{
	return psprintf("PostgreSQL %d.%d", version / 10000, version % 10000);
}

static void
describe_baseline(SdReportSide *described, const SdBaseline *baseline)
{
	SdRows	   *origin = sd_baseline_origin(baseline);
	const char *reason = sd_rows_value(origin, 0, "reason");

	described->taken = sd_rows_value(origin, 0, "created_at");
	described->description = psprintf("Version %d of baseline %s, %s, recorded by %s%s%s",
									  baseline->version, baseline->name,
									  server_name((int) sd_rows_int(origin, 0, "server_version")),
									  sd_rows_value(origin, 0, "created_by"),
									  reason ? ": " : "", reason ? reason : "");
}

SdReportSide
sd_side_describe(const char *side, const SdSnapshot *snapshot)
{
	SdReportSide described = {.name = side, .snapshot = snapshot};

	if (is_baseline(side))
	{
		describe_baseline(&described, find_baseline(side));
		return described;
	}
	if (sd_asof_is(side))
	{
		sd_asof_describe(&described, side);
		return described;
	}
	described.taken = sd_short_time(timestamptz_to_str(GetCurrentTimestamp()));
	if (strcmp(side, "live") == 0)
		described.description = psprintf("Database %s on this server, %s", get_database_name(MyDatabaseId),
										 server_name(snapshot->server_version));
	else
	{
		described.name = sd_side_name(side);
		described.description = psprintf("Another database, %s", server_name(snapshot->server_version));
	}
	return described;
}
