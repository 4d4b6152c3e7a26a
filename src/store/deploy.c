/*
 * deploy.c
 *	  Rows of schemadrift.deploy and schemadrift.deployer.
 *
 * The scan without SQL reads through the partial index on open deploys, so
 * that its cost does not grow with the history.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"
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
	{"close_reason", TEXTOID}
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

typedef List *(*AddTuple) (List *list, Datum *values, bool *nulls);

static char *
text_or_null(Datum value, bool is_null)
{
	return is_null ? NULL : TextDatumGetCString(value);
}

/* NULL when the deploy is closed: an index scan may be replaced by the heap. */
static List *
add_deploy(List *list, Datum *values, bool *nulls)
{
	SdDeploy   *deploy;

	if (!nulls[10])
		return list;
	deploy = palloc0(sizeof(SdDeploy));
	deploy->id = DatumGetInt64(values[0]);
	deploy->label = text_or_null(values[1], nulls[1]);
	deploy->scope = text_or_null(values[3], nulls[3]);
	deploy->opened_by = text_or_null(values[4], nulls[4]);
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

	deployer->role = text_or_null(values[1], nulls[1]);
	deployer->application = text_or_null(values[2], nulls[2]);
	return lappend(list, deployer);
}

/* All rows of a table under a fresh snapshot, through an index if it exists. */
static List *
scan(const char *table, const SdTableColumn *columns, int ncolumns,
	 const char *index_name, AddTuple add)
{
	Relation	rel = sd_table_open(table, AccessShareLock);
	Oid			index = index_name ? sd_table_index(rel, index_name) : InvalidOid;
	Datum	   *values = palloc(sizeof(Datum) * ncolumns);
	bool	   *nulls = palloc(sizeof(bool) * ncolumns);
	Snapshot	snapshot;
	SysScanDesc desc;
	HeapTuple	tuple;
	List	   *list = NIL;

	sd_table_check(rel, columns, ncolumns);
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	desc = systable_beginscan(rel, index, OidIsValid(index), snapshot, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(desc)))
	{
		heap_deform_tuple(tuple, RelationGetDescr(rel), values, nulls);
		list = add(list, values, nulls);
	}
	systable_endscan(desc);
	UnregisterSnapshot(snapshot);
	table_close(rel, NoLock);
	return list;
}

List *
sd_deploy_scan_open(void)
{
	return scan("deploy", deploy_columns, lengthof(deploy_columns),
				"deploy_open", add_deploy);
}

List *
sd_deployer_scan(void)
{
	return scan("deployer", deployer_columns, lengthof(deployer_columns),
				NULL, add_deployer);
}

/* -- by SQL ---------------------------------------------------------------- */

void
sd_deploy_close_stale(void)
{
	sd_spi_command("UPDATE schemadrift.deploy AS d"
				   "   SET closed_at = pg_catalog.clock_timestamp(),"
				   "       close_reason = CASE WHEN d.expires_at <= pg_catalog.clock_timestamp()"
				   "                           THEN 'expired' ELSE d.scope || ' ended' END"
				   " WHERE d.closed_at IS NULL"
				   "   AND (d.expires_at <= pg_catalog.clock_timestamp()"
				   "        OR (d.scope = 'transaction'"
				   "            AND pg_catalog.pg_xact_status(d.xid) IS DISTINCT FROM 'in progress')"
				   "        OR (d.scope = 'session'"
				   "            AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_stat_get_activity(d.pid) AS a"
				   "                             WHERE a.backend_start = d.backend_start)))",
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

SdRows *
sd_deploy_close(const char *role)
{
	return sd_spi_queryv("WITH mine AS ("
						 "  SELECT d.id"
						 "    FROM schemadrift.deploy AS d"
						 "    LEFT JOIN pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) AS a"
						 "      ON a.pid = d.pid AND a.backend_start = d.backend_start"
						 "   WHERE d.closed_at IS NULL AND d.opened_by = $1"
						 "     AND (a.pid IS NOT NULL OR d.scope IN ('role', 'database'))"
						 "   ORDER BY a.pid IS NULL, d.id DESC"
						 "   LIMIT 1)"
						 " UPDATE schemadrift.deploy AS d"
						 "    SET closed_at = pg_catalog.clock_timestamp(),"
						 "        closed_by = $1,"
						 "        close_reason = 'ended'"
						 "   FROM mine"
						 "  WHERE d.id = mine.id"
						 " RETURNING d.id, d.label, d.scope, d.opened_at,"
						 "           pg_catalog.date_trunc('second', d.closed_at - d.opened_at) AS open_for",
						 role);
}
