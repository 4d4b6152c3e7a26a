/*
 * items.c
 *	  Rows of type drift_item from C.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "sqlapi/items.h"

/* Columns of drift_item. */
enum
{
	ITEM_ID, ITEM_SEVERITY, ITEM_CLASS, ITEM_CHANGE, ITEM_OBJECT_TYPE, ITEM_OBJECT,
	ITEM_ATTRIBUTE, ITEM_EXPECTED, ITEM_ACTUAL, ITEM_WHO, ITEM_VIA, ITEM_AT, ITEM_DDL,
	ITEM_STATE, ITEM_HINT, ITEM_COLUMNS
};

void
sd_items_begin(FunctionCallInfo fcinfo)
{
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
}

static void
put_text(Datum *values, bool *nulls, int column, const char *text)
{
	nulls[column] = text == NULL;
	if (text)
		values[column] = CStringGetTextDatum(text);
}

void
sd_items_add(FunctionCallInfo fcinfo, const SdItem *item)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum		values[ITEM_COLUMNS] = {0};
	bool		nulls[ITEM_COLUMNS];

	memset(nulls, true, sizeof(nulls));
	if (item->id)
	{
		nulls[ITEM_ID] = false;
		values[ITEM_ID] = Int64GetDatum(item->id);
		put_text(values, nulls, ITEM_HINT, psprintf("SELECT drift_explain(" INT64_FORMAT ");", item->id));
	}
	put_text(values, nulls, ITEM_STATE, item->rule_id ? "ignored" : item->state);
	put_text(values, nulls, ITEM_SEVERITY, sd_severity_name(item->severity));
	put_text(values, nulls, ITEM_CLASS, sd_class_name(item->class));
	put_text(values, nulls, ITEM_CHANGE, sd_change_name(item->change));
	put_text(values, nulls, ITEM_OBJECT_TYPE, item->object_type);
	put_text(values, nulls, ITEM_OBJECT, item->object);
	put_text(values, nulls, ITEM_ATTRIBUTE, item->attribute);
	put_text(values, nulls, ITEM_EXPECTED, item->expected);
	put_text(values, nulls, ITEM_ACTUAL, item->actual);
	put_text(values, nulls, ITEM_WHO, item->who);
	put_text(values, nulls, ITEM_VIA, item->via);
	put_text(values, nulls, ITEM_DDL, item->ddl);
	if (item->at)
	{
		nulls[ITEM_AT] = false;
		values[ITEM_AT] = DirectFunctionCall3(timestamptz_in, CStringGetDatum(item->at),
											  ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	}
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

void
sd_rows_return(FunctionCallInfo fcinfo, const SdRows *rows)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	AttInMetadata *meta = TupleDescGetAttInMetadata(result->setDesc);
	int			r;

	if (rows->nrows > 0 && rows->ncolumns != result->setDesc->natts)
		elog(ERROR, "query gives %d columns, the function returns %d",
			 rows->ncolumns, result->setDesc->natts);
	for (r = 0; r < rows->nrows; r++)
		tuplestore_puttuple(result->setResult, BuildTupleFromCStrings(meta, rows->values[r]));
}
