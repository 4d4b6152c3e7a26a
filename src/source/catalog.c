/*
 * catalog.c
 *	  Reads the catalogs that the scans share.
 *
 * Each is read whole and in the order it lies there, under the snapshot of the
 * collection: of these rows nearly all are needed, and joining them by hash
 * tables here costs a fraction of what the executor's joins do.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_description.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_seclabel.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/readfuncs.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "base/hash.h"
#include "base/text.h"
#include "source/catalog.h"
#include "source/deparse.h"
#include "source/privileges.h"

/* The server's own mark among a column's options, no difference. */
#define SD_SERVER_OPTION "pg_attver="

typedef struct CommentKey
{
	Oid			classid;
	Oid			objid;
	int32		objsubid;
} CommentKey;

typedef struct CommentEntry
{
	CommentKey	key;			/* hash key */
	const char *text;
} CommentEntry;

typedef struct TypeKey
{
	Oid			type;
	int32		typmod;
} TypeKey;

typedef struct TypeEntry
{
	TypeKey		key;			/* hash key */
	const char *text;
} TypeEntry;

typedef struct RoleEntry
{
	Oid			role;			/* hash key */
	const char *text;
} RoleEntry;

static HTAB *
create_table(const SdCatalog *catalog, const char *name, Size key, Size entry, long entries)
{
	HASHCTL		control = {0};

	control.keysize = key;
	control.entrysize = entry;
	control.hcxt = catalog->context;
	return hash_create(name, entries, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

void
sd_catalog_scan(const SdCatalog *catalog, Oid relation, SdCatalogCallback callback, void *arg)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext work = AllocSetContextCreate(caller, "schemadrift catalog row", ALLOCSET_SMALL_SIZES);
	Relation	rel = table_open(relation, AccessShareLock);
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, catalog->snapshot, 0, NULL);
	HeapTuple	tuple;

	while ((tuple = systable_getnext(scan)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(work);
		callback(tuple, RelationGetDescr(rel), arg);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(work);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	MemoryContextDelete(work);
}

/* The quoted form; the name itself where it needs no quotes. */
static const char *
quote(const SdCatalog *catalog, const char *name)
{
	const char *quoted = sd_quote_identifier(name);

	return quoted == name ? name : MemoryContextStrdup(catalog->context, quoted);
}

static void
add_schema(HeapTuple tuple, TupleDesc desc, void *arg)
{
	SdCatalog  *catalog = arg;
	Form_pg_namespace form = (Form_pg_namespace) GETSTRUCT(tuple);
	SdSchemaRow *schema = hash_search(catalog->schemas, &form->oid, HASH_ENTER, NULL);

	schema->quoted = quote(catalog, MemoryContextStrdup(catalog->context, NameStr(form->nspname)));
	schema->is_user = strncmp(NameStr(form->nspname), "pg_", 3) != 0 &&
		strcmp(NameStr(form->nspname), "information_schema") != 0;
}

static void
keep_class(SdCatalog *catalog, SdClassRow *class)
{
	if (catalog->nall == catalog->capacity)
	{
		catalog->capacity = catalog->capacity ? catalog->capacity * 2 : 1024;
		catalog->all = catalog->all ?
			repalloc_huge(catalog->all, sizeof(SdClassRow *) * catalog->capacity) :
			MemoryContextAlloc(catalog->context, sizeof(SdClassRow *) * catalog->capacity);
	}
	catalog->all[catalog->nall++] = class;
}

/* Of the relation that the row before was of, mostly. */
static SdClassRow *
class_of_column(SdCatalog *catalog, Oid relation)
{
	if (catalog->column_relation != relation)
	{
		catalog->column_relation = relation;
		catalog->column_class = sd_catalog_class(catalog, relation);
	}
	return catalog->column_class;
}

/* "schema.name"; both are quoted. */
static const char *
qualified(const SdCatalog *catalog, const char *schema, const char *name)
{
	MemoryContext caller = MemoryContextSwitchTo(catalog->context);
	char	   *identity = sd_concat(schema, ".", name, NULL);

	MemoryContextSwitchTo(caller);
	return identity;
}

static void
keep_sequence(SdCatalog *catalog, HeapTuple tuple, TupleDesc desc, const SdSchemaRow *schema)
{
	Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);
	SdSequenceRow *sequence = hash_search(catalog->sequences, &form->oid, HASH_ENTER, NULL);

	sequence->identity = qualified(catalog, schema->quoted, sd_quote_identifier(NameStr(form->relname)));
	sequence->owner = form->relowner;
	sequence->is_unlogged = form->relpersistence == RELPERSISTENCE_UNLOGGED;
	sequence->is_odd = !heap_attisnull(tuple, Anum_pg_class_relacl, desc);
}

static void
keep_other(SdCatalog *catalog, Form_pg_class form)
{
	MemoryContext caller = MemoryContextSwitchTo(catalog->context);
	SdOtherClass *other = palloc(sizeof(SdOtherClass));

	other->oid = form->oid;
	other->type = form->reltype;
	other->kind = form->relkind;
	catalog->others = lappend(catalog->others, other);
	MemoryContextSwitchTo(caller);
}

/* Which relations have a use for their columns' names. */
static bool
has_columns(char kind)
{
	return kind == RELKIND_RELATION || kind == RELKIND_PARTITIONED_TABLE || kind == RELKIND_MATVIEW;
}

/* Nothing in it is looked up in the relation. */
static const char *
partition_bound(const SdCatalog *catalog, HeapTuple tuple, TupleDesc desc)
{
	bool		isnull;
	Datum		nodes = heap_getattr(tuple, Anum_pg_class_relpartbound, desc, &isnull);

	if (isnull)
		return NULL;
	return MemoryContextStrdup(catalog->context,
							   deparse_expression(stringToNode(TextDatumGetCString(nodes)), NIL, false, false));
}

/* Is it a word or a number?  What else there can be is for the query to quote. */
static bool
is_plain(const char *text, size_t length)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789_.";

	return length > 0 && strspn(text, plain) >= length;
}

/* Of an index, in the order of the query; NULL also where they are odd. */
static const char *
index_options(SdClassRow *class, HeapTuple tuple, TupleDesc desc)
{
	bool		isnull;
	Datum		options = heap_getattr(tuple, Anum_pg_class_reloptions, desc, &isnull);
	StringInfoData buf;
	const char *before = "";
	Datum	   *elements;
	int			nelements;
	int			i;

	if (isnull)
		return NULL;
	deconstruct_array(DatumGetArrayTypeP(options), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &nelements);
	initStringInfo(&buf);
	for (i = 0; i < nelements; i++)
	{
		const char *option = TextDatumGetCString(elements[i]);
		const char *value = strchr(option, '=');

		if (value == NULL || strcmp(before, option) >= 0 || !is_plain(option, value - option) ||
			!is_plain(value + 1, strlen(value + 1)))
		{
			class->is_odd = true;
			return NULL;
		}
		appendStringInfo(&buf, "%s%s='%s'", i > 0 ? ", " : "",
						 quote_identifier(pnstrdup(option, value - option)), value + 1);
		before = option;
	}
	return buf.data;
}

static void
add_class(HeapTuple tuple, TupleDesc desc, void *arg)
{
	SdCatalog  *catalog = arg;
	Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);
	SdSchemaRow *schema = hash_search(catalog->schemas, &form->relnamespace, HASH_FIND, NULL);
	SdClassRow *class;

	if (!heap_attisnull(tuple, Anum_pg_class_relacl, desc))
		sd_privileges_note_class(catalog, tuple, desc);
	if (schema == NULL || !schema->is_user)
		return;
	if (form->relkind != RELKIND_RELATION && form->relkind != RELKIND_INDEX)
		keep_other(catalog, form);
	if (form->relkind == RELKIND_SEQUENCE)
		keep_sequence(catalog, tuple, desc, schema);
	if (!has_columns(form->relkind) && form->relkind != RELKIND_INDEX && form->relkind != RELKIND_PARTITIONED_INDEX)
		return;
	class = hash_search(catalog->classes, &form->oid, HASH_ENTER, NULL);
	memset((char *) class + sizeof(Oid), 0, sizeof(SdClassRow) - sizeof(Oid));
	class->name = MemoryContextStrdup(catalog->context, NameStr(form->relname));
	class->quoted = quote(catalog, class->name);
	class->identity = qualified(catalog, schema->quoted, class->quoted);
	class->schema = schema;
	class->kind = form->relkind;
	class->persistence = form->relpersistence;
	class->replica_identity = form->relreplident;
	class->row_security = form->relrowsecurity;
	class->force_row_security = form->relforcerowsecurity;
	class->owner = form->relowner;
	class->access_method = form->relam;
	class->toast = form->reltoastrelid;
	class->is_partition = form->relispartition;
	class->has_odd_column = form->reloftype != InvalidOid;
	class->is_odd = form->reloftype != InvalidOid || form->reltablespace != InvalidOid ||
		!heap_attisnull(tuple, Anum_pg_class_relacl, desc);
	if (!heap_attisnull(tuple, Anum_pg_class_reloptions, desc))
	{
		const char *options = has_columns(form->relkind) ? NULL : index_options(class, tuple, desc);

		class->options = options ? MemoryContextStrdup(catalog->context, options) : NULL;
		class->is_odd = class->is_odd || options == NULL;
	}
	if (form->relispartition)
		class->bound = partition_bound(catalog, tuple, desc);
	if (has_columns(form->relkind))
	{
		class->ncolumns = form->relnatts;
		class->columns = MemoryContextAllocZero(catalog->context, sizeof(SdColumnRow) * Max(form->relnatts, 1));
	}
	keep_class(catalog, class);
}

static void
mark_toast_options(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);

	if (form->relkind == RELKIND_TOASTVALUE && !heap_attisnull(tuple, Anum_pg_class_reloptions, desc))
		hash_search((HTAB *) arg, &form->oid, HASH_ENTER, NULL);
}

static void
add_parent(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_inherits form = (Form_pg_inherits) GETSTRUCT(tuple);
	SdClassRow *class = sd_catalog_class(arg, form->inhrelid);

	if (class == NULL)
		return;
	if (OidIsValid(class->parent) || (class->columns && !class->is_partition))
		class->is_odd = true;
	class->parent = form->inhparent;
}

static void
mark_column_of(SdCatalog *catalog, Oid relation)
{
	if (sd_catalog_class(catalog, relation) == NULL)
		hash_search(catalog->with_column_marks, &relation, HASH_ENTER, NULL);
}

static void
mark_label(HeapTuple tuple, TupleDesc desc, void *arg)
{
	FormData_pg_seclabel *form = (FormData_pg_seclabel *) GETSTRUCT(tuple);
	SdClassRow *class = form->classoid == RelationRelationId ? sd_catalog_class(arg, form->objoid) : NULL;

	SdSequenceRow *sequence = form->classoid == RelationRelationId ? sd_catalog_sequence(arg, form->objoid) : NULL;

	if (class)
		class->is_odd = class->has_odd_column = true;
	if (sequence)
		sequence->is_odd = true;
	if (form->classoid == RelationRelationId && form->objsubid != 0)
		mark_column_of(arg, form->objoid);
}

typedef struct Extensions
{
	SdCatalog  *catalog;
	List	   *members;		/* SdMember with the extension alone */
} Extensions;

static void
note_extension(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Extensions *extensions = arg;
	Form_pg_extension form = (Form_pg_extension) GETSTRUCT(tuple);
	MemoryContext caller = MemoryContextSwitchTo(extensions->catalog->context);
	SdMember   *member = palloc0(sizeof(SdMember));

	member->extension = form->oid;
	member->owner = form->extowner;
	member->is_ours = strcmp(NameStr(form->extname), "schemadrift") == 0;
	extensions->members = lappend(extensions->members, member);
	MemoryContextSwitchTo(caller);
}

static void
add_members(SdCatalog *catalog, const SdMember *extension)
{
	Relation	rel = table_open(DependRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(ExtensionRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(extension->extension));
	scan = systable_beginscan(rel, DependReferenceIndexId, true, catalog->snapshot, lengthof(keys), keys);
	while ((tuple = systable_getnext(scan)) != NULL)
	{
		Form_pg_depend form = (Form_pg_depend) GETSTRUCT(tuple);
		SdMember	member = *extension;

		if (form->deptype != DEPENDENCY_EXTENSION)
			continue;
		member.key.classid = form->classid;
		member.key.objid = form->objid;
		*(SdMember *) hash_search(catalog->members, &member.key, HASH_ENTER, NULL) = member;
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
}

static void
read_members(SdCatalog *catalog)
{
	Extensions	extensions = {catalog, NIL};
	ListCell   *cell;

	sd_catalog_scan(catalog, ExtensionRelationId, note_extension, &extensions);
	foreach(cell, extensions.members)
		add_members(catalog, lfirst(cell));
}

static void
mark_members(SdCatalog *catalog)
{
	HASH_SEQ_STATUS scan;
	SdMember   *member;

	hash_seq_init(&scan, catalog->members);
	while ((member = hash_seq_search(&scan)) != NULL)
	{
		SdClassRow *class = member->key.classid == RelationRelationId ?
			sd_catalog_class(catalog, member->key.objid) : NULL;

		if (class)
			class->is_member = true;
	}
}

/* Does it say more than the server's own mark? */
static bool
has_options(HeapTuple tuple, TupleDesc desc)
{
	bool		isnull;
	Datum		options = heap_getattr(tuple, Anum_pg_attribute_attoptions, desc, &isnull);
	ArrayType  *array;
	text	   *first;

	if (isnull)
		return false;
	array = DatumGetArrayTypeP(options);
	if (ARR_NDIM(array) != 1 || ARR_DIMS(array)[0] != 1 || ARR_HASNULL(array))
		return true;
	first = (text *) ARR_DATA_PTR(array);
	return VARSIZE_ANY_EXHDR(first) < strlen(SD_SERVER_OPTION) ||
		memcmp(VARDATA_ANY(first), SD_SERVER_OPTION, strlen(SD_SERVER_OPTION)) != 0;
}

/* It is int2 in some majors, int4 in others, and may be NULL instead of -1. */
static int
statistics_target(HeapTuple tuple, TupleDesc desc)
{
	bool		isnull;
	Datum		target = heap_getattr(tuple, Anum_pg_attribute_attstattarget, desc, &isnull);

	if (isnull)
		return -1;
	return TupleDescAttr(desc, Anum_pg_attribute_attstattarget - 1)->attlen == sizeof(int16) ?
		DatumGetInt16(target) : DatumGetInt32(target);
}

static void
add_column(HeapTuple tuple, TupleDesc desc, void *arg)
{
	SdCatalog  *catalog = arg;
	Form_pg_attribute form = (Form_pg_attribute) GETSTRUCT(tuple);
	SdClassRow *class;
	SdColumnRow *column;

	if (!heap_attisnull(tuple, Anum_pg_attribute_attacl, desc))
	{
		sd_privileges_note_column(catalog, tuple, desc);
		mark_column_of(catalog, form->attrelid);
	}
	if (form->attnum <= 0 || form->attisdropped || (class = class_of_column(catalog, form->attrelid)) == NULL)
		return;
	if (class->columns == NULL)
	{
		if (statistics_target(tuple, desc) >= 0 || !heap_attisnull(tuple, Anum_pg_attribute_attoptions, desc))
			class->has_odd_column = true;
		return;
	}
	if (form->attnum > class->ncolumns)
	{
		class->is_odd = class->has_odd_column = true;
		return;
	}
	column = &class->columns[form->attnum - 1];
	column->name = MemoryContextStrdup(catalog->context, NameStr(form->attname));
	column->quoted = quote(catalog, column->name);
	column->type = form->atttypid;
	column->typmod = form->atttypmod;
	column->collation = form->attcollation;
	column->storage = form->attstorage;
	column->compression = form->attcompression;
	column->generated = form->attgenerated;
	column->not_null = form->attnotnull;
	column->is_local = form->attislocal;
	column->is_inherited = form->attinhcount > 0;
	column->statistics = statistics_target(tuple, desc);
	if (form->attidentity != '\0' || !heap_attisnull(tuple, Anum_pg_attribute_attacl, desc) ||
		has_options(tuple, desc))
		class->has_odd_column = true;
}

/* A generated column's expression may use other columns, a default none. */
static void
add_default(HeapTuple tuple, TupleDesc desc, void *arg)
{
	SdCatalog  *catalog = arg;
	Form_pg_attrdef form = (Form_pg_attrdef) GETSTRUCT(tuple);
	SdClassRow *class = sd_catalog_class(catalog, form->adrelid);
	SdColumnRow *column = class ? sd_catalog_column(class, form->adnum) : NULL;
	bool		isnull;
	Datum		nodes = heap_getattr(tuple, Anum_pg_attrdef_adbin, desc, &isnull);

	mark_column_of(catalog, form->adrelid);
	if (column == NULL)
		return;
	if (!isnull)
		column->expression = sd_deparse(catalog, TextDatumGetCString(nodes),
										column->generated ? class : NULL);
	if (column->expression == NULL)
		class->has_odd_column = true;
}

static void
mark_index(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_index form = (Form_pg_index) GETSTRUCT(tuple);
	SdClassRow *index = sd_catalog_class(arg, form->indexrelid);
	SdClassRow *table = sd_catalog_class(arg, form->indrelid);

	if (table && (form->indisreplident || form->indisclustered))
		table->has_odd_index = true;
	if (index)
		index->is_plain_key = form->indnatts == form->indnkeyatts && !form->indnullsnotdistinct;
}

/*
 * The name of a column's NOT NULL.  What else such a constraint can have makes
 * it the query's.
 */
static void
name_not_null(SdCatalog *catalog, HeapTuple tuple, TupleDesc desc)
{
	Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);
	SdClassRow *table = sd_catalog_class(catalog, form->conrelid);
	SdColumnRow *column = NULL;
	bool		isnull;
	Datum		key;

	if (table == NULL)
		return;
	key = heap_getattr(tuple, Anum_pg_constraint_conkey, desc, &isnull);
	if (!isnull)
	{
		ArrayType  *array = DatumGetArrayTypeP(key);

		if (ARR_NDIM(array) == 1 && ARR_ELEMTYPE(array) == INT2OID && ARR_DIMS(array)[0] == 1)
			column = sd_catalog_column(table, ((int16 *) ARR_DATA_PTR(array))[0]);
	}
	if (column == NULL || column->not_null_name || form->coninhcount > 0 || form->connoinherit ||
		!form->convalidated || sd_catalog_comment(catalog, ConstraintRelationId, form->oid, 0))
		table->has_odd_not_null = true;
	else
		column->not_null_name = MemoryContextStrdup(catalog->context, quote_identifier(NameStr(form->conname)));
}

static void
mark_constraint(HeapTuple tuple, TupleDesc desc, void *arg)
{
	SdCatalog  *catalog = arg;
	Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);
	SdClassRow *index = OidIsValid(form->conindid) && form->contype != CONSTRAINT_FOREIGN ?
		sd_catalog_class(catalog, form->conindid) : NULL;

	if (index)
		index->backs_constraint = true;
	if (form->contype == SD_CONSTRAINT_NOT_NULL && OidIsValid(form->conrelid))
		name_not_null(catalog, tuple, desc);
	/* which is in its domain's schema */
	if (OidIsValid(form->contypid) && sd_catalog_is_user_schema(catalog, form->connamespace) &&
		sd_catalog_member(catalog, TypeRelationId, form->contypid) == NULL)
	{
		MemoryContext caller = MemoryContextSwitchTo(catalog->context);

		catalog->domain_checks = lappend_oid(catalog->domain_checks, form->oid);
		MemoryContextSwitchTo(caller);
	}
}

static void
add_comment(HeapTuple tuple, TupleDesc desc, void *arg)
{
	SdCatalog  *catalog = arg;
	Form_pg_description form = (Form_pg_description) GETSTRUCT(tuple);
	CommentKey	key = {form->classoid, form->objoid, form->objsubid};
	CommentEntry *entry;
	bool		isnull;
	Datum		description;

	if (form->classoid != RelationRelationId && form->classoid != ConstraintRelationId)
		return;
	if (form->classoid == RelationRelationId && form->objsubid != 0)
		mark_column_of(catalog, form->objoid);
	description = heap_getattr(tuple, Anum_pg_description_description, desc, &isnull);
	if (isnull)
		return;
	entry = hash_search(catalog->comments, &key, HASH_ENTER, NULL);
	entry->text = MemoryContextStrdup(catalog->context, TextDatumGetCString(description));
}

static void
read_classes(SdCatalog *catalog)
{
	HTAB	   *toast = create_table(catalog, "schemadrift toast", sizeof(Oid), sizeof(Oid), 64);
	int			i;

	sd_catalog_scan(catalog, RelationRelationId, add_class, catalog);
	sd_catalog_scan(catalog, RelationRelationId, mark_toast_options, toast);
	for (i = 0; i < catalog->nall; i++)
		if (OidIsValid(catalog->all[i]->toast) && hash_search(toast, &catalog->all[i]->toast, HASH_FIND, NULL))
			catalog->all[i]->is_odd = true;
	sd_catalog_scan(catalog, InheritsRelationId, add_parent, catalog);
	sd_catalog_scan(catalog, SecLabelRelationId, mark_label, catalog);
	mark_members(catalog);
}

SdCatalog *
sd_catalog_load(MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "schemadrift catalog", ALLOCSET_DEFAULT_SIZES);
	SdCatalog  *catalog = MemoryContextAllocZero(context, sizeof(SdCatalog));

	catalog->context = context;
	catalog->snapshot = GetActiveSnapshot();
	catalog->schemas = create_table(catalog, "schemadrift schemas", sizeof(Oid), sizeof(SdSchemaRow), 64);
	catalog->sequences = create_table(catalog, "schemadrift sequences", sizeof(Oid), sizeof(SdSequenceRow), 256);
	catalog->with_column_marks = create_table(catalog, "schemadrift column marks", sizeof(Oid), sizeof(Oid), 64);
	catalog->classes = create_table(catalog, "schemadrift classes", sizeof(Oid), sizeof(SdClassRow), 4096);
	catalog->comments = create_table(catalog, "schemadrift comments", sizeof(CommentKey), sizeof(CommentEntry), 256);
	catalog->types = create_table(catalog, "schemadrift types", sizeof(TypeKey), sizeof(TypeEntry), 256);
	catalog->roles = create_table(catalog, "schemadrift roles", sizeof(Oid), sizeof(RoleEntry), 64);
	catalog->texts = sd_text_hash_create("schemadrift texts", sizeof(const char *) + sizeof(List *), context);
	catalog->members = create_table(catalog, "schemadrift members", 2 * sizeof(Oid), sizeof(SdMember), 256);
	sd_catalog_scan(catalog, NamespaceRelationId, add_schema, catalog);
	read_members(catalog);
	sd_privileges_load(catalog);
	read_classes(catalog);
	sd_catalog_scan(catalog, AttributeRelationId, add_column, catalog);
	sd_catalog_scan(catalog, AttrDefaultRelationId, add_default, catalog);
	sd_catalog_scan(catalog, IndexRelationId, mark_index, catalog);
	sd_catalog_scan(catalog, DescriptionRelationId, add_comment, catalog);
	sd_catalog_scan(catalog, ConstraintRelationId, mark_constraint, catalog);
	return catalog;
}

SdClassRow *
sd_catalog_class(const SdCatalog *catalog, Oid oid)
{
	return hash_search(catalog->classes, &oid, HASH_FIND, NULL);
}

bool
sd_catalog_parent(const SdCatalog *catalog, const SdClassRow *class, const char **identity)
{
	SdClassRow *parent = OidIsValid(class->parent) ? sd_catalog_class(catalog, class->parent) : NULL;

	*identity = parent ? parent->identity : NULL;
	return OidIsValid(class->parent) == (parent != NULL);
}

SdMember *
sd_catalog_member(const SdCatalog *catalog, Oid classid, Oid objid)
{
	Oid			key[2] = {classid, objid};

	return hash_search(catalog->members, key, HASH_FIND, NULL);
}

bool
sd_catalog_has_column_marks(const SdCatalog *catalog, Oid relation)
{
	return hash_search(catalog->with_column_marks, &relation, HASH_FIND, NULL) != NULL;
}

bool
sd_catalog_is_user_schema(const SdCatalog *catalog, Oid schema)
{
	SdSchemaRow *row = schema == PG_CATALOG_NAMESPACE ? NULL :
		hash_search(catalog->schemas, &schema, HASH_FIND, NULL);

	return row && row->is_user;
}

SdSequenceRow *
sd_catalog_sequence(const SdCatalog *catalog, Oid oid)
{
	return hash_search(catalog->sequences, &oid, HASH_FIND, NULL);
}

SdColumnRow *
sd_catalog_column(const SdClassRow *class, int number)
{
	if (number <= 0 || number > class->ncolumns || class->columns == NULL ||
		class->columns[number - 1].name == NULL)
		return NULL;
	return &class->columns[number - 1];
}

const char *
sd_catalog_type(SdCatalog *catalog, Oid type, int32 typmod)
{
	TypeKey		key = {type, typmod};
	bool		found;
	TypeEntry  *entry = hash_search(catalog->types, &key, HASH_ENTER, &found);

	if (!found)
	{
		Datum		formatted = DirectFunctionCall2(format_type, ObjectIdGetDatum(type), Int32GetDatum(typmod));

		entry->text = MemoryContextStrdup(catalog->context, TextDatumGetCString(formatted));
	}
	return entry->text;
}

const char *
sd_catalog_role(SdCatalog *catalog, Oid role)
{
	bool		found;
	RoleEntry  *entry = hash_search(catalog->roles, &role, HASH_ENTER, &found);

	if (!found)
	{
		Datum		name = DirectFunctionCall1(pg_get_userbyid, ObjectIdGetDatum(role));

		entry->text = MemoryContextStrdup(catalog->context, sd_quote_identifier(NameStr(*DatumGetName(name))));
	}
	return entry->text;
}

const char *
sd_catalog_comment(const SdCatalog *catalog, Oid classid, Oid objid, int32 objsubid)
{
	CommentKey	key = {classid, objid, objsubid};
	CommentEntry *entry = hash_search(catalog->comments, &key, HASH_FIND, NULL);

	return entry ? entry->text : NULL;
}
