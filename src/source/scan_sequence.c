/*
 * scan_sequence.c
 *	  Scan of the kind sequence.
 *
 * One with privileges or labels, or owned by a column that is not among the kept
 * (a foreign table's), is left to the query.  Whose it is an index of pg_depend
 * tells: of its rows few are about sequences.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_sequence.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"

#include "base/text.h"
#include "source/scan.h"

enum
{
	TYPE = SD_SCAN_PROPERTIES, INCREMENT, MIN, MAX, START, CACHE, CYCLE, UNLOGGED, OWNED_BY, OWNER, PRIVILEGES,
	COMMENT, SECURITY_LABEL
};

static const char *const properties[] = {
	"type", "increment", "min", "max", "start", "cache", "cycle", "unlogged", "owned_by", "owner", "privileges",
	"comment", "security_label", NULL
};

typedef struct SequenceScan
{
	SdScan	   *scan;
	Relation	depend;
} SequenceScan;

/* The column that it belongs to; false where there is none. */
static bool
find_column(const SequenceScan *sequences, Oid sequence, FormData_pg_depend *found)
{
	ScanKeyData keys[3];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		is_found = false;

	ScanKeyInit(&keys[0], Anum_pg_depend_classid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(RelationRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_objid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(sequence));
	ScanKeyInit(&keys[2], Anum_pg_depend_objsubid, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(0));
	scan = systable_beginscan(sequences->depend, DependDependerIndexId, true, sequences->scan->catalog->snapshot,
							  lengthof(keys), keys);
	while ((tuple = systable_getnext(scan)) != NULL)
	{
		Form_pg_depend form = (Form_pg_depend) GETSTRUCT(tuple);

		if (form->refclassid == RelationRelationId && form->refobjsubid > 0 &&
			(form->deptype == DEPENDENCY_AUTO || form->deptype == DEPENDENCY_INTERNAL))
		{
			*found = *form;
			is_found = true;
		}
	}
	systable_endscan(scan);
	return is_found;
}

static void
set_number(SdScan *scan, int column, int64 number)
{
	char	   *text = palloc(MAXINT8LEN + 1);

	pg_lltoa(number, text);
	sd_scan_set(scan, column, text);
}

static void
give(HeapTuple tuple, TupleDesc desc, void *arg)
{
	SequenceScan *sequences = arg;
	SdScan	   *scan = sequences->scan;
	Form_pg_sequence form = (Form_pg_sequence) GETSTRUCT(tuple);
	SdSequenceRow *sequence = sd_catalog_sequence(scan->catalog, form->seqrelid);
	FormData_pg_depend depend;
	bool		is_owned;
	SdClassRow *table;
	SdColumnRow *column;

	if (sequence == NULL || sd_catalog_member(scan->catalog, RelationRelationId, sequence->oid))
		return;
	is_owned = find_column(sequences, sequence->oid, &depend);
	/* an identity column's */
	if (is_owned && depend.deptype == DEPENDENCY_INTERNAL)
		return;
	table = is_owned ? sd_catalog_class(scan->catalog, depend.refobjid) : NULL;
	column = table ? sd_catalog_column(table, depend.refobjsubid) : NULL;
	if (sequence->is_odd || is_owned != (column != NULL))
	{
		sd_scan_leave(scan, sequence->oid);
		return;
	}
	sd_scan_set(scan, SD_SCAN_IDENTITY, sequence->identity);
	sd_scan_set(scan, TYPE, sd_catalog_type(scan->catalog, form->seqtypid, -1));
	set_number(scan, INCREMENT, form->seqincrement);
	set_number(scan, MIN, form->seqmin);
	set_number(scan, MAX, form->seqmax);
	set_number(scan, START, form->seqstart);
	set_number(scan, CACHE, form->seqcache);
	sd_scan_set_flag(scan, CYCLE, form->seqcycle);
	sd_scan_set_flag(scan, UNLOGGED, sequence->is_unlogged);
	if (column)
		sd_scan_set(scan, OWNED_BY, sd_concat(table->identity, ".", column->quoted, NULL));
	sd_scan_set(scan, OWNER, sd_catalog_role(scan->catalog, sequence->owner));
	sd_scan_set(scan, COMMENT, sd_catalog_comment(scan->catalog, RelationRelationId, sequence->oid, 0));
	sd_scan_give(scan, sequence->oid, 0);
}

static void
scan_sequences(SdScan *scan)
{
	SequenceScan sequences = {scan, table_open(DependRelationId, AccessShareLock)};

	sd_catalog_scan(scan->catalog, SequenceRelationId, give, &sequences);
	table_close(sequences.depend, AccessShareLock);
}

const SdScanner sd_scan_sequences = {"sequence", properties, scan_sequences};
