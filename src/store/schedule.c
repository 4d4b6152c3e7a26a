/*
 * schedule.c
 *	  Commands that pg_cron hands to the worker: schemadrift.schedule.
 */
#include "postgres.h"

#include "base/rows.h"
#include "base/spi.h"
#include "store/schedule.h"

void
sd_schedule_put(const char *name, const char *schedule, const char *command, const char *run_as)
{
	sd_spi_commandv("INSERT INTO schemadrift.schedule (name, schedule, command, run_as)"
					" VALUES ($1, $2, $3, $4)"
					" ON CONFLICT (name) DO UPDATE"
					"   SET schedule = EXCLUDED.schedule, command = EXCLUDED.command,"
					"       run_as = EXCLUDED.run_as",
					name, schedule, command, run_as);
}

void
sd_schedule_set_job(const char *name, int64 cron_job_id)
{
	sd_spi_commandv("UPDATE schemadrift.schedule SET cron_job_id = $2::pg_catalog.int8"
					" WHERE name = $1",
					name, psprintf(INT64_FORMAT, cron_job_id));
}

bool
sd_schedule_get(const char *name, int64 *cron_job_id, char **run_as)
{
	SdRows	   *rows;

	rows = sd_spi_queryv("SELECT cron_job_id, run_as FROM schemadrift.schedule WHERE name = $1",
						 name);
	if (rows->nrows == 0)
		return false;
	*cron_job_id = sd_rows_int(rows, 0, "cron_job_id");
	*run_as = sd_rows_value(rows, 0, "run_as");
	return true;
}

void
sd_schedule_drop(const char *name)
{
	sd_spi_commandv("DELETE FROM schemadrift.schedule WHERE name = $1", name);
}

/*
 * Without the extension, a schema and functions of those names are somebody
 * else's, and would be run with the rights of whoever schedules.
 */
bool
sd_schedule_has_cron(void)
{
	return sd_spi_query("SELECT FROM pg_catalog.pg_extension x"
						"  JOIN pg_catalog.pg_depend d ON d.refobjid = x.oid AND d.deptype = 'e'"
						"       AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass"
						"       AND d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass"
						" WHERE x.extname = 'pg_cron'"
						"   AND d.objid = pg_catalog.to_regnamespace('cron')", 0, NULL)->nrows > 0;
}
