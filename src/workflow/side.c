/*
 * side.c
 *	  Turns the text of a side into a snapshot.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/error.h"
#include "compare/collect.h"
#include "workflow/side.h"

static SdSource *
open_local(void *arg)
{
	return sd_source_local();
}

static SdSource *
open_remote(void *arg)
{
	return sd_source_remote("connection string", arg);
}

static void
raise_no_baseline(const char *side)
{
	ereport(ERROR,
			(errcode(ERRCODE_SD_NO_BASELINE),
			 errmsg("there is no baseline \"%s\"", side),
			 errhint("SELECT drift_baseline_set() accepts the schema as it is now.")));
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
		raise_no_baseline(side);
	return baseline;
}

static bool
is_baseline(const char *side)
{
	size_t		length = strlen("baseline");

	return strncmp(side, "baseline", length) == 0 &&
		(side[length] == '\0' || side[length] == '@' || side[length] == ':');
}

static SdSnapshot *
remote_snapshot(const char *conninfo, const char *known, MemoryContext parent)
{
	/* the outer user: we may be inside a SECURITY DEFINER function */
	if (!superuser_arg(GetOuterUserId()))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("only superusers may compare with a connection string")));
	return sd_collect(open_remote, pstrdup(conninfo), known, parent);
}

SdSnapshot *
sd_side_snapshot(const char *side, MemoryContext parent)
{
	return sd_side_snapshot_unless(side, NULL, parent);
}

SdSnapshot *
sd_side_snapshot_unless(const char *side, const char *known, MemoryContext parent)
{
	if (strcmp(side, "live") == 0)
		return sd_collect(open_local, NULL, known, parent);
	if (is_baseline(side))
		return sd_baseline_load(find_baseline(side), parent);
	if (strchr(side, '=') != NULL || strstr(side, "://") != NULL)
		return remote_snapshot(side, known, parent);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("side \"%s\" does not exist", side),
			 errhint("A side is live, baseline, baseline@VERSION, baseline:NAME,"
					 " or for superusers a libpq connection string.")));
}

int64
sd_side_event_horizon(const char *side, const char *name)
{
	SdBaseline *baseline = is_baseline(side) ? find_baseline(side) : sd_baseline_latest(name);

	return baseline ? baseline->event_horizon : 0;
}

SdBaseline *
sd_side_default_baseline(void)
{
	SdBaseline *baseline = sd_baseline_latest(SD_DEFAULT_BASELINE);

	if (baseline == NULL)
		raise_no_baseline(SD_DEFAULT_BASELINE);
	return baseline;
}
