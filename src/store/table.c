/*
 * table.c
 *	  Opens our own tables without waiting.
 *
 * Every lock that the caller's insert or scan will take is taken here first,
 * conditionally, so that taking it again cannot wait: a lock that the
 * transaction already holds is granted at once.  The names are looked up each
 * time: DROP EXTENSION, CREATE EXTENSION and a restore give new oids.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "storage/sinval.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"

#include "store/table.h"

static void
lock_or_fail(Oid relid, LOCKMODE mode, const char *name)
{
	if (!ConditionalLockRelationOid(relid, mode))
		ereport(ERROR,
				(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
				 errmsg("could not lock \"schemadrift.%s\" at once", name)));
}

/* The oid, locked; the name is looked up again if something came with the lock. */
static Oid
lock_by_name(const char *name, LOCKMODE mode)
{
	uint64		messages = SharedInvalidMessageCounter;
	Oid			schema = get_namespace_oid("schemadrift", true);
	Oid			relid = OidIsValid(schema) ? get_relname_relid(name, schema) : InvalidOid;

	if (OidIsValid(relid))
	{
		lock_or_fail(relid, mode, name);
		if (messages == SharedInvalidMessageCounter || get_relname_relid(name, schema) == relid)
			return relid;
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_TABLE),
			 errmsg("relation \"schemadrift.%s\" does not exist", name)));
}

/* Without its indexes and its TOAST table. */
static Relation
open_alone(const char *name, LOCKMODE mode)
{
	Relation	rel = table_open(lock_by_name(name, mode), NoLock);

	if (rel->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"schemadrift.%s\" is not an ordinary table", name)));
	return rel;
}

Relation
sd_table_open(const char *name, LOCKMODE mode)
{
	Relation	rel = open_alone(name, mode);
	List	   *indexes = RelationGetIndexList(rel);
	ListCell   *cell;

	foreach(cell, indexes)
		lock_or_fail(lfirst_oid(cell), mode, name);
	list_free(indexes);
	if (OidIsValid(rel->rd_rel->reltoastrelid))
		lock_or_fail(rel->rd_rel->reltoastrelid, mode, name);
	return rel;
}

Oid
sd_table_lock_sequence(const char *name)
{
	return lock_by_name(name, RowExclusiveLock);
}

void
sd_table_check(Relation rel, const SdTableColumn *columns, int count)
{
	TupleDesc	desc = RelationGetDescr(rel);
	bool		same = desc->natts == count;
	int			i;

	for (i = 0; same && i < count; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		same = !att->attisdropped && att->atttypid == columns[i].type &&
			strcmp(NameStr(att->attname), columns[i].name) == 0;
	}
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("\"schemadrift.%s\" has other columns than the library expects",
						RelationGetRelationName(rel)),
				 errhint("Run ALTER EXTENSION schemadrift UPDATE.")));
}

Oid
sd_table_index(Relation rel, const char *name)
{
	Oid			index = get_relname_relid(name, RelationGetNamespace(rel));

	if (OidIsValid(index) && list_member_oid(RelationGetIndexList(rel), index))
		return index;
	return InvalidOid;
}

char *
sd_table_text(Datum value, bool is_null)
{
	return is_null ? NULL : TextDatumGetCString(value);
}

/*
 * Only what the scan will touch is locked: of more than a handful of locks,
 * the server keeps no list, and gives them back by a search through all that
 * the transaction holds.
 */
static List *
scan_rows(Relation rel, const char *index_name, Snapshot snapshot, SdTableAdd add)
{
	int			count = RelationGetDescr(rel)->natts;
	Oid			index = index_name ? sd_table_index(rel, index_name) : InvalidOid;
	Datum	   *values = palloc(sizeof(Datum) * count);
	bool	   *nulls = palloc(sizeof(bool) * count);
	SysScanDesc scan;
	HeapTuple	tuple;
	List	   *list = NIL;

	if (OidIsValid(index))
		lock_or_fail(index, AccessShareLock, RelationGetRelationName(rel));
	scan = systable_beginscan(rel, index, OidIsValid(index), snapshot, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		if (HeapTupleHasExternal(tuple))
			lock_or_fail(rel->rd_rel->reltoastrelid, AccessShareLock, RelationGetRelationName(rel));
		heap_deform_tuple(tuple, RelationGetDescr(rel), values, nulls);
		list = add(list, values, nulls);
	}
	systable_endscan(scan);
	return list;
}

List *
sd_table_scan(const char *name, const SdTableColumn *columns, int count,
			  const char *index_name, SdTableAdd add)
{
	Relation	rel = open_alone(name, AccessShareLock);
	List	   *list = NIL;

	sd_table_check(rel, columns, count);
	/* with its lock held: whoever wrote the first row has extended it before */
	if (RelationGetNumberOfBlocks(rel) > 0)
	{
		Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());

		list = scan_rows(rel, index_name, snapshot, add);
		UnregisterSnapshot(snapshot);
	}
	table_close(rel, NoLock);
	return list;
}
