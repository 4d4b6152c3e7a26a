/*
 * run.c
 *	  Scheduled work handed to the worker: schemadrift.run.
 *
 * A run that was interrupted is failed, not repeated: its schedule brings the
 * next one, and a run that took the server down must not do so again at once.
 */
#include "postgres.h"

#include "base/rows.h"
#include "base/spi.h"
#include "base/wake.h"
#include "store/run.h"

int64
sd_run_enqueue(const char *schedule)
{
	SdRows	   *rows;

	rows = sd_spi_queryv("SELECT EXISTS (SELECT FROM schemadrift.run r"
						 "                WHERE r.schedule = s.name AND r.state = 'queued') AS waits"
						 "  FROM schemadrift.schedule s WHERE s.name = $1", schedule);
	if (rows->nrows == 0)
		return 0;
	/* even then: should the queued one have been overlooked, look now */
	sd_wake_request();
	if (sd_rows_bool(rows, 0, "waits"))
		return -1;
	rows = sd_spi_queryv("INSERT INTO schemadrift.run (schedule, command, run_as)"
						 " SELECT name, command, run_as FROM schemadrift.schedule"
						 "  WHERE name = $1 RETURNING id", schedule);
	return rows->nrows == 0 ? 0 : sd_rows_int(rows, 0, "id");
}

SdRun *
sd_run_claim(void)
{
	SdRun	   *run;
	SdRows	   *rows;

	rows = sd_spi_query("UPDATE schemadrift.run SET state = 'running',"
						"       started_at = pg_catalog.clock_timestamp()"
						" WHERE id = (SELECT id FROM schemadrift.run WHERE state = 'queued'"
						"              ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)"
						" RETURNING id, schedule, command, run_as", 0, NULL);
	if (rows->nrows == 0)
		return NULL;
	run = palloc0(sizeof(SdRun));
	run->id = sd_rows_int(rows, 0, "id");
	run->schedule = sd_rows_value(rows, 0, "schedule");
	run->command = sd_rows_value(rows, 0, "command");
	run->run_as = sd_rows_value(rows, 0, "run_as");
	return run;
}

void
sd_run_finish(int64 id, bool ok, const char *result)
{
	sd_spi_commandv("UPDATE schemadrift.run SET state = $2, result = $3,"
					"       finished_at = pg_catalog.clock_timestamp()"
					" WHERE id = $1::pg_catalog.int8",
					psprintf(INT64_FORMAT, id), ok ? "done" : "failed", result);
}

uint64
sd_run_release(void)
{
	return sd_spi_command("UPDATE schemadrift.run SET state = 'failed',"
						  "       result = 'interrupted: the worker that ran it is gone',"
						  "       finished_at = pg_catalog.clock_timestamp()"
						  " WHERE state = 'running'", 0, NULL);
}

bool
sd_run_waits(void)
{
	return sd_spi_query("SELECT FROM schemadrift.run WHERE state = 'queued' LIMIT 1",
						0, NULL)->nrows > 0;
}

uint64
sd_run_expire(int batch)
{
	return sd_spi_commandv("DELETE FROM schemadrift.run WHERE id IN ("
						   "  SELECT id FROM schemadrift.run"
						   "   WHERE state IN ('done', 'failed')"
						   "     AND finished_at < pg_catalog.now() - interval '30 days'"
						   "   LIMIT $1::int8 FOR UPDATE SKIP LOCKED)",
						   psprintf("%d", batch));
}
