/*
 * tool.c
 *	  Rows of schemadrift.tool and schemadrift.recognised.
 *
 * What a history shows is kept beside the events and not in them: they are
 * sealed as they were captured, and a history may forget.
 */
#include "postgres.h"

#include "base/spi.h"
#include "store/tool.h"

SdRows *
sd_tool_list(void)
{
	return sd_spi_query("SELECT tool, role, history_schema, history_name"
						"  FROM schemadrift.tool"
						" ORDER BY id", 0, NULL);
}

SdRows *
sd_tool_tables(const char *schema, const char *name)
{
	return sd_spi_queryv("SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name"
						 "  FROM pg_catalog.pg_class AS c"
						 "  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
						 " WHERE c.relname = $2::pg_catalog.name AND c.relkind = 'r' AND c.relpersistence <> 't'"
						 "   AND ($1 IS NULL OR n.nspname = $1::pg_catalog.name)"
						 " ORDER BY c.oid",
						 schema, name);
}

bool
sd_tool_is_locked(const char *table)
{
	SdRows	   *rows = sd_spi_queryv("SELECT FROM pg_catalog.pg_locks AS l"
									 "  JOIN pg_catalog.pg_class AS c ON c.oid = l.relation"
									 "  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
									 " WHERE l.granted AND l.mode = 'ExclusiveLock'"
									 "   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d"
									 "                      WHERE d.datname = pg_catalog.current_database())"
									 "   AND pg_catalog.format('%I.%I', n.nspname, c.relname) = $1"
									 " LIMIT 1", table);

	return rows->nrows > 0;
}

void
sd_tool_recognise(int64 event_id, const char *deploy, const char *refused_claim)
{
	sd_spi_commandv("INSERT INTO schemadrift.recognised (event_id, deploy, refused_claim)"
					" VALUES ($1::pg_catalog.int8, $2, $3)"
					" ON CONFLICT DO NOTHING",
					psprintf(INT64_FORMAT, event_id), deploy, refused_claim);
}
