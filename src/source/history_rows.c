/*
 * history_rows.c
 *	  Rows of a table that belongs to somebody else, read without running
 *	  anything of his.
 *
 * A check runs with the rights of a superuser, and the table is anybody's.  An
 * SQL query would plan with the expressions of its indexes and constraints, run
 * the functions of a view or a policy, or cast with what the owner of a type
 * made; so the heap is scanned as it is, and values are printed by the output
 * functions of the server's own types.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/relation.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "source/history_rows.h"

/* Where a column is and how it is printed; no attribute = there is none to read. */
typedef struct Column
{
	AttrNumber	attribute;
	bool		is_varlena;
	FmgrInfo	output;
} Column;

/* What is longer is no name of a migration; it is not even fetched. */
#define LONGEST_VALUE 4096

static Column
find_column(Relation rel, const char *name, Oid type)
{
	TupleDesc	desc = RelationGetDescr(rel);
	Column		column = {0};
	int			i;

	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		Oid			output;

		if (att->attisdropped || strcmp(NameStr(att->attname), name) != 0 ||
			att->attgenerated != '\0' || (OidIsValid(type) && att->atttypid != type) ||
			att->atttypid >= FirstNormalObjectId ||
			get_typtype(att->atttypid) != TYPTYPE_BASE)
			continue;
		getTypeOutputInfo(att->atttypid, &output, &column.is_varlena);
		fmgr_info(output, &column.output);
		column.attribute = att->attnum;
	}
	return column;
}

static bool
is_ordinary(Relation rel)
{
	return rel->rd_rel->relkind == RELKIND_RELATION && rel->rd_rel->relam == HEAP_TABLE_AM_OID &&
		rel->rd_rel->relpersistence != RELPERSISTENCE_TEMP;
}

static SdHistoryRow *
read_row(TupleTableSlot *slot, Column *columns, int ncolumns)
{
	SdHistoryRow *row = palloc(sizeof(SdHistoryRow));
	bool		is_null;
	int			i;

	row->xmin = DatumGetTransactionId(slot_getsysattr(slot, MinTransactionIdAttributeNumber, &is_null));
	row->values = palloc0(sizeof(char *) * ncolumns);
	for (i = 0; i < ncolumns; i++)
	{
		Datum		value;

		if (columns[i].attribute == 0)
			continue;
		value = slot_getattr(slot, columns[i].attribute, &is_null);
		if (!is_null && !(columns[i].is_varlena && toast_raw_datum_size(value) > LONGEST_VALUE))
			row->values[i] = OutputFunctionCall(&columns[i].output, value);
	}
	return row;
}

static List *
scan(Relation rel, Column *columns, int ncolumns)
{
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	TableScanDesc desc = table_beginscan(rel, snapshot, 0, NULL);
	List	   *rows = NIL;

	while (list_length(rows) < SD_MOST_HISTORY && table_scan_getnextslot(desc, ForwardScanDirection, slot))
	{
		CHECK_FOR_INTERRUPTS();
		rows = lappend(rows, read_row(slot, columns, ncolumns));
	}
	table_endscan(desc);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	return rows;
}

List *
sd_history_rows(Oid relid, const char *const *names, const Oid *types, int ncolumns)
{
	Column	   *columns = palloc0(sizeof(Column) * ncolumns);
	List	   *rows = NIL;
	Relation	rel;
	int			i;

	if (!ConditionalLockRelationOid(relid, AccessShareLock))
		return NIL;
	rel = try_relation_open(relid, NoLock);
	if (rel == NULL)
		return NIL;
	if (is_ordinary(rel))
	{
		for (i = 0; i < ncolumns; i++)
			columns[i] = find_column(rel, names[i], types[i]);
		rows = scan(rel, columns, ncolumns);
	}
	relation_close(rel, NoLock);
	return rows;
}
