/*
 * deploy.c
 *	  Rows of schemadrift.deploy and schemadrift.deployer.
 *
 * The scan without SQL reads through the partial index on open deploys, so
 * that its cost does not grow with the history.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "base/spi.h"
#include "store/deploy.h"
#include "store/table.h"

/* -- reading without SQL --------------------------------------------------- */

static const SdTableColumn deploy_columns[] = {
	{"id", INT8OID},
	{"label", TEXTOID},
	{"ref", TEXTOID},
	{"scope", TEXTOID},
	{"opened_by", TEXTOID},
	{"opened_at", TIMESTAMPTZOID},
	{"expires_at", TIMESTAMPTZOID},
	{"pid", INT4OID},
	{"backend_start", TIMESTAMPTZOID},
	{"xid", XID8OID},
	{"closed_at", TIMESTAMPTZOID},
	{"closed_by", TEXTOID},
	{"close_reason", TEXTOID},
	{"absorbed_in", INT4ARRAYOID}
};

static const SdTableColumn deployer_columns[] = {
	{"id", INT8OID},
	{"role", TEXTOID},
	{"application", TEXTOID},
	{"client", INETOID},
	{"implied", BOOLOID},
	{"added_at", TIMESTAMPTZOID},
	{"added_by", TEXTOID},
	{"note", TEXTOID}
};

/* NULL when the deploy is closed: an index scan may be replaced by the heap. */
static List *
add_deploy(List *list, Datum *values, bool *nulls)
{
	SdDeploy   *deploy;

	if (!nulls[10])
		return list;
	deploy = palloc0(sizeof(SdDeploy));
	deploy->id = DatumGetInt64(values[0]);
	deploy->label = sd_table_text(values[1], nulls[1]);
	deploy->scope = sd_table_text(values[3], nulls[3]);
	deploy->opened_by = sd_table_text(values[4], nulls[4]);
	deploy->expires_at = DatumGetTimestampTz(values[6]);
	deploy->pid = nulls[7] ? 0 : DatumGetInt32(values[7]);
	deploy->backend_start = nulls[8] ? 0 : DatumGetTimestampTz(values[8]);
	deploy->xid = nulls[9] ? 0 : DatumGetUInt64(values[9]);
	return lappend(list, deploy);
}

static List *
add_deployer(List *list, Datum *values, bool *nulls)
{
	SdDeployer *deployer = palloc(sizeof(SdDeployer));

	deployer->role = sd_table_text(values[1], nulls[1]);
	deployer->application = sd_table_text(values[2], nulls[2]);
	deployer->client = nulls[3] ? NULL : DatumGetCString(DirectFunctionCall1(inet_out, values[3]));
	deployer->implied = DatumGetBool(values[4]);
	return lappend(list, deployer);
}

List *
sd_deploy_scan_open(void)
{
	return sd_table_scan("deploy", deploy_columns, lengthof(deploy_columns), "deploy_open", add_deploy);
}

List *
sd_deployer_scan(void)
{
	return sd_table_scan("deployer", deployer_columns, lengthof(deployer_columns), NULL, add_deployer);
}

/* -- by SQL ---------------------------------------------------------------- */

void
sd_deploy_close_stale(void)
{
	sd_spi_command("UPDATE schemadrift.deploy AS d"
				   "   SET closed_at = LEAST(pg_catalog.clock_timestamp(), d.expires_at),"
				   "       close_reason = s.state"
				   "  FROM (SELECT o.id, schemadrift.deploy_state(o) AS state"
				   "          FROM schemadrift.deploy AS o"
				   "         WHERE o.closed_at IS NULL) AS s"
				   " WHERE d.id = s.id AND d.closed_at IS NULL AND s.state <> 'open'",
				   0, NULL);
}

int64
sd_deploy_open(const char *label, const char *ref, const char *ttl,
			   const char *scope, const char *role)
{
	SdRows	   *rows;

	rows = sd_spi_queryv("INSERT INTO schemadrift.deploy"
						 "  (label, ref, scope, opened_by, expires_at, pid, backend_start, xid)"
						 " SELECT $1, $2, $4, $5,"
						 "        pg_catalog.clock_timestamp() + $3::pg_catalog.interval,"
						 "        a.pid, a.backend_start,"
						 "        CASE WHEN $4 = 'transaction' THEN pg_catalog.pg_current_xact_id() END"
						 "   FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) AS a"
						 " RETURNING id",
						 label, ref, ttl, scope, role);
	return sd_rows_int(rows, 0, "id");
}

int64
sd_deploy_mine(const char *role)
{
	SdRows	   *rows;

	rows = sd_spi_queryv("SELECT d.id"
						 "  FROM schemadrift.deploy AS d"
						 "  LEFT JOIN pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) AS a"
						 "    ON a.pid = d.pid AND a.backend_start = d.backend_start"
						 " WHERE d.closed_at IS NULL AND d.opened_by = $1"
						 "   AND (a.pid IS NOT NULL OR d.scope IN ('role', 'database'))"
						 " ORDER BY a.pid IS NULL, d.id DESC"
						 " LIMIT 1",
						 role);
	return rows->nrows > 0 ? sd_rows_int(rows, 0, "id") : 0;
}

SdRows *
sd_deploy_close(int64 id, const char *role)
{
	return sd_spi_queryv("UPDATE schemadrift.deploy AS d"
						 "   SET closed_at = pg_catalog.clock_timestamp(),"
						 "       closed_by = $2,"
						 "       close_reason = 'ended'"
						 " WHERE d.id = $1::pg_catalog.int8 AND d.closed_at IS NULL"
						 " RETURNING d.label, d.opened_at",
						 psprintf(INT64_FORMAT, id), role);
}

SdRows *
sd_deploy_of_database(void)
{
	return sd_spi_query("SELECT d.id, d.label, d.opened_by"
						"  FROM schemadrift.deploy AS d"
						" WHERE d.closed_at IS NULL AND d.scope = 'database'"
						"   AND schemadrift.deploy_state(d) = 'open'"
						" ORDER BY d.id DESC"
						" LIMIT 1", 0, NULL);
}

void
sd_deploy_absorbed(const char *ids_json, int version)
{
	sd_spi_commandv("UPDATE schemadrift.deploy AS d"
					"   SET absorbed_in = pg_catalog.array_append(d.absorbed_in, $2::pg_catalog.int4)"
					" WHERE d.id IN (SELECT i.id::pg_catalog.int8"
					"                  FROM pg_catalog.jsonb_array_elements_text($1::pg_catalog.jsonb) AS i(id))",
					ids_json, psprintf("%d", version));
}

SdRows *
sd_deploy_versions(int64 id)
{
	return sd_spi_queryv("SELECT v.version"
						 "  FROM schemadrift.deploy AS d, pg_catalog.unnest(d.absorbed_in) AS v(version)"
						 " WHERE d.id = $1::pg_catalog.int8"
						 " ORDER BY v.version",
						 psprintf(INT64_FORMAT, id));
}

SdRows *
sd_deploy_stats(void)
{
	return sd_spi_query("WITH d AS MATERIALIZED ("
						"  SELECT o.id, o.label, COALESCE(o.closed_at, o.expires_at) AS closed_at,"
						"         schemadrift.deploy_state(o) AS state"
						"    FROM schemadrift.deploy AS o"
						"   WHERE o.closed_at IS NULL"
						"      OR o.closed_at > pg_catalog.now() - '1 day'::pg_catalog.interval),"
						" late AS (SELECT * FROM d WHERE state = 'expired')"
						" SELECT (SELECT pg_catalog.count(*) FROM d WHERE state = 'open') AS open,"
						"        (SELECT pg_catalog.count(*) FROM late) AS left_open,"
						"        l.id, l.label, l.closed_at"
						"   FROM (VALUES (1)) AS one"
						"   LEFT JOIN (SELECT * FROM late ORDER BY closed_at DESC, id DESC LIMIT 1) AS l ON true",
						0, NULL);
}
