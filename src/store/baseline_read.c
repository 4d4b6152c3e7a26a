/*
 * baseline_read.c
 *	  What schemadrift.baseline says of its versions besides their objects.
 */
#include "postgres.h"

#include "base/spi.h"
#include "store/baseline_read.h"

SdRows *
sd_baseline_origin(const SdBaseline *baseline)
{
	return sd_spi_queryv("SELECT pg_catalog.to_char(created_at, 'YYYY-MM-DD HH24:MI:SSOF') AS created_at,"
						 "       created_by, reason, server_version"
						 "  FROM schemadrift.baseline"
						 " WHERE name = $1 AND version = $2::pg_catalog.int4",
						 baseline->name, psprintf("%d", baseline->version));
}

char *
sd_baseline_older_than(const SdBaseline *baseline, const char *max_age)
{
	SdRows	   *rows = sd_spi_queryv("SELECT pg_catalog.to_char(created_at, 'YYYY-MM-DD HH24:MI:SSOF') AS created_at"
									 "  FROM schemadrift.baseline"
									 " WHERE name = $1 AND version = $2::pg_catalog.int4"
									 "   AND created_at < pg_catalog.now() - $3::pg_catalog.interval",
									 baseline->name, psprintf("%d", baseline->version), max_age);

	return rows->nrows > 0 ? sd_rows_value(rows, 0, "created_at") : NULL;
}

char *
sd_baseline_value(const SdBaseline *baseline, const char *key, const char *property)
{
	SdRows	   *rows = sd_spi_queryv("SELECT form->'values'->>$3 AS value FROM schemadrift.baseline_object"
									 " WHERE name = $1 AND until_version IS NULL AND key = $2"
									 " AND pg_catalog.md5(key) = pg_catalog.md5($2)",
									 baseline->name, key, property);

	return rows->nrows > 0 ? sd_rows_value(rows, 0, "value") : NULL;
}

bool
sd_baseline_has_roles(const SdBaseline *baseline)
{
	return sd_spi_queryv("SELECT FROM schemadrift.baseline_object"
						 " WHERE name = $1 AND since_version <= $2::pg_catalog.int4"
						 " AND (until_version IS NULL OR until_version > $2::pg_catalog.int4)"
						 " AND pg_catalog.starts_with(key, 'role ') LIMIT 1",
						 baseline->name, psprintf("%d", baseline->version))->nrows > 0;
}

int64
sd_baseline_settled(const char *name)
{
	SdRows	   *rows = sd_spi_queryv("SELECT COALESCE(pg_catalog.max(settled), 0) AS settled"
									 "  FROM schemadrift.baseline WHERE name = $1", name);

	return sd_rows_int(rows, 0, "settled");
}

void
sd_baseline_settle(const char *name, int version, int64 event_id)
{
	sd_spi_commandv("UPDATE schemadrift.baseline SET settled = $3::pg_catalog.int8"
					" WHERE name = $1 AND version = $2::pg_catalog.int4",
					name, psprintf("%d", version), psprintf(INT64_FORMAT, event_id));
}

SdRows *
sd_baseline_changes_of(int version)
{
	return sd_spi_queryv("WITH changes AS MATERIALIZED ("
						 "  SELECT o.key, pg_catalog.min(o.form ->> 'parent') AS parent,"
						 "         CASE WHEN pg_catalog.count(*) > 1 THEN 'changed'"
						 "              WHEN pg_catalog.min(o.since_version) = $1::pg_catalog.int4 THEN 'added'"
						 "              ELSE 'removed' END AS change"
						 "    FROM schemadrift.baseline_object AS o"
						 "   WHERE o.name = 'default'"
						 "     AND (o.since_version = $1::pg_catalog.int4 OR o.until_version = $1::pg_catalog.int4)"
						 "   GROUP BY o.key)"
						 " SELECT c.change, c.key"
						 "   FROM changes AS c"
						 "   LEFT JOIN changes AS p ON p.key = c.parent AND p.change = c.change"
						 "                          AND c.change <> 'changed'"
						 "  WHERE p.key IS NULL"
						 "  ORDER BY c.key COLLATE pg_catalog.\"C\"",
						 psprintf("%d", version));
}
