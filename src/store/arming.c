/*
 * arming.c
 *	  The fence: which cluster and database was armed.
 *
 * System identifier and database oid must be the same.  A later timeline is a
 * promotion, which is right to go on sending, or a recovery to a point in
 * time, which is not; both look alike from inside.  The secrets directory
 * decides: it lies outside the data directory, no copy carries it, so whoever
 * was given it is meant to send.
 */
#include "postgres.h"

#include <unistd.h>

#include "access/xlog.h"
#include "miscadmin.h"

#include "base/rows.h"
#include "base/settings.h"
#include "base/spi.h"
#include "store/arming.h"

static const char *
system_identifier(void)
{
	return psprintf(INT64_FORMAT, (int64) GetSystemIdentifier());
}

static const char *
timeline(void)
{
	/* comparisons ask on standbys too, which insert on none */
	return psprintf("%u", RecoveryInProgress() ? 0 : GetWALInsertionTimeLine());
}

void
sd_arming_write(void)
{
	sd_spi_commandv("INSERT INTO schemadrift.arming (system_identifier, database, timeline, preloaded, misses)"
					" SELECT $1::pg_catalog.int8, $2::pg_catalog.oid, $3::pg_catalog.int4, $4::pg_catalog.bool,"
					"        CASE WHEN is_called THEN last_value ELSE 0 END FROM schemadrift.capture_miss_seq"
					" ON CONFLICT (only_row) DO UPDATE"
					"   SET system_identifier = EXCLUDED.system_identifier,"
					"       database = EXCLUDED.database, timeline = EXCLUDED.timeline,"
					"       armed_at = pg_catalog.now(), armed_by = SESSION_USER, watching = true,"
					"       preloaded = EXCLUDED.preloaded, misses = EXCLUDED.misses",
					system_identifier(), psprintf("%u", MyDatabaseId), timeline(),
					sd_preloaded ? "true" : "false");
}

bool
sd_arming_is_watching(void)
{
	return sd_spi_query("SELECT FROM schemadrift.arming WHERE watching", 0, NULL)->nrows > 0;
}

bool
sd_arming_is_fresh(int seconds)
{
	return sd_spi_queryv("SELECT FROM schemadrift.arming WHERE watching AND armed_at >"
						 " pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => $1::pg_catalog.float8)",
						 psprintf("%d", seconds))->nrows > 0;
}

void
sd_arming_stop_watching(void)
{
	sd_spi_command("UPDATE schemadrift.arming SET watching = false", 0, NULL);
}

void
sd_arming_advance(void)
{
	sd_spi_commandv("UPDATE schemadrift.arming SET timeline = $1::pg_catalog.int4", timeline());
}

static bool
has_secrets_directory(void)
{
	return sd_secrets_directory != NULL && sd_secrets_directory[0] != '\0' &&
		access(sd_secrets_directory, R_OK | X_OK) == 0;
}

SdArmingState
sd_arming_state(char **problem)
{
	static const char *const again = "drift_watch() arms it here";
	char	   *unused;
	SdRows	   *rows;

	problem = problem ? problem : &unused;
	*problem = NULL;
	rows = sd_spi_queryv("SELECT system_identifier = $1::pg_catalog.int8 AS same_cluster,"
						 "       database = $2::pg_catalog.oid AS same_database,"
						 "       timeline - $3::pg_catalog.int4 AS ahead"
						 "  FROM schemadrift.arming",
						 system_identifier(), psprintf("%u", MyDatabaseId), timeline());
	if (rows->nrows == 0)
	{
		*problem = psprintf("this database is not armed; %s", again);
		return SD_UNARMED;
	}
	if (!sd_rows_bool(rows, 0, "same_cluster"))
		*problem = psprintf("this database was armed in another cluster; %s", again);
	else if (!sd_rows_bool(rows, 0, "same_database"))
		*problem = psprintf("this database is a copy of the one that was armed; %s", again);
	else if (sd_rows_int(rows, 0, "ahead") > 0)
		*problem = psprintf("this database was armed on a later timeline; %s", again);
	else if (sd_rows_int(rows, 0, "ahead") < 0 && !has_secrets_directory())
		*problem = psprintf("this server was promoted or recovered and has no secrets directory; "
							"set schemadrift.secrets_directory, or %s", again);
	if (*problem != NULL)
		return SD_QUARANTINED;
	return sd_rows_int(rows, 0, "ahead") < 0 ? SD_ARMED_MOVED : SD_ARMED;
}

char *
sd_arming_problem(void)
{
	char	   *problem;

	sd_arming_state(&problem);
	return problem;
}
