/*
 * event_write.c
 *	  Writes one event straight into the heap and its indexes.
 *
 * An SQL INSERT would plan, check privileges of whoever runs the DDL, fire
 * whatever somebody put on the table, and wait for its locks.  The catalog
 * insertion routines do none of that and work for every ordinary table with
 * plain indexes; both are checked here, because those routines only assert it.
 *
 * An error between the heap and an index (a full disk) would leave a row that
 * index scans do not see.  Readers go by id and would pass it over, which is
 * what a miss means anyway.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_type.h"
#include "nodes/execnodes.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "base/fault.h"
#include "base/lock.h"
#include "store/counter.h"
#include "store/event_write.h"
#include "store/table.h"

static const SdTableColumn columns[] = {
	{"id", INT8OID},
	{"at", TIMESTAMPTZOID},
	{"xid", XID8OID},
	{"pid", INT4OID},
	{"tag", TEXTOID},
	{"session_role", TEXTOID},
	{"effective_role", TEXTOID},
	{"client", TEXTOID},
	{"application", TEXTOID},
	{"statement", TEXTOID},
	{"deploy_id", INT8OID},
	{"deploy", TEXTOID},
	{"refused_claim", TEXTOID},
	{"objects", JSONBOID}
};

#define NCOLUMNS ((int) lengthof(columns))

/* Ids that a crash may leave out, as nextval() does. */
#define SD_IDS_AHEAD 32

/* Add "key": value to the object being built; NULL values are left out. */
static void
push_field(JsonbParseState **state, const char *key, JsonbValue *value)
{
	JsonbValue	name;

	name.type = jbvString;
	name.val.string.val = (char *) key;
	name.val.string.len = strlen(key);
	(void) pushJsonbValue(state, WJB_KEY, &name);
	(void) pushJsonbValue(state, WJB_VALUE, value);
}

static void
push_number(JsonbParseState **state, const char *key, int64 number)
{
	JsonbValue	value;

	value.type = jbvNumeric;
	value.val.numeric = int64_to_numeric(number);
	push_field(state, key, &value);
}

static void
push_text(JsonbParseState **state, const char *key, const char *text)
{
	JsonbValue	value;

	if (text == NULL)
		return;
	value.type = jbvString;
	value.val.string.val = (char *) text;
	value.val.string.len = strlen(text);
	push_field(state, key, &value);
}

static Datum
objects_as_jsonb(List *objects)
{
	JsonbParseState *state = NULL;
	ListCell   *cell;

	(void) pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	foreach(cell, objects)
	{
		SdEventObject *object = lfirst(cell);
		JsonbValue	dropped;

		(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
		/* in jsonb's own order, shorter keys first, which spares it the sorting */
		push_text(&state, "type", object->type);
		push_number(&state, "objid", object->objid);
		push_text(&state, "aspects", object->aspects);
		push_number(&state, "classid", object->classid);
		dropped.type = jbvBool;
		dropped.val.boolean = object->dropped;
		push_field(&state, "dropped", &dropped);
		push_text(&state, "identity", object->identity);
		push_number(&state, "objsubid", object->objsubid);
		(void) pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	}
	return JsonbPGetDatum(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL)));
}

static void
set_text(Datum *values, bool *nulls, int column, const char *text)
{
	nulls[column] = text == NULL;
	if (text)
		values[column] = CStringGetTextDatum(text);
}

static HeapTuple
form_tuple(TupleDesc desc, const SdEvent *event, Datum objects, int64 id)
{
	Datum		values[NCOLUMNS] = {0};
	bool		nulls[NCOLUMNS] = {false};

	values[0] = Int64GetDatum(id);
	values[1] = TimestampTzGetDatum(event->at);
	values[2] = UInt64GetDatum(event->xid);
	values[3] = Int32GetDatum(event->pid);
	set_text(values, nulls, 4, event->tag);
	set_text(values, nulls, 5, event->session_role);
	set_text(values, nulls, 6, event->effective_role);
	set_text(values, nulls, 7, event->client);
	set_text(values, nulls, 8, event->application);
	set_text(values, nulls, 9, event->statement);
	values[10] = Int64GetDatum(event->deploy_id);
	nulls[10] = event->deploy_id == 0;
	set_text(values, nulls, 11, event->deploy);
	set_text(values, nulls, 12, event->refused_claim);
	values[13] = objects;
	return heap_form_tuple(desc, values, nulls);
}

/* The catalog routines would run an expression without an executor: refuse. */
static void
check_indexes(CatalogIndexState indexes)
{
	int			i;

	for (i = 0; i < indexes->ri_NumIndices; i++)
	{
		IndexInfo  *info = indexes->ri_IndexRelationInfo[i];

		if (info->ii_Expressions != NIL || info->ii_Predicate != NIL ||
			info->ii_ExclusionOps != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("\"schemadrift.event\" has an index of a sort that capture cannot maintain")));
	}
}

int64
sd_event_write(const SdEvent *event)
{
	Relation	rel;
	CatalogIndexState indexes;
	Oid			sequence;
	Datum		objects;
	LOCKTAG		writing;
	int64		id;

	SD_FAULT_POINT("capture.lock");
	rel = sd_table_open("event", RowExclusiveLock);
	sd_table_check(rel, columns, NCOLUMNS);
	sequence = sd_table_lock_sequence("event_id_seq");
	indexes = CatalogOpenIndexes(rel);
	check_indexes(indexes);
	objects = objects_as_jsonb(event->objects);
	/* last, so that a check sees the row as soon as it could miss its id */
	SD_FAULT_POINT("capture.id");
	sd_lock_tag(&writing, SD_LOCK_EVENT);
	if (!SD_LOCK_TRY(&writing, ShareLock, false))
		ereport(ERROR,
				(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
				 errmsg("could not write to \"schemadrift.event\" at once")));
	id = sd_counter_next(sequence, SD_IDS_AHEAD);
	SD_FAULT_POINT("capture.form");
	{
		HeapTuple	tuple = form_tuple(RelationGetDescr(rel), event, objects, id);

		SD_FAULT_POINT("capture.insert");
		CatalogTupleInsertWithInfo(rel, tuple, indexes);
	}
	LockRelease(&writing, ShareLock, false);
	CatalogCloseIndexes(indexes);
	table_close(rel, NoLock);
	return id;
}
