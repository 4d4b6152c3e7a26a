/*
 * reach.c
 *	  What a change in this database's catalogs may show in, by pg_depend.
 *
 * The text of an object names others: a view its tables' columns, a default
 * its sequence.  The server records that, since it must not let those go first;
 * so whatever prints a name of the changed thing is among its dependents.  What
 * is recorded nowhere (the server's own objects, roles) is not left to this.
 *
 * Two sorts of rows lead the other way.  An internal dependency says that a row
 * is how another object is implemented (a rule of its view, a sequence of an
 * identity column, an array of its element): both change together, and so do
 * the dependents of either.  A part is also shown with its whole, and compared
 * beside it, but nothing that depends on the whole shows the part.
 *
 * What is needed by any of those is added too, for the DDL that undoes a change
 * asks what it is; of tables, their ancestors.  Schemas and extensions, which
 * everything needs, are not.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "source/reach.h"

typedef struct Reach
{
	HTAB	   *reached;
	Relation	depend;
	SdReached  *queue;			/* in order of arrival */
	int			length;
	int			capacity;
	int			limit;
} Reach;

HTAB *
sd_reach_create(const char *name, Size entry)
{
	HASHCTL		control = {0};

	control.keysize = sizeof(SdReached);
	control.entrysize = entry;
	control.hcxt = CurrentMemoryContext;
	return hash_create(name, 256, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

bool
sd_reach_is_passing(Oid classid, Oid objid)
{
	ObjectAddress address = {classid, objid, 0};
	HeapTuple	tuple;
	int			cache;
	bool		is_passing = false;

	if (!is_objectclass_supported(classid))
		return false;
	cache = get_object_catcache_oid(classid);
	if (cache < 0)
		return false;
	tuple = SearchSysCache1(cache, ObjectIdGetDatum(objid));
	if (!HeapTupleIsValid(tuple))
		return true;
	ReleaseSysCache(tuple);
	if (get_object_attnum_namespace(classid) != InvalidAttrNumber)
		is_passing = isAnyTempNamespace(get_object_namespace(&address));
	return is_passing;
}

static char
sort_of_type(Form_pg_type type)
{
	if (type->typtype == TYPTYPE_COMPOSITE)
		return get_rel_relkind(type->typrelid) == RELKIND_COMPOSITE_TYPE ? TYPTYPE_COMPOSITE : ' ';
	if (OidIsValid(type->typelem) && get_array_type(type->typelem) == type->oid)
		return ' ';
	return type->typtype;
}

char
sd_reach_sort(const SdReached *address)
{
	int			cache = address->classid == TypeRelationId ? TYPEOID :
		address->classid == ConstraintRelationId ? CONSTROID : -1;
	HeapTuple	tuple;
	char		sort = '\0';

	if (address->classid == RelationRelationId)
		return get_rel_relkind(address->objid);
	if (cache < 0)
		return '?';
	tuple = SearchSysCache1(cache, ObjectIdGetDatum(address->objid));
	if (!HeapTupleIsValid(tuple))
		return sort;
	if (cache == TYPEOID)
		sort = sort_of_type((Form_pg_type) GETSTRUCT(tuple));
	else
		sort = OidIsValid(((Form_pg_constraint) GETSTRUCT(tuple))->contypid) ? 'd' : 'r';
	ReleaseSysCache(tuple);
	return sort;
}

static void
add(Reach *reach, Oid classid, Oid objid)
{
	SdReached	address = {classid, objid};
	bool		found;

	hash_search(reach->reached, &address, HASH_ENTER, &found);
	if (found)
		return;
	if (reach->length == reach->capacity)
	{
		reach->capacity = reach->capacity * 2;
		reach->queue = repalloc(reach->queue, sizeof(SdReached) * reach->capacity);
	}
	reach->queue[reach->length++] = address;
}

static SysScanDesc
scan_depend(Reach *reach, ScanKeyData *keys, bool of_dependents, const SdReached *address)
{
	ScanKeyInit(&keys[0], of_dependents ? Anum_pg_depend_refclassid : Anum_pg_depend_classid,
				BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(address->classid));
	ScanKeyInit(&keys[1], of_dependents ? Anum_pg_depend_refobjid : Anum_pg_depend_objid,
				BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(address->objid));
	return systable_beginscan(reach->depend, of_dependents ? DependReferenceIndexId : DependDependerIndexId,
							  true, NULL, 2, keys);
}

static void
add_dependents(Reach *reach, SdReached address)
{
	ScanKeyData keys[2];
	SysScanDesc scan = scan_depend(reach, keys, true, &address);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)) && reach->length <= reach->limit)
	{
		Form_pg_depend row = (Form_pg_depend) GETSTRUCT(tuple);

		add(reach, row->classid, row->objid);
	}
	systable_endscan(scan);
}

/* How far to follow what an address refers to. */
typedef enum Following
{
	FOLLOW_WORKING,				/* to what it is the working of */
	FOLLOW_WHOLES,				/* and to what it is a part of */
	FOLLOW_NEEDED,				/* to all that it needs */
	FOLLOW_ANCESTORS			/* to what a relation inherits from */
} Following;

static bool
is_followed(const FormData_pg_depend *row, Following following)
{
	bool		is_global = row->refclassid == NamespaceRelationId || row->refclassid == ExtensionRelationId;

	switch (following)
	{
		case FOLLOW_WORKING:
			return row->deptype == DEPENDENCY_INTERNAL;
		case FOLLOW_WHOLES:
			return row->deptype != DEPENDENCY_NORMAL && !is_global;
		case FOLLOW_NEEDED:
			return !is_global;
		case FOLLOW_ANCESTORS:
			return row->classid == RelationRelationId && row->refclassid == RelationRelationId &&
				row->objsubid == 0 && row->refobjsubid == 0;
	}
	return false;
}

static void
add_referenced(Reach *reach, SdReached address, Following following)
{
	ScanKeyData keys[2];
	SysScanDesc scan = scan_depend(reach, keys, false, &address);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend row = (Form_pg_depend) GETSTRUCT(tuple);

		if (is_followed(row, following))
			add(reach, row->refclassid, row->refobjid);
	}
	systable_endscan(scan);
}

HTAB *
sd_reach(HTAB *from, int limit)
{
	Reach		reach = {0};
	HASH_SEQ_STATUS scan;
	SdReached  *address;
	int			known;
	int			i;

	reach.reached = sd_reach_create("schemadrift reached", sizeof(SdReached));
	reach.depend = table_open(DependRelationId, AccessShareLock);
	reach.limit = limit;
	reach.capacity = 256;
	reach.queue = palloc(sizeof(SdReached) * reach.capacity);
	hash_seq_init(&scan, from);
	while ((address = hash_seq_search(&scan)) != NULL)
		add(&reach, address->classid, address->objid);
	for (i = 0; i < reach.length && reach.length <= limit; i++)
	{
		add_referenced(&reach, reach.queue[i], FOLLOW_WORKING);
		add_dependents(&reach, reach.queue[i]);
	}
	for (i = 0; i < reach.length && reach.length <= limit; i++)
		add_referenced(&reach, reach.queue[i], FOLLOW_WHOLES);
	known = reach.length;
	for (i = 0; i < known && reach.length <= limit; i++)
		add_referenced(&reach, reach.queue[i], FOLLOW_NEEDED);
	for (i = 0; i < reach.length && reach.length <= limit; i++)
		add_referenced(&reach, reach.queue[i], FOLLOW_ANCESTORS);
	table_close(reach.depend, AccessShareLock);
	return reach.length <= limit ? reach.reached : NULL;
}

bool
sd_reach_has_borrowed(HTAB *reached)
{
	Reach		reach = {0};
	HASH_SEQ_STATUS all;
	SdReached  *address;
	bool		found = false;

	reach.depend = table_open(DependRelationId, AccessShareLock);
	hash_seq_init(&all, reached);
	while ((address = hash_seq_search(&all)) != NULL)
	{
		ScanKeyData keys[2];
		SysScanDesc scan;
		HeapTuple	tuple;

		if (address->objid < FirstNormalObjectId)
		{
			found = true;
			continue;
		}
		scan = scan_depend(&reach, keys, false, address);

		while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		{
			Form_pg_depend depend = (Form_pg_depend) GETSTRUCT(tuple);

			if (depend->deptype == DEPENDENCY_EXTENSION ||
				(depend->deptype == DEPENDENCY_INTERNAL && depend->refobjsubid > 0))
				found = true;
		}
		systable_endscan(scan);
	}
	table_close(reach.depend, AccessShareLock);
	return found;
}
