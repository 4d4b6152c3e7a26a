/*
 * objects.c
 *	  Reads what the event trigger machinery collected about a command.
 *
 * The server offers it as two set-returning functions only.  They are called
 * by hand, without SPI, because this runs guarded (guard.h) and for every DDL
 * command; the rows come back in a tuplestore.
 */
#include "postgres.h"

#include "catalog/objectaddress.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_class.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "capture/alter_aspects.h"
#include "capture/command.h"
#include "capture/objects.h"
#include "model/event.h"

/* How far back a repeated address is looked for; repeats stand close. */
#define SD_LOOK_BACK 64

static SdEventObject *
find_listed(const List *objects, Oid classid, Oid objid, int32 subid)
{
	int			n = list_length(objects);
	int			i;

	for (i = n - 1; i >= 0 && i >= n - SD_LOOK_BACK; i--)
	{
		SdEventObject *object = list_nth(objects, i);

		if (object->classid == classid && object->objid == objid &&
			object->objsubid == subid && !object->dropped)
			return object;
	}
	return NULL;
}

/* A column that the same command dropped; sql_drop told its name. */
static bool
is_dropped_column(const char *identity, int32 subid)
{
	return subid != 0 && strstr(identity, "........pg.dropped.") != NULL;
}

/* pg_temp., pg_toast_temp. or, as identities of functions have it, pg_temp_3. */
static bool
names_temporary_schema(const char *name)
{
	if (strncmp(name, "pg_toast_temp", 13) == 0)
		name += 13;
	else if (strncmp(name, "pg_temp", 7) == 0)
		name += 7;
	else
		return false;
	if (*name == '_')
		name += 1 + strspn(name + 1, "0123456789");
	return *name == '.';
}

/*
 * The server's identities begin with the schema; parts name their table after
 * " on ".  What is quoted was chosen by somebody: a policy
 * called "x on pg_temp.y" must not go unseen.
 */
static bool
is_temporary(const char *identity)
{
	bool		quoted = false;
	const char *p;

	if (names_temporary_schema(identity))
		return true;
	for (p = identity; *p != '\0'; p++)
	{
		if (*p == '"')
			quoted = !quoted;
		else if (!quoted && strncmp(p, " on ", 4) == 0 && names_temporary_schema(p + 4))
			return true;
	}
	return false;
}

static List *
add(List *objects, Oid classid, Oid objid, int32 subid, const char *type,
	const char *identity, bool dropped)
{
	SdEventObject *object = palloc(sizeof(SdEventObject));

	object->classid = classid;
	object->objid = objid;
	object->objsubid = subid;
	object->type = type;
	object->identity = identity;
	object->dropped = dropped;
	object->aspects = NULL;
	return lappend(objects, object);
}

List *
sd_objects_add_named(List *objects, const char *type, const char *identity, bool dropped)
{
	ListCell   *cell;

	foreach(cell, objects)
	{
		const SdEventObject *object = lfirst(cell);

		if (strcmp(object->type, type) == 0 && strcmp(object->identity, identity) == 0)
			return objects;
	}
	return add(objects, InvalidOid, InvalidOid, 0, type, identity, dropped);
}

List *
sd_objects_add(List *objects, Oid classid, Oid objid, int32 subid)
{
	ObjectAddress address;
	char	   *identity;

	if (!OidIsValid(objid) || find_listed(objects, classid, objid, subid))
		return objects;
	ObjectAddressSubSet(address, classid, objid, subid);
	identity = getObjectIdentity(&address, true);
	if (identity == NULL || is_temporary(identity) ||
		is_dropped_column(identity, subid))
		return objects;
	return add(objects, classid, objid, subid,
			   getObjectTypeDescription(&address, true), identity, false);
}

List *
sd_objects_add_aspects(List *objects, Oid classid, Oid objid, int32 subid, const char *aspects)
{
	SdEventObject *listed = find_listed(objects, classid, objid, subid);
	int			count = list_length(objects);

	if (listed && listed->aspects)
		listed->aspects = aspects ? psprintf("%s %s", listed->aspects, aspects) : NULL;
	if (listed)
		return objects;
	objects = sd_objects_add(objects, classid, objid, subid);
	if (list_length(objects) > count)
		((SdEventObject *) llast(objects))->aspects = aspects;
	return objects;
}

List *
sd_objects_copy(const List *objects)
{
	List	   *copy = NIL;
	ListCell   *cell;

	foreach(cell, objects)
	{
		const SdEventObject *object = lfirst(cell);

		copy = add(copy, object->classid, object->objid, object->objsubid,
				   object->type ? pstrdup(object->type) : NULL,
				   object->identity ? pstrdup(object->identity) : NULL,
				   object->dropped);
		((SdEventObject *) llast(copy))->aspects = object->aspects ? pstrdup(object->aspects) : NULL;
	}
	return copy;
}

/* -- calling a set-returning function by hand ------------------------------ */

typedef List *(*AddRow) (List *objects, TupleTableSlot *slot);

/*
 * Where its rows' columns are known from an earlier call, it is called by the
 * name of a function that returns whatever record the caller expects: working
 * out the columns from the catalog each time takes as long as all the rest.
 */
static void
set_expected(FmgrInfo *flinfo, ReturnSetInfo *result, TupleDesc known)
{
	if (known == NULL)
		return;
	result->expectedDesc = known;
	flinfo->fn_oid = F_JSON_TO_RECORDSET;
}

static TupleDesc
keep_columns(TupleDesc desc)
{
	MemoryContext outer = MemoryContextSwitchTo(TopMemoryContext);
	TupleDesc	kept = CreateTupleDescCopy(desc);

	MemoryContextSwitchTo(outer);
	return kept;
}

static List *
add_rows(List *objects, Oid function, TupleDesc *known, AddRow add_row)
{
	LOCAL_FCINFO(fcinfo, 0);
	FmgrInfo	flinfo;
	ReturnSetInfo *result = makeNode(ReturnSetInfo);
	ExprContext *econtext = makeNode(ExprContext);
	TupleTableSlot *slot;

	econtext->ecxt_per_query_memory = CurrentMemoryContext;
	econtext->ecxt_per_tuple_memory = CurrentMemoryContext;
	result->econtext = econtext;
	result->allowedModes = SFRM_Materialize;
	fmgr_info(function, &flinfo);
	set_expected(&flinfo, result, *known);
	InitFunctionCallInfoData(*fcinfo, &flinfo, 0, InvalidOid, NULL, (fmNodePtr) result);
	(void) FunctionCallInvoke(fcinfo);
	if (result->setResult == NULL)
		return objects;
	if (*known == NULL)
		*known = keep_columns(result->setDesc);
	slot = MakeSingleTupleTableSlot(result->setDesc, &TTSOpsMinimalTuple);
	while (tuplestore_gettupleslot(result->setResult, true, true, slot))
		objects = add_row(objects, slot);
	ExecDropSingleTupleTableSlot(slot);
	tuplestore_end(result->setResult);
	return objects;
}

static Datum
column_value(TupleTableSlot *slot, const char *name, bool *is_null)
{
	TupleDesc	desc = slot->tts_tupleDescriptor;
	int			i;

	for (i = 0; i < desc->natts; i++)
		if (strcmp(NameStr(TupleDescAttr(desc, i)->attname), name) == 0)
			return slot_getattr(slot, i + 1, is_null);
	elog(ERROR, "the server gave no column \"%s\"", name);
}

static Oid
oid_value(TupleTableSlot *slot, const char *name)
{
	bool		is_null;
	Datum		value = column_value(slot, name, &is_null);

	return is_null ? InvalidOid : DatumGetObjectId(value);
}

static int32
int_value(TupleTableSlot *slot, const char *name)
{
	bool		is_null;
	Datum		value = column_value(slot, name, &is_null);

	return is_null ? 0 : DatumGetInt32(value);
}

static bool
bool_value(TupleTableSlot *slot, const char *name)
{
	bool		is_null;
	Datum		value = column_value(slot, name, &is_null);

	return !is_null && DatumGetBool(value);
}

static char *
text_value(TupleTableSlot *slot, const char *name)
{
	bool		is_null;
	Datum		value = column_value(slot, name, &is_null);

	return is_null ? NULL : TextDatumGetCString(value);
}

/*
 * The object of a command's row.  Only of ALTER TABLE is it known what it may
 * have changed, and its parts are yet to say so; of any other command it is not.
 */
static List *
add_named(List *objects, TupleTableSlot *slot, const char *identity, const CollectedCommand *command)
{
	Oid			classid = oid_value(slot, "classid");
	Oid			objid = oid_value(slot, "objid");
	int32		subid = int_value(slot, "objsubid");
	bool		is_alter = command && sd_alter_aspects_known(command);
	SdEventObject *listed = find_listed(objects, classid, objid, subid);

	if (listed == NULL)
	{
		objects = add(objects, classid, objid, subid, text_value(slot, "object_type"), identity, false);
		((SdEventObject *) llast(objects))->aspects = is_alter ? "" : NULL;
	}
	else if (!is_alter)
		listed->aspects = NULL;
	return objects;
}

/* Members of an extension are represented by the extension's own row. */
static List *
add_command(List *objects, TupleTableSlot *slot)
{
	Oid			objid = oid_value(slot, "objid");
	char	   *identity = text_value(slot, "object_identity");
	bool		is_null;
	Datum		command = column_value(slot, "command", &is_null);

	if (bool_value(slot, "in_extension"))
		return objects;
	if (OidIsValid(objid) && identity && is_temporary(identity))
		return objects;
	if (OidIsValid(objid) && identity)
		objects = add_named(objects, slot, identity,
							is_null ? NULL : (CollectedCommand *) DatumGetPointer(command));
	if (!is_null)
		objects = sd_command_add_parts(objects,
									   (CollectedCommand *) DatumGetPointer(command));
	return objects;
}

List *
sd_objects_add_commands(List *objects)
{
	static TupleDesc columns = NULL;

	return add_rows(objects, F_PG_EVENT_TRIGGER_DDL_COMMANDS, &columns, add_command);
}

/*
 * Of what went along with the dropped objects, leave out what is no object of
 * its own: row types, defaults, the rule of a view, the triggers behind a
 * foreign key.
 */
static bool
is_noise(TupleTableSlot *slot, Oid classid, const char *name)
{
	if (bool_value(slot, "original"))
		return false;
	if (classid == AttrDefaultRelationId || strncmp(name, "pg_toast.", 9) == 0)
		return true;
	if (classid == RewriteRelationId && strncmp(name, "\"_RETURN\"", 9) == 0)
		return true;
	if (bool_value(slot, "normal"))
		return false;
	if (classid == TypeRelationId)
		return true;
	return strncmp(name, "\"RI_ConstraintTrigger_", 22) == 0;
}

static List *
add_dropped(List *objects, TupleTableSlot *slot)
{
	Oid			classid = oid_value(slot, "classid");
	char	   *type = text_value(slot, "object_type");
	char	   *identity = text_value(slot, "object_identity");

	if (type == NULL || identity == NULL || bool_value(slot, "is_temporary") ||
		is_temporary(identity) || is_noise(slot, classid, identity))
		return objects;
	return add(objects, classid, oid_value(slot, "objid"), int_value(slot, "objsubid"),
			   type, identity, true);
}

List *
sd_objects_add_dropped(List *objects)
{
	static TupleDesc columns = NULL;

	return add_rows(objects, F_PG_EVENT_TRIGGER_DROPPED_OBJECTS, &columns, add_dropped);
}
