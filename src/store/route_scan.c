/*
 * route_scan.c
 *	  Reads schemadrift.route and schemadrift.channel from inside a DDL command.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

#include "store/route_scan.h"
#include "store/table.h"

/* A column of the row by name, as it is; false where it is NULL. */
static bool
get(Relation rel, HeapTuple tuple, const char *column, Datum *value)
{
	bool		is_null;

	*value = heap_getattr(tuple, get_attnum(RelationGetRelid(rel), column), RelationGetDescr(rel), &is_null);
	return !is_null;
}

typedef void (*RowStep) (Relation rel, HeapTuple tuple, void *arg);

static void
for_each_row(const char *table, RowStep step, void *arg)
{
	Relation	rel = sd_table_open(table, AccessShareLock);
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, snapshot, 0, NULL);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		step(rel, tuple, arg);
	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(rel, NoLock);
}

static bool
is_listed(List *names, const char *name)
{
	ListCell   *cell;

	foreach(cell, names)
		if (strcmp(lfirst(cell), name) == 0)
			return true;
	return false;
}

typedef struct RouteScan
{
	const char *workflow;
	List	   *routed;
	List	   *channels;
} RouteScan;

static void
add_route(Relation rel, HeapTuple tuple, void *arg)
{
	RouteScan  *scan = arg;
	Datum		workflow;
	Datum		channel;

	if (get(rel, tuple, "workflow", &workflow) && get(rel, tuple, "channel", &channel) &&
		strcmp(TextDatumGetCString(workflow), scan->workflow) == 0)
		scan->routed = lappend(scan->routed, TextDatumGetCString(channel));
}

static void
add_channel(Relation rel, HeapTuple tuple, void *arg)
{
	RouteScan  *scan = arg;
	Datum		name;
	Datum		enabled;

	if (get(rel, tuple, "name", &name) && get(rel, tuple, "enabled", &enabled) && DatumGetBool(enabled) &&
		is_listed(scan->routed, TextDatumGetCString(name)))
		scan->channels = lappend(scan->channels, TextDatumGetCString(name));
}

List *
sd_route_scan(const char *workflow)
{
	RouteScan	scan = {workflow, NIL, NIL};

	for_each_row("route", add_route, &scan);
	if (scan.routed)
		for_each_row("channel", add_channel, &scan);
	return scan.channels;
}
