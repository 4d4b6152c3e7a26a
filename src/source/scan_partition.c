/*
 * scan_partition.c
 *	  The key of a partitioned table.
 *
 * The server's pg_get_partkeydef() opens the table even where the key has no
 * expression, and so waits for whoever has it locked.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_partitioned_table.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"

#include "source/deparse.h"
#include "source/scan.h"

typedef struct KeyText
{
	SdScan	   *scan;
	const SdClassRow *class;
	StringInfoData buf;
	Form_pg_partitioned_table form;
	oidvector  *opclasses;
	oidvector  *collations;
	List	   *expressions;	/* those not yet written */
} KeyText;

static bool
append_column(KeyText *key, int i)
{
	int			number = key->form->partattrs.values[i];
	SdColumnRow *column = sd_catalog_column(key->class, number);
	SdExpression *expression = number == 0 && key->expressions ? linitial(key->expressions) : NULL;
	Oid			collation = key->collations->values[i];
	const char *opclass;

	if (column == NULL && expression == NULL)
		return false;
	if (expression)
	{
		key->expressions = list_delete_first(key->expressions);
		appendStringInfo(&key->buf, expression->is_call ? "%s" : "(%s)", expression->text);
	}
	else
		appendStringInfoString(&key->buf, column->quoted);
	if (OidIsValid(collation) && collation != (column ? column->collation : expression->collation))
		appendStringInfo(&key->buf, " COLLATE %s", generate_collation_name(collation));
	opclass = sd_scan_opclass(key->scan->catalog, key->opclasses->values[i],
							  column ? column->type : expression->type);
	if (opclass == NULL)
		return false;
	appendStringInfoString(&key->buf, opclass);
	return true;
}

static Pointer
read_vector(HeapTuple tuple, int attribute)
{
	bool		isnull;

	return DatumGetPointer(SysCacheGetAttr(PARTRELID, tuple, attribute, &isnull));
}

static const char *
strategy_name(char strategy)
{
	switch (strategy)
	{
		case PARTITION_STRATEGY_HASH:
			return "HASH";
		case PARTITION_STRATEGY_LIST:
			return "LIST";
		default:
			return "RANGE";
	}
}

static const char *
write_key(KeyText *key, HeapTuple tuple)
{
	bool		isnull;
	Datum		nodes = SysCacheGetAttr(PARTRELID, tuple, Anum_pg_partitioned_table_partexprs, &isnull);
	int			i;

	if (!isnull)
		key->expressions = list_copy(sd_deparse_list(key->scan->catalog, TextDatumGetCString(nodes), key->class));
	key->form = (Form_pg_partitioned_table) GETSTRUCT(tuple);
	key->opclasses = (oidvector *) read_vector(tuple, Anum_pg_partitioned_table_partclass);
	key->collations = (oidvector *) read_vector(tuple, Anum_pg_partitioned_table_partcollation);
	initStringInfo(&key->buf);
	appendStringInfo(&key->buf, "%s (", strategy_name(key->form->partstrat));
	for (i = 0; i < key->form->partnatts; i++)
	{
		if (i > 0)
			appendStringInfoString(&key->buf, ", ");
		if (!append_column(key, i))
			return NULL;
	}
	appendStringInfoChar(&key->buf, ')');
	return key->buf.data;
}

const char *
sd_scan_partition_key(SdScan *scan, const SdClassRow *class)
{
	HeapTuple	tuple = SearchSysCache1(PARTRELID, ObjectIdGetDatum(class->oid));
	KeyText		key = {.scan = scan, .class = class};
	const char *text;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	text = write_key(&key, tuple);
	ReleaseSysCache(tuple);
	return text;
}
