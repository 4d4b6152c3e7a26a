/*
 * ignore.c
 *	  Ignore rules: who wants what not to be told, why and until when.
 *
 * A rule is never deleted: what it has hidden, and who wanted that, must be
 * told later, too.
 */
#include "postgres.h"

#include "base/spi.h"
#include "store/ignore.h"

static const char *
number(int64 value)
{
	return psprintf(INT64_FORMAT, value);
}

int64
sd_ignore_add(const char *pattern, const char *target, const char *reason, const char *until)
{
	SdRows	   *rows = sd_spi_queryv("INSERT INTO schemadrift.ignore_rule (pattern, target, reason, until)"
									 " VALUES ($1, $2, $3, $4::pg_catalog.timestamptz) RETURNING id",
									 pattern, target, reason, until);

	return sd_rows_int(rows, 0, "id");
}

bool
sd_ignore_may_last(const char *until)
{
	SdRows	   *rows = sd_spi_queryv("SELECT u > pg_catalog.now()"
									 " AND u <= pg_catalog.now() + '" SD_IGNORE_LONGEST "'::pg_catalog.interval AS may"
									 "  FROM (SELECT $1::pg_catalog.timestamptz) AS v(u)", until);

	return sd_rows_bool(rows, 0, "may");
}

bool
sd_ignore_remove(int64 id)
{
	return sd_spi_commandv("UPDATE schemadrift.ignore_rule SET removed_at = pg_catalog.now(),"
						   " removed_by = SESSION_USER WHERE id = $1::pg_catalog.int8 AND removed_at IS NULL",
						   number(id)) > 0;
}

SdRows *
sd_ignore_active(const char *target)
{
	return sd_spi_queryv("SELECT id, pattern FROM schemadrift.ignore_rule"
						 " WHERE target = $1 AND " SD_IGNORE_IS_ACTIVE " ORDER BY id", target);
}

SdRows *
sd_ignore_one(int64 id)
{
	return sd_spi_queryv("SELECT pattern, until, " SD_IGNORE_IS_ACTIVE " AS is_active, removed_by"
						 "  FROM schemadrift.ignore_rule WHERE id = $1::pg_catalog.int8", number(id));
}

void
sd_ignore_hit(int64 id)
{
	sd_spi_commandv("UPDATE schemadrift.ignore_rule SET hits = hits + 1, last_hit = pg_catalog.now()"
					" WHERE id = $1::pg_catalog.int8", number(id));
}
