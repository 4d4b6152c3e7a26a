/*
 * privileges.c
 *	  Finds what the kind changed_privileges could list.
 *
 * That is an object of the server, a member of an extension other than this one,
 * or a sequence (it may be an identity's), whose privileges are not those of
 * pg_init_privs.  Equal bytes are equal privileges, so what has those is left
 * out, in most databases all there is.  Whatever has other bytes, or no row
 * there, is the query's to judge: the same privileges in another order are only
 * dearer.  Classes of objects are those of the query.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_foreign_data_wrapper.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_init_privs.h"
#include "catalog/pg_language.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/acl.h"
#include "utils/memutils.h"

#include "source/privileges.h"

typedef struct Initial
{
	struct
	{
		Oid			classid;
		Oid			objid;
		int32		objsubid;
	}			key;			/* hash key */
	Acl		   *acl;
} Initial;

/* NULL: there is none. */
static Acl *
read_acl(HeapTuple tuple, TupleDesc desc, int attribute)
{
	bool		isnull;
	Datum		acl = heap_getattr(tuple, attribute, desc, &isnull);

	return isnull ? NULL : DatumGetAclPCopy(acl);
}

static void
add_initial(HeapTuple tuple, TupleDesc desc, void *arg)
{
	SdCatalog  *catalog = arg;
	Form_pg_init_privs form = (Form_pg_init_privs) GETSTRUCT(tuple);
	Initial		initial = {{form->classoid, form->objoid, form->objsubid}, NULL};
	MemoryContext caller = MemoryContextSwitchTo(catalog->context);

	initial.acl = read_acl(tuple, desc, Anum_pg_init_privs_initprivs);
	*(Initial *) hash_search(catalog->initial, &initial.key, HASH_ENTER, NULL) = initial;
	MemoryContextSwitchTo(caller);
}

void
sd_privileges_load(SdCatalog *catalog)
{
	HASHCTL		control = {.keysize = sizeof(((Initial *) NULL)->key), .entrysize = sizeof(Initial)};

	control.hcxt = catalog->context;
	catalog->initial = hash_create("schemadrift initial privileges", 256, &control,
								   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	sd_catalog_scan(catalog, InitPrivsRelationId, add_initial, catalog);
}

static bool
is_initial(const SdCatalog *catalog, Oid classid, Oid objid, int32 objsubid, const Acl *acl)
{
	Initial		sought = {{classid, objid, objsubid}, NULL};
	Initial    *initial = hash_search(catalog->initial, &sought.key, HASH_FIND, NULL);

	return initial && initial->acl && VARSIZE(initial->acl) == VARSIZE(acl) &&
		memcmp(initial->acl, acl, VARSIZE(acl)) == 0;
}

/* Is it an object that no other kind lists with its privileges? */
static bool
is_foreign(const SdCatalog *catalog, Oid classid, Oid objid)
{
	SdMember   *member = sd_catalog_member(catalog, classid, objid);

	return member && !member->is_ours;
}

static void
note(SdCatalog *catalog, Oid relation, int32 column, const Acl *acl)
{
	MemoryContext caller = MemoryContextSwitchTo(catalog->context);

	if (acl && !is_initial(catalog, RelationRelationId, relation, column, acl))
		catalog->changed_privileges = lappend_oid(catalog->changed_privileges, relation);
	MemoryContextSwitchTo(caller);
}

void
sd_privileges_note_class(SdCatalog *catalog, HeapTuple tuple, TupleDesc desc)
{
	Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);

	if (form->relnamespace == PG_CATALOG_NAMESPACE || form->relkind == RELKIND_SEQUENCE ||
		is_foreign(catalog, RelationRelationId, form->oid))
		note(catalog, form->oid, 0, read_acl(tuple, desc, Anum_pg_class_relacl));
}

/* Tables that are kept are of user schemas; the others may be the server's. */
void
sd_privileges_note_column(SdCatalog *catalog, HeapTuple tuple, TupleDesc desc)
{
	Form_pg_attribute form = (Form_pg_attribute) GETSTRUCT(tuple);

	if (sd_catalog_class(catalog, form->attrelid) == NULL ||
		is_foreign(catalog, RelationRelationId, form->attrelid))
		note(catalog, form->attrelid, form->attnum, read_acl(tuple, desc, Anum_pg_attribute_attacl));
}

typedef struct Class
{
	SdScan	   *scan;
	Oid			relation;
	int			acl;			/* its columns */
	int			schema;			/* of a schema: itself; 0: initdb's objects are the server's */
} Class;

/* Is it in pg_catalog, or that itself?  Every catalog that has oids has them first. */
static bool
is_servers(const Class *class, HeapTuple tuple, TupleDesc desc)
{
	bool		isnull;

	if (class->schema == 0)
		return *(Oid *) GETSTRUCT(tuple) < FirstNormalObjectId;
	return DatumGetObjectId(heap_getattr(tuple, class->schema, desc, &isnull)) == PG_CATALOG_NAMESPACE;
}

static void
leave_changed(HeapTuple tuple, TupleDesc desc, void *arg)
{
	const Class *class = arg;
	SdCatalog  *catalog = class->scan->catalog;
	Oid			oid = *(Oid *) GETSTRUCT(tuple);

	if (heap_attisnull(tuple, class->acl, desc) ||
		(!is_servers(class, tuple, desc) && !is_foreign(catalog, class->relation, oid)))
		return;
	if (!is_initial(catalog, class->relation, oid, 0, read_acl(tuple, desc, class->acl)))
		sd_scan_leave(class->scan, oid);
}

void
sd_privileges_find(SdScan *scan)
{
	Class		classes[] = {
		{scan, ProcedureRelationId, Anum_pg_proc_proacl, Anum_pg_proc_pronamespace},
		{scan, TypeRelationId, Anum_pg_type_typacl, Anum_pg_type_typnamespace},
		{scan, NamespaceRelationId, Anum_pg_namespace_nspacl, Anum_pg_namespace_oid},
		{scan, LanguageRelationId, Anum_pg_language_lanacl},
		{scan, ForeignDataWrapperRelationId, Anum_pg_foreign_data_wrapper_fdwacl},
		{scan, ForeignServerRelationId, Anum_pg_foreign_server_srvacl}
	};
	ListCell   *cell;
	int			i;

	foreach(cell, scan->catalog->changed_privileges)
		sd_scan_leave(scan, lfirst_oid(cell));
	for (i = 0; i < lengthof(classes); i++)
		sd_catalog_scan(scan->catalog, classes[i].relation, leave_changed, &classes[i]);
}
