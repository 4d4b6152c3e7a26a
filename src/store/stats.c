/*
 * stats.c
 *	  What drift_health() and drift_metrics() ask of the tables.
 */
#include "postgres.h"

#include "base/lock.h"
#include "base/spi.h"
#include "store/schedule.h"
#include "store/stats.h"

SdOutboxStats *
sd_stats_outbox(void)
{
	SdOutboxStats *stats = palloc0(sizeof(SdOutboxStats));
	SdRows	   *rows;

	rows = sd_spi_query("SELECT count(*) FILTER (WHERE state IN ('pending', 'sending')) AS pending,"
						"       count(*) FILTER (WHERE state IN ('pending', 'sending')"
						"                          AND last_error IS NOT NULL) AS failing,"
						"       COALESCE(EXTRACT(EPOCH FROM now() - min(created_at)"
						"         FILTER (WHERE state IN ('pending', 'sending'))), 0)::int8 AS oldest,"
						"       count(*) FILTER (WHERE state = 'dead') AS dead,"
						"       count(*) FILTER (WHERE state = 'delivered') AS delivered,"
						"       (SELECT e.last_error FROM schemadrift.delivery e"
						"         WHERE e.last_error IS NOT NULL AND e.state <> 'delivered'"
						"         ORDER BY e.id DESC LIMIT 1) AS last_error"
						"  FROM schemadrift.delivery", 0, NULL);
	stats->pending = sd_rows_int(rows, 0, "pending");
	stats->failing = sd_rows_int(rows, 0, "failing");
	stats->oldest = sd_rows_int(rows, 0, "oldest");
	stats->dead = sd_rows_int(rows, 0, "dead");
	stats->delivered = sd_rows_int(rows, 0, "delivered");
	stats->last_error = sd_rows_value(rows, 0, "last_error");
	rows = sd_spi_query("SELECT count(*) AS queued,"
						"       COALESCE(EXTRACT(EPOCH FROM now() - min(queued_at)), 0)::int8 AS oldest"
						"  FROM schemadrift.run WHERE state = 'queued'", 0, NULL);
	stats->runs_queued = sd_rows_int(rows, 0, "queued");
	stats->oldest_run = sd_rows_int(rows, 0, "oldest");
	return stats;
}

SdRows *
sd_stats_unchecked(void)
{
	LOCKTAG		tag;

	sd_lock_tag(&tag, SD_LOCK_CHECK);
	return sd_spi_queryv("SELECT u.since, EXTRACT(epoch FROM pg_catalog.now() - u.since)::pg_catalog.int8 AS age,"
						 "       l.pid, a.xact_start"
						 "  FROM (SELECT pg_catalog.min(e.at) AS since FROM schemadrift.event AS e"
						 "         WHERE EXISTS (SELECT FROM schemadrift.arming WHERE watching)"
						 "           AND e.id > (SELECT pg_catalog.max(event_horizon) FROM schemadrift.baseline"
						 "                        WHERE name = 'default')"
						 "           AND e.id > COALESCE((SELECT last_event FROM schemadrift.check_state), 0)) AS u"
						 "  LEFT JOIN pg_catalog.pg_locks AS l ON l.locktype = 'advisory' AND l.granted"
						 "   AND l.database = $1::pg_catalog.oid AND l.classid = $2::pg_catalog.oid"
						 "   AND l.objid = $3::pg_catalog.oid AND l.objsubid = $4::pg_catalog.int2"
						 "   AND l.pid <> pg_catalog.pg_backend_pid()"
						 "  LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid",
						 psprintf("%u", tag.locktag_field1), psprintf("%u", tag.locktag_field2),
						 psprintf("%u", tag.locktag_field3), psprintf("%u", tag.locktag_field4));
}

SdRows *
sd_stats_secrets(void)
{
	return sd_spi_query("SELECT name, secret FROM schemadrift.channel"
						" WHERE enabled AND secret IS NOT NULL ORDER BY name", 0, NULL);
}

char *
sd_stats_extension_version(void)
{
	SdRows	   *rows;

	rows = sd_spi_query("SELECT extversion FROM pg_catalog.pg_extension"
						" WHERE extname = 'schemadrift'", 0, NULL);
	return rows->nrows > 0 ? sd_rows_value(rows, 0, "extversion") : NULL;
}

int64
sd_stats_schedules(void)
{
	return sd_rows_int(sd_spi_query("SELECT count(*) AS n FROM schemadrift.schedule", 0, NULL), 0, "n");
}

char *
sd_stats_jobless(void)
{
	SdRows	   *rows;

	if (!sd_schedule_has_cron())
		return NULL;
	rows = sd_spi_query("SELECT pg_catalog.string_agg(s.name, ', ' ORDER BY s.name) AS names"
						"  FROM schemadrift.schedule s"
						" WHERE NOT EXISTS (SELECT FROM cron.job j"
						"                    WHERE j.jobid = s.cron_job_id AND j.active)", 0, NULL);
	return sd_rows_value(rows, 0, "names");
}

char *
sd_stats_failed_runs(void)
{
	SdRows	   *rows;

	rows = sd_spi_query("SELECT pg_catalog.string_agg(s.name, ', ' ORDER BY s.name) AS names"
						"  FROM schemadrift.schedule s"
						" WHERE (SELECT r.state FROM schemadrift.run r WHERE r.schedule = s.name"
						"           AND r.finished_at IS NOT NULL ORDER BY r.id DESC LIMIT 1) = 'failed'",
						0, NULL);
	return sd_rows_value(rows, 0, "names");
}
