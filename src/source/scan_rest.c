/*
 * scan_rest.c
 *	  Scans that print nothing: they only find the objects that a kind's query
 *	  could give.
 *
 * A query over objects that a database has few of, or none, still joins whole
 * catalogs.  It runs for the found ones alone, or not at all.  What is found
 * may be too much, never too little.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_class.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_statistic_ext.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"

#include "source/scan.h"

/* -- relations ------------------------------------------------------------- */

void
sd_scan_leave_others(SdScan *scan, const char *kinds)
{
	ListCell   *cell;

	foreach(cell, scan->catalog->others)
	{
		SdOtherClass *other = lfirst(cell);

		if (strchr(kinds, other->kind))
			sd_scan_leave(scan, other->oid);
	}
}

static void
find_views(SdScan *scan)
{
	sd_scan_leave_others(scan, "v");
}

static void
find_matviews(SdScan *scan)
{
	sd_scan_leave_others(scan, "m");
}

static void
find_view_columns(SdScan *scan)
{
	sd_scan_leave_others(scan, "vm");
}

static void
find_sequences(SdScan *scan)
{
	sd_scan_leave_others(scan, "S");
}

static void
find_attributes(SdScan *scan)
{
	sd_scan_leave_others(scan, "c");
}

static void
find_foreign_tables(SdScan *scan)
{
	sd_scan_leave_others(scan, "f");
}

static void
find_composites(SdScan *scan)
{
	ListCell   *cell;

	foreach(cell, scan->catalog->others)
		if (((SdOtherClass *) lfirst(cell))->kind == RELKIND_COMPOSITE_TYPE)
			sd_scan_leave(scan, ((SdOtherClass *) lfirst(cell))->type);
}

/* -- types ----------------------------------------------------------------- */

/* initdb's own objects are in no user schema. */
static bool
is_users(Oid oid)
{
	return oid >= FirstNormalObjectId;
}

static void
leave_enum(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);

	if (form->typtype == TYPTYPE_ENUM && is_users(form->oid))
		sd_scan_leave(arg, form->oid);
}

static void
leave_domain(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);

	if (form->typtype == TYPTYPE_DOMAIN && is_users(form->oid))
		sd_scan_leave(arg, form->oid);
}

static void
leave_range(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);

	if (form->typtype == TYPTYPE_RANGE && is_users(form->oid))
		sd_scan_leave(arg, form->oid);
}

static void
find_enums(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, TypeRelationId, leave_enum, scan);
}

static void
find_domains(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, TypeRelationId, leave_domain, scan);
}

static void
find_ranges(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, TypeRelationId, leave_range, scan);
}

static void
find_domain_checks(SdScan *scan)
{
	ListCell   *cell;

	foreach(cell, scan->catalog->domain_checks)
		sd_scan_leave(scan, lfirst_oid(cell));
}

/* -- routines -------------------------------------------------------------- */

static void
leave_function(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_proc form = (Form_pg_proc) GETSTRUCT(tuple);

	if (form->prokind != PROKIND_PROCEDURE && form->prokind != PROKIND_AGGREGATE && is_users(form->oid))
		sd_scan_leave(arg, form->oid);
}

static void
leave_procedure(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_proc form = (Form_pg_proc) GETSTRUCT(tuple);

	if (form->prokind == PROKIND_PROCEDURE && is_users(form->oid))
		sd_scan_leave(arg, form->oid);
}

static void
leave_aggregate(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_proc form = (Form_pg_proc) GETSTRUCT(tuple);

	if (form->prokind == PROKIND_AGGREGATE && is_users(form->oid))
		sd_scan_leave(arg, form->oid);
}

static void
find_functions(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, ProcedureRelationId, leave_function, scan);
}

static void
find_procedures(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, ProcedureRelationId, leave_procedure, scan);
}

static void
find_aggregates(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, ProcedureRelationId, leave_aggregate, scan);
}

/* -- what tables have ------------------------------------------------------- */

static void
leave_trigger(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_trigger form = (Form_pg_trigger) GETSTRUCT(tuple);

	if (!form->tgisinternal)
		sd_scan_leave(arg, form->oid);
}

static void
leave_rule(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_rewrite form = (Form_pg_rewrite) GETSTRUCT(tuple);

	if (is_users(form->oid) && !(form->ev_type == '1' && form->is_instead))
		sd_scan_leave(arg, form->oid);
}

static void
leave_policy(HeapTuple tuple, TupleDesc desc, void *arg)
{
	sd_scan_leave(arg, ((Form_pg_policy) GETSTRUCT(tuple))->oid);
}

static void
leave_statistics(HeapTuple tuple, TupleDesc desc, void *arg)
{
	sd_scan_leave(arg, ((Form_pg_statistic_ext) GETSTRUCT(tuple))->oid);
}

static void
find_triggers(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, TriggerRelationId, leave_trigger, scan);
}

static void
find_rules(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, RewriteRelationId, leave_rule, scan);
}

static void
find_policies(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, PolicyRelationId, leave_policy, scan);
}

static void
find_statistics(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, StatisticExtRelationId, leave_statistics, scan);
}

const SdScanner sd_scan_finders[] = {
	{"view", NULL, find_views},
	{"matview", NULL, find_matviews},
	{"view_column", NULL, find_view_columns},
	{"sequence", NULL, find_sequences},
	{"foreign_table", NULL, find_foreign_tables},
	{"attribute", NULL, find_attributes},
	{"composite", NULL, find_composites},
	{"enum", NULL, find_enums},
	{"domain", NULL, find_domains},
	{"domain_constraint", NULL, find_domain_checks},
	{"range", NULL, find_ranges},
	{"function", NULL, find_functions},
	{"procedure", NULL, find_procedures},
	{"aggregate", NULL, find_aggregates},
	{"trigger", NULL, find_triggers},
	{"rule", NULL, find_rules},
	{"policy", NULL, find_policies},
	{"statistics", NULL, find_statistics},
	{NULL}
};
