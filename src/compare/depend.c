/*
 * depend.c
 *	  What each object needs, from pg_depend.
 *
 * pg_depend knows many rows that are not objects to us: a default is part of
 * its column, a view's rule is the view, an array type stands for its element,
 * a member of an extension for the extension.  Such addresses are aliases that
 * are followed until an object is reached.  All is read raw and joined here:
 * joins over pg_depend on the server cost several times as much.
 *
 * In the queries, {x} stands for "and x is one of the oids asked for", {x|y} for
 * "and x is one of the classes and y one of the oids"; for a whole snapshot both
 * are left out.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "compare/depend.h"
#include "kind/kind.h"

#define CLASS(name) "'pg_catalog." name "'::pg_catalog.regclass::pg_catalog.oid"

/* An address that stands for another: classid, objid, to classid, objid, subid, need. */
static const char alias_query[] =
"SELECT " CLASS("pg_attrdef") ", d.oid, " CLASS("pg_class") ", d.adrelid, d.adnum,"
" CASE WHEN a.attgenerated = '' THEN 1 ELSE 0 END"
" FROM pg_catalog.pg_attrdef d"
" JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE true {d.oid}"
" UNION ALL SELECT " CLASS("pg_rewrite") ", r.oid, " CLASS("pg_class") ", r.ev_class, 0, 0"
" FROM pg_catalog.pg_rewrite r WHERE r.rulename = '_RETURN' AND r.oid >= 16384 {r.oid}"
" UNION ALL SELECT " CLASS("pg_type") ", t.typarray, " CLASS("pg_type") ", t.oid, 0, 0"
" FROM pg_catalog.pg_type t WHERE t.typarray <> 0 AND t.oid >= 16384 {t.oid}"
" UNION ALL SELECT " CLASS("pg_type") ", t.oid, " CLASS("pg_class") ", t.typrelid, 0, 0"
" FROM pg_catalog.pg_type t JOIN pg_catalog.pg_class c ON c.oid = t.typrelid"
" WHERE c.relkind <> 'c' AND t.oid >= 16384 {t.oid}"
" UNION ALL SELECT " CLASS("pg_class") ", c.oid, " CLASS("pg_type") ", c.reltype, 0, 0"
" FROM pg_catalog.pg_class c WHERE c.relkind = 'c' AND c.oid >= 16384 {c.oid}"
" UNION ALL SELECT " CLASS("pg_type") ", g.rngmultitypid, " CLASS("pg_type") ", g.rngtypid, 0, 0"
" FROM pg_catalog.pg_range g WHERE g.rngtypid >= 16384 {g.rngtypid}"
" UNION ALL SELECT " CLASS("pg_class") ", k.conindid, " CLASS("pg_constraint") ", k.oid, 0, 0"
" FROM pg_catalog.pg_constraint k WHERE k.contype IN ('p', 'u', 'x') AND k.conindid <> 0 {k.oid}"
" UNION ALL SELECT d.classid, d.objid, d.refclassid, d.refobjid, d.refobjsubid, 0"
" FROM pg_catalog.pg_depend d WHERE d.deptype = 'i' AND d.refobjsubid > 0"
" AND d.classid = " CLASS("pg_class") " AND d.refclassid = " CLASS("pg_class") " {d.objid}"
/* what an operator class holds is the class */
" UNION ALL SELECT d.classid, d.objid, d.refclassid, d.refobjid, 0, 0"
" FROM pg_catalog.pg_depend d WHERE d.classid IN (" CLASS("pg_amop") ", " CLASS("pg_amproc") ")"
" AND d.refclassid IN (" CLASS("pg_opclass") ", " CLASS("pg_opfamily") ") AND d.deptype IN ('a', 'i')"
" AND d.objid >= 16384"
" UNION ALL SELECT d.classid, d.objid, d.refclassid, d.refobjid, 0, 0"
" FROM pg_catalog.pg_depend d WHERE d.deptype = 'e' {d.classid|d.objid}";

/* Who needs whom: classid, objid, objsubid, to the same of the other, need. */
#define DEPEND_ROWS \
	"SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid," \
	" CASE WHEN d.deptype IN ('P', 'S') THEN 1" \
	/* a type and the functions that it is made of and that take it */ \
	" WHEN d.classid = " CLASS("pg_type") " AND d.refclassid = " CLASS("pg_proc") \
	" AND EXISTS (SELECT FROM pg_catalog.pg_depend r WHERE r.classid = d.refclassid AND r.objid = d.refobjid" \
	" AND r.refclassid = d.classid AND r.refobjid = d.objid)" \
	" AND (SELECT t.typtype IN ('b', 'r') FROM pg_catalog.pg_type t WHERE t.oid = d.objid) THEN 1" \
	" WHEN s.seqrelid IS NOT NULL AND d.deptype = 'a' AND d.refobjsubid > 0 THEN 3" \
	" WHEN h.inhrelid IS NOT NULL AND d.objsubid = 0 AND d.deptype = 'a' THEN 1 ELSE 0 END" \
	" FROM pg_catalog.pg_depend d" \
	" LEFT JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid AND d.classid = " CLASS("pg_class") \
	" LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = d.objid AND h.inhparent = d.refobjid" \
	" AND d.classid = " CLASS("pg_class") \
	" WHERE d.objid >= 16384 AND d.deptype <> 'e'" \
	/* a domain's functions are those of the type under it */ \
	" AND NOT (d.classid = " CLASS("pg_type") " AND d.refclassid = " CLASS("pg_proc") \
	" AND EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.oid = d.objid AND t.typtype = 'd' AND d.refobjid IN" \
	" (t.typoutput, t.typsend, t.typmodin, t.typmodout, t.typanalyze, t.typsubscript))) {d.classid|d.objid}"

#define OTHER_ROWS \
	/* REPLICA IDENTITY USING INDEX and CLUSTER ON wait for the index */ \
	" UNION ALL SELECT " CLASS("pg_class") ", i.indrelid, 0, " CLASS("pg_class") ", i.indexrelid, 0, 1" \
	" FROM pg_catalog.pg_index i WHERE (i.indisreplident OR i.indisclustered) {i.indrelid}" \
	/* a partition is attached when its own indexes and constraints are there */ \
	" UNION ALL SELECT " CLASS("pg_class") ", i.indrelid, 0, " CLASS("pg_class") ", i.indexrelid, 0, 1" \
	" FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid WHERE c.relispartition {i.indrelid}" \
	" UNION ALL SELECT " CLASS("pg_class") ", k.conrelid, 0, " CLASS("pg_constraint") ", k.oid, 0, 1" \
	" FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid" \
	" WHERE c.relispartition AND k.contype IN ('p', 'u', 'x', 'c') {k.conrelid}" \
	/* an index is attached when its table is */ \
	" UNION ALL SELECT " CLASS("pg_class") ", i.indexrelid, 0, " CLASS("pg_class") ", i.indrelid, 0, 2" \
	" FROM pg_catalog.pg_index i JOIN pg_catalog.pg_inherits h ON h.inhrelid = i.indexrelid" \
	" WHERE true {i.indexrelid}" \
	/* a partitioned key can be referenced when all partitions' keys are attached */ \
	" UNION ALL SELECT " CLASS("pg_constraint") ", f.fk, 0, " CLASS("pg_class") ", f.key, 0, 2" \
	" FROM (WITH RECURSIVE tree(fk, key) AS (SELECT k.oid, h.inhrelid FROM pg_catalog.pg_constraint k" \
	" JOIN pg_catalog.pg_inherits h ON h.inhparent = k.conindid WHERE k.contype = 'f' AND k.conparentid = 0 {k.oid}" \
	" UNION ALL SELECT tree.fk, h.inhrelid FROM tree JOIN pg_catalog.pg_inherits h ON h.inhparent = tree.key)" \
	" SELECT fk, key FROM tree) f"

static const char depend_query[] = DEPEND_ROWS " {d.classid|d.objid}" OTHER_ROWS;

/* Beside what source->scan_depend gives: a type and the functions that it is made of. */
static const char depend_rest_query[] = DEPEND_ROWS
" AND d.classid = " CLASS("pg_type") " AND d.refclassid = " CLASS("pg_proc") OTHER_ROWS;

typedef struct Address
{
	Oid			classid;
	Oid			objid;
	int32		objsubid;
} Address;

typedef struct ObjectEntry
{
	Address		address;		/* hash key */
	SdObject   *object;
} ObjectEntry;

typedef struct AliasEntry
{
	Address		address;		/* hash key; objsubid is 0 */
	Address		target;
	SdNeed		need;
} AliasEntry;

typedef struct Resolver
{
	SdSnapshot *snapshot;
	HTAB	   *objects;
	HTAB	   *aliases;
} Resolver;

static HTAB *
create_table(const char *name, Size entry)
{
	HASHCTL		control = {0};

	control.keysize = sizeof(Address);
	control.entrysize = entry;
	control.hcxt = CurrentMemoryContext;
	return hash_create(name, 4096, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static Oid
to_oid(const char *text)
{
	return (Oid) strtoul(text, NULL, 10);
}

static Address
read_address(char **values)
{
	Address		address = {to_oid(values[0]), to_oid(values[1]), atoi(values[2])};

	return address;
}

static void
read_aliases(const SdRows *rows, void *arg)
{
	Resolver   *resolver = arg;
	int			r;

	for (r = 0; r < rows->nrows; r++)
	{
		char	  **row = rows->values[r];
		Address		key = {to_oid(row[0]), to_oid(row[1]), 0};
		AliasEntry *entry;
		bool		found;

		entry = hash_search(resolver->aliases, &key, HASH_ENTER, &found);
		if (found)
			continue;
		entry->target = read_address(row + 2);
		entry->need = atoi(row[5]);
	}
}

static SdObject *
find_object(const Resolver *resolver, Address address)
{
	ObjectEntry *entry = hash_search(resolver->objects, &address, HASH_FIND, NULL);

	if (entry == NULL && address.objsubid != 0)
	{
		address.objsubid = 0;
		entry = hash_search(resolver->objects, &address, HASH_FIND, NULL);
	}
	return entry ? entry->object : NULL;
}

/* Follow aliases to an object; need becomes the strongest delay on the way. */
static SdObject *
resolve(const Resolver *resolver, Address address, SdNeed *need)
{
	int			hops;

	for (hops = 0; hops < 8; hops++)
	{
		SdObject   *object = find_object(resolver, address);
		AliasEntry *alias;
		Address		key = {address.classid, address.objid, 0};

		if (object)
			return object;
		alias = hash_search(resolver->aliases, &key, HASH_FIND, NULL);
		if (alias == NULL)
			return NULL;
		if (need && alias->need > *need)
			*need = alias->need;
		address = alias->target;
	}
	return NULL;
}

/* Note that one object needs another; the earliest need wins. */
static void
add_depend(SdSnapshot *snapshot, SdObject *object, const SdObject *needed, SdNeed need)
{
	MemoryContext caller;
	SdDepend   *depend;
	ListCell   *cell;

	foreach(cell, object->depends)
	{
		depend = lfirst(cell);
		if (depend->key == needed->key)
		{
			depend->need = Min(depend->need, need);
			return;
		}
	}
	caller = MemoryContextSwitchTo(snapshot->context);
	depend = palloc(sizeof(SdDepend));
	depend->key = needed->key;
	depend->need = need;
	object->depends = lappend(object->depends, depend);
	MemoryContextSwitchTo(caller);
}

static void
read_depends(const SdRows *rows, void *arg)
{
	Resolver   *resolver = arg;
	int			r;

	for (r = 0; r < rows->nrows; r++)
	{
		char	  **row = rows->values[r];
		SdNeed		need = atoi(row[6]);
		SdObject   *object = resolve(resolver, read_address(row), &need);
		SdObject   *needed = resolve(resolver, read_address(row + 3), NULL);

		if (object && needed && object != needed)
			add_depend(resolver->snapshot, object, needed, need);
	}
}

/* What has the address of another's object needs that other. */
static void
add_lenders(Resolver *resolver)
{
	int			i;

	for (i = 0; i < resolver->snapshot->nobjects; i++)
	{
		SdObject   *object = resolver->snapshot->objects[i];
		Address		address = {object->classid, object->objid, object->objsubid};
		SdObject   *lender = (object->kind->traits & SD_K_BORROWS) ? resolve(resolver, address, NULL) : NULL;

		if (lender)
			add_depend(resolver->snapshot, object, lender, SD_NEED_EARLY);
	}
}

static int
compare_depends(const ListCell *a, const ListCell *b)
{
	return strcmp(((SdDepend *) lfirst(a))->key, ((SdDepend *) lfirst(b))->key);
}

/* The query with its restrictions written out, or (oids NULL) left out. */
static char *
restricted(const char *query, const char *classes, const char *oids)
{
	StringInfoData sql;
	const char *p;

	initStringInfo(&sql);
	for (p = query; *p; p++)
	{
		const char *end = *p == '{' ? strchr(p, '}') : NULL;
		const char *bar = end ? memchr(p, '|', end - p) : NULL;
		const char *oid = bar ? bar + 1 : p + 1;

		if (end == NULL)
		{
			appendStringInfoChar(&sql, *p);
			continue;
		}
		if (oids && bar)
			appendStringInfo(&sql, "AND %.*s = ANY ('%s'::pg_catalog.oid[]) ",
							 (int) (bar - p - 1), p + 1, classes);
		if (oids)
			appendStringInfo(&sql, "AND %.*s = ANY ('%s'::pg_catalog.oid[])", (int) (end - oid), oid, oids);
		p = end;
	}
	return sql.data;
}

void
sd_depend_collect(SdSource *source, SdSnapshot *snapshot)
{
	sd_depend_collect_some(source, snapshot, NULL, NULL);
}

void
sd_depend_collect_some(SdSource *source, SdSnapshot *snapshot, const char *classes, const char *oids)
{
	Resolver	resolver = {snapshot, NULL, NULL};
	MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "schemadrift depend",
											   ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(work);
	int			i;

	resolver.objects = create_table("schemadrift addresses", sizeof(ObjectEntry));
	resolver.aliases = create_table("schemadrift aliases", sizeof(AliasEntry));
	for (i = 0; i < snapshot->nobjects; i++)
	{
		SdObject   *object = snapshot->objects[i];
		Address		key = {object->classid, object->objid, object->objsubid};

		if (!(object->kind->traits & SD_K_BORROWS))
			((ObjectEntry *) hash_search(resolver.objects, &key, HASH_ENTER, NULL))->object = object;
	}
	source->read(source, restricted(alias_query, classes, oids), read_aliases, &resolver);
	if (source->scan_depend && oids == NULL)
	{
		source->scan_depend(source, read_depends, &resolver);
		source->read(source, restricted(depend_rest_query, NULL, NULL), read_depends, &resolver);
	}
	else
		source->read(source, restricted(depend_query, classes, oids), read_depends, &resolver);
	add_lenders(&resolver);
	for (i = 0; i < snapshot->nobjects; i++)
		list_sort(snapshot->objects[i]->depends, compare_depends);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(work);
}
