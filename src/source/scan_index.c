/*
 * scan_index.c
 *	  Scan of the kind index.
 *
 * The text is put together from the columns.  Indexes with options, or in a
 * tablespace, are left to the query.
 */
#include "postgres.h"

#include "access/amapi.h"
#include "access/htup_details.h"
#include "access/relscan.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_opclass.h"
#include "commands/defrem.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"

#include "base/text.h"
#include "source/deparse.h"
#include "source/scan.h"

enum
{
	DEFINITION = SD_SCAN_PROPERTIES, PREDICATE, PARTITIONED, OPTIONS, TABLESPACE, STATISTICS, ATTACHED_TO, PARTITION_OF,
	INVALID, NOT_READY, COMMENT
};

static const char *const properties[] = {
	"definition", "predicate", "partitioned", "options", "tablespace", "statistics", "attached_to", "partition_of",
	"invalid", "not_ready", "comment", NULL
};

/* What is printed for an operator class over a type: nothing where it is the default. */
typedef struct OpclassKey
{
	Oid			opclass;
	Oid			type;
} OpclassKey;

typedef struct OpclassEntry
{
	OpclassKey	key;			/* hash key */
	const char *text;			/* "" or " name" */
} OpclassEntry;

static char *
opclass_text(Oid opclass, Oid type)
{
	HeapTuple	tuple = SearchSysCache1(CLAOID, ObjectIdGetDatum(opclass));
	Form_pg_opclass form;
	char	   *text = "";

	if (!HeapTupleIsValid(tuple))
		return NULL;
	form = (Form_pg_opclass) GETSTRUCT(tuple);
	if (GetDefaultOpClass(type, form->opcmethod) != opclass)
	{
		if (OpclassIsVisible(opclass))
			text = psprintf(" %s", quote_identifier(NameStr(form->opcname)));
		else
			text = psprintf(" %s", quote_qualified_identifier(get_namespace_name_or_temp(form->opcnamespace),
															  NameStr(form->opcname)));
	}
	ReleaseSysCache(tuple);
	return text;
}

const char *
sd_scan_opclass(SdCatalog *catalog, Oid opclass, Oid type)
{
	OpclassKey	key = {opclass, type};
	OpclassEntry *entry;
	bool		found;

	if (catalog->opclasses == NULL)
	{
		HASHCTL		control = {.keysize = sizeof(OpclassKey), .entrysize = sizeof(OpclassEntry)};

		control.hcxt = catalog->context;
		catalog->opclasses = hash_create("schemadrift opclasses", 128, &control,
										 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	entry = hash_search(catalog->opclasses, &key, HASH_ENTER, &found);
	if (!found)
	{
		char	   *text = opclass_text(opclass, type);

		entry->text = text ? MemoryContextStrdup(catalog->context, text) : NULL;
	}
	return entry->text;
}

/* One index while its text is written. */
typedef struct IndexText
{
	SdScan	   *scan;
	StringInfoData buf;
	Form_pg_index form;
	const SdClassRow *table;
	bool		can_order;
	List	   *expressions;	/* those not yet written */
	oidvector  *collations;
	oidvector  *opclasses;
	int2vector *options;
} IndexText;

static void
append_order(IndexText *index, int option)
{
	if (!index->can_order)
		return;
	if (option & INDOPTION_DESC)
	{
		appendStringInfoString(&index->buf, " DESC");
		if (!(option & INDOPTION_NULLS_FIRST))
			appendStringInfoString(&index->buf, " NULLS LAST");
	}
	else if (option & INDOPTION_NULLS_FIRST)
		appendStringInfoString(&index->buf, " NULLS FIRST");
}

/* Collation, operator class and order of a key column of that type. */
static bool
append_decoration(IndexText *index, int i, Oid type, Oid collation)
{
	const char *opclass = sd_scan_opclass(index->scan->catalog, index->opclasses->values[i], type);

	if (opclass == NULL)
		return false;
	if (OidIsValid(index->collations->values[i]) && index->collations->values[i] != collation)
		appendStringInfo(&index->buf, " COLLATE %s", generate_collation_name(index->collations->values[i]));
	appendStringInfoString(&index->buf, opclass);
	append_order(index, index->options->values[i]);
	return true;
}

static bool
append_column(IndexText *index, int i)
{
	int			number = index->form->indkey.values[i];
	Oid			type;
	Oid			collation;

	if (number != 0)
	{
		SdColumnRow *column = sd_catalog_column(index->table, number);

		if (column == NULL)
			return false;
		appendStringInfoString(&index->buf, column->quoted);
		type = column->type;
		collation = column->collation;
	}
	else
	{
		SdExpression *expression = index->expressions ? linitial(index->expressions) : NULL;

		if (expression == NULL)
			return false;
		index->expressions = list_delete_first(index->expressions);
		appendStringInfo(&index->buf, expression->is_call ? "%s" : "(%s)", expression->text);
		type = expression->type;
		collation = expression->collation;
	}
	return i >= index->form->indnkeyatts || append_decoration(index, i, type, collation);
}

static bool
append_predicate(IndexText *index, HeapTuple tuple, TupleDesc desc)
{
	bool		isnull;
	Datum		nodes = heap_getattr(tuple, Anum_pg_index_indpred, desc, &isnull);
	const char *predicate;

	if (isnull)
		return true;
	predicate = sd_deparse(index->scan->catalog, TextDatumGetCString(nodes), index->table);
	if (predicate == NULL)
		return false;
	appendStringInfoString(&index->buf, " WHERE ");
	appendStringInfoString(&index->buf, predicate);
	return true;
}

static bool
read_expressions(IndexText *index, HeapTuple tuple, TupleDesc desc)
{
	bool		isnull;
	Datum		nodes = heap_getattr(tuple, Anum_pg_index_indexprs, desc, &isnull);

	if (isnull)
		return true;
	index->expressions = list_copy(sd_deparse_list(index->scan->catalog, TextDatumGetCString(nodes),
												   index->table));
	return index->expressions != NIL;
}

static Pointer
read_vector(HeapTuple tuple, TupleDesc desc, int attribute)
{
	bool		isnull;

	return DatumGetPointer(heap_getattr(tuple, attribute, desc, &isnull));
}

/* The name of the access method; NULL when it is gone. */
static char *
read_method(IndexText *index, Oid method)
{
	HeapTuple	tuple = SearchSysCache1(AMOID, ObjectIdGetDatum(method));
	Form_pg_am	form;
	char	   *name;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	form = (Form_pg_am) GETSTRUCT(tuple);
	name = pstrdup(quote_identifier(NameStr(form->amname)));
	index->can_order = GetIndexAmRoutine(form->amhandler)->amcanorder;
	ReleaseSysCache(tuple);
	return name;
}

static const char *
definition(SdScan *scan, HeapTuple tuple, TupleDesc desc, const SdClassRow *class, const SdClassRow *table)
{
	IndexText	index = {.scan = scan, .table = table};
	char	   *method;
	int			i;

	index.form = (Form_pg_index) GETSTRUCT(tuple);
	index.collations = (oidvector *) read_vector(tuple, desc, Anum_pg_index_indcollation);
	index.opclasses = (oidvector *) read_vector(tuple, desc, Anum_pg_index_indclass);
	index.options = (int2vector *) read_vector(tuple, desc, Anum_pg_index_indoption);
	if (!read_expressions(&index, tuple, desc) || (method = read_method(&index, class->access_method)) == NULL)
		return NULL;
	initStringInfo(&index.buf);
	appendStringInfoString(&index.buf, sd_concat(index.form->indisunique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ",
												 class->quoted,
												 class->kind == RELKIND_PARTITIONED_INDEX ? " ON ONLY " : " ON ",
												 table->identity, " USING ", method, " (", NULL));
	for (i = 0; i < index.form->indnatts; i++)
	{
		if (i == index.form->indnkeyatts)
			appendStringInfoString(&index.buf, ") INCLUDE (");
		else if (i > 0)
			appendStringInfoString(&index.buf, ", ");
		if (!append_column(&index, i))
			return NULL;
	}
	appendStringInfoString(&index.buf, index.form->indnullsnotdistinct ? ") NULLS NOT DISTINCT" : ")");
	return append_predicate(&index, tuple, desc) ? index.buf.data : NULL;
}

static void
give(HeapTuple tuple, TupleDesc desc, void *arg)
{
	SdScan	   *scan = arg;
	Form_pg_index form = (Form_pg_index) GETSTRUCT(tuple);
	const SdClassRow *class = sd_catalog_class(scan->catalog, form->indexrelid);
	const SdClassRow *table = sd_catalog_class(scan->catalog, form->indrelid);
	const char *text;
	const char *attached_to;
	const char *partition_of;

	if (class == NULL || table == NULL || table->is_member || class->backs_constraint)
		return;
	if (class->is_odd || class->has_odd_column ||
		(class->options && !heap_attisnull(tuple, Anum_pg_index_indpred, desc)) ||
		!sd_catalog_parent(scan->catalog, class, &attached_to) ||
		!sd_catalog_parent(scan->catalog, table, &partition_of) ||
		(text = definition(scan, tuple, desc, class, table)) == NULL)
	{
		sd_scan_leave(scan, class->oid);
		return;
	}
	sd_scan_set(scan, SD_SCAN_IDENTITY, class->identity);
	sd_scan_set(scan, SD_SCAN_PARENT, sd_concat(table->kind == RELKIND_MATVIEW ? "matview " : "table ",
												table->identity, NULL));
	sd_scan_set(scan, DEFINITION, text);
	sd_scan_set_flag(scan, PARTITIONED, class->kind == RELKIND_PARTITIONED_INDEX);
	sd_scan_set(scan, OPTIONS, class->options);
	sd_scan_set(scan, ATTACHED_TO, attached_to);
	sd_scan_set(scan, PARTITION_OF, table->is_partition ? partition_of : NULL);
	sd_scan_set_flag(scan, INVALID, class->kind == RELKIND_INDEX && !form->indisvalid);
	sd_scan_set_flag(scan, NOT_READY, class->kind == RELKIND_INDEX && !form->indisready);
	sd_scan_set(scan, COMMENT, sd_catalog_comment(scan->catalog, RelationRelationId, class->oid, 0));
	sd_scan_give(scan, class->oid, 0);
}

static void
scan_indexes(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, IndexRelationId, give, scan);
}

const SdScanner sd_scan_indexes = {"index", properties, scan_indexes};
