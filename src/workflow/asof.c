/*
 * asof.c
 *	  The side "asof:TIME": live as the last check up to then saw it.
 */
#include "postgres.h"

#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/error.h"
#include "base/text.h"
#include "store/baseline.h"
#include "workflow/asof.h"

#define SD_ASOF "asof:"

bool
sd_asof_is(const char *side)
{
	return strncmp(side, SD_ASOF, strlen(SD_ASOF)) == 0;
}

/* Every message of the server's about a time that is none is another one; ours names the side. */
static TimestampTz
parse_time(const char *text)
{
	MemoryContext caller = CurrentMemoryContext;
	volatile TimestampTz time = 0;
	bool		back = text[0] == '-' || text[0] == '+';

	PG_TRY();
	{
		if (back)
		{
			Datum		interval = DirectFunctionCall3(interval_in, CStringGetDatum(text),
													   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));

			time = DatumGetTimestampTz(DirectFunctionCall2(timestamptz_pl_interval,
														   TimestampTzGetDatum(GetCurrentTimestamp()), interval));
		}
		else
			time = DatumGetTimestampTz(DirectFunctionCall3(timestamptz_in, CStringGetDatum(text),
														   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_DATA_EXCEPTION)
			PG_RE_THROW();
		FlushErrorState();
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("malformed time in side \"" SD_ASOF "%s\"", sd_display(text, false)),
				 errdetail_internal("%s.", sd_display(error->message, false)),
				 errhint("Write a time or how long ago it was: asof:2026-11-01, asof:2026-11-01 12:00+00,"
						 " asof:-2 days.")));
	}
	PG_END_TRY();
	return time;
}

static char *
asked_time(const char *side)
{
	return pstrdup(timestamptz_to_str(parse_time(side + strlen(SD_ASOF))));
}

SdObservation *
sd_asof_find(const char *side)
{
	char	   *time = asked_time(side);
	SdObservation *observation = sd_observation_at(time);
	SdObservation *first;

	if (observation)
		return observation;
	first = sd_observation_first();
	if (first == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SD_NO_BASELINE),
				 errmsg("nothing is known of any time: no check has been made yet"),
				 errhint("SELECT drift_watch() or SELECT * FROM drift_check() begins.")));
	ereport(ERROR,
			(errcode(ERRCODE_SD_NO_BASELINE),
			 errmsg("nothing is known of %s", sd_short_time(time)),
			 errdetail("The first check that is remembered was at %s.", sd_short_time(first->seen_at)),
			 errhint("Ask for that time or a later one.")));
}

SdSnapshot *
sd_asof_snapshot(const char *side, MemoryContext parent)
{
	SdObservation *observation = sd_asof_find(side);
	SdBaseline *baseline = sd_baseline_version(SD_DEFAULT_BASELINE, observation->version);

	if (baseline == NULL)
		elog(ERROR, "version %d of the default baseline is gone", observation->version);
	return sd_observation_snapshot(observation, baseline->form, baseline->database, parent);
}

void
sd_asof_describe(SdReportSide *described, const char *side)
{
	SdObservation *observation = sd_asof_find(side);
	char	   *end = sd_observation_end(observation);

	described->taken = sd_short_time(observation->seen_at);
	described->name = psprintf("%s (as seen at %s)", side, described->taken);
	described->description = psprintf("Database %s at %s, as the check at %s saw it, PostgreSQL %d.%d%s",
									  get_database_name(MyDatabaseId), sd_short_time(asked_time(side)),
									  described->taken, observation->server_version / 10000,
									  observation->server_version % 10000,
									  end ? psprintf("; the next change was seen at %s", end) :
									  "; no change was seen since");
}
