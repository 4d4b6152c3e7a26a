/*
 * collect.c
 *	  Reads every kind from a source into a snapshot.
 *
 * A torn snapshot would be a false alarm, so it is never returned: the local
 * catalogs tell by a counter whether they moved, and then only two equal
 * fingerprints in a row count.  A deparse function that fails because its
 * object is gone raises an error, which the caller's transaction reports.
 */
#include "postgres.h"

#include "catalog/pg_namespace.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "base/error.h"
#include "compare/collect.h"
#include "compare/depend.h"
#include "compare/form.h"
#include "kind/kind.h"

#define SD_COLLECT_TRIES 5

static const char *const first_columns[] = {"oid", "subid", "identity", "parent"};

typedef struct Reader
{
	SdSnapshot *snapshot;
	const SdKind *kind;
	Oid			classid;
} Reader;

static char *
copy_text(const char *text)
{
	return text ? pstrdup(text) : NULL;
}

/* Columns are oid, subid, identity, parent, then the properties in order. */
static void
add_object(Reader *reader, char **row)
{
	const SdKind *kind = reader->kind;
	SdObject   *object = palloc0(sizeof(SdObject));
	int			i;

	if (row[2] == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SD_RACED),
				 errmsg("a %s changed while its snapshot was taken", kind->name)));
	object->kind = kind;
	object->key = sd_object_key(kind->name, row[2]);
	object->identity = object->key + strlen(kind->name) + 1;
	object->parent = copy_text(row[3]);
	object->classid = reader->classid;
	object->objid = (Oid) strtoul(row[0], NULL, 10);
	object->objsubid = atoi(row[1]);
	object->values = palloc0(sizeof(char *) * Max(kind->nproperties, 1));
	for (i = 0; i < kind->nproperties; i++)
		object->values[i] = copy_text(row[4 + i]);
	sd_form_digest(object);
	sd_snapshot_add(reader->snapshot, object);
}

static void
add_objects(const SdRows *rows, void *arg)
{
	Reader	   *reader = arg;
	MemoryContext caller = MemoryContextSwitchTo(reader->snapshot->context);
	int			r;

	for (r = 0; r < rows->nrows; r++)
		add_object(reader, rows->values[r]);
	MemoryContextSwitchTo(caller);
	CHECK_FOR_INTERRUPTS();
}

static char *
oid_array(List *oids)
{
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	foreach(cell, oids)
		appendStringInfo(&buf, "%c%u", buf.len > 0 ? ',' : '{', lfirst_oid(cell));
	appendStringInfoChar(&buf, '}');
	return buf.data;
}

/* Without the query where the source has such a way; the query does the rest. */
static void
collect_kind(SdSource *source, Reader *reader)
{
	const SdKind *kind = reader->kind;
	char	   *sql = sd_kind_query(kind, source->server_version);
	int			ncolumns = kind->nproperties + lengthof(first_columns);
	const char **columns = palloc(sizeof(char *) * ncolumns);
	List	   *rest = NIL;
	int			i;

	memcpy(columns, first_columns, sizeof(first_columns));
	for (i = 0; i < kind->nproperties; i++)
		columns[lengthof(first_columns) + i] = kind->properties[i].name;
	if (source->scan && source->scan(source, kind->name, columns, ncolumns, add_objects, reader, &rest))
	{
		if (rest == NIL)
			return;
		sql = psprintf("%s AND %s = ANY ('%s'::pg_catalog.oid[])", sql, kind->oid, oid_array(rest));
	}
	source->read(source, sql, add_objects, reader);
}

static SdSnapshot *
collect_once(SdSource *source, const char *known, MemoryContext parent)
{
	SdSnapshot *snapshot = sd_snapshot_create(parent);
	SdKind	   *const *kinds = sd_kinds();
	int			i;

	snapshot->server_version = source->server_version;
	snapshot->same_database = source->is_local;
	for (i = 0; i < sd_kind_count(); i++)
	{
		/* catalogs have the same oid in every database of every server that has them */
		Reader		reader = {snapshot, kinds[i], get_relname_relid(kinds[i]->catalog, PG_CATALOG_NAMESPACE)};

		collect_kind(source, &reader);
	}
	sd_snapshot_finish(snapshot);
	if (known == NULL || (strcmp(known, SD_KNOWN_ANY) != 0 && strcmp(known, snapshot->fingerprint) != 0))
		sd_depend_collect(source, snapshot);
	return snapshot;
}

SdSnapshot *
sd_collect(SdSourceOpen open, void *arg, const char *known, MemoryContext parent)
{
	SdSnapshot *before = NULL;
	int			try;

	for (try = 0; try < SD_COLLECT_TRIES; try++)
	{
		SdSource   *source = open(arg);
		uint64		start = source->change_counter ? source->change_counter(source) : 0;
		SdSnapshot *snapshot = collect_once(source, known, parent);
		bool		moved = source->change_counter && source->change_counter(source) != start;

		source->close(source);
		if (!moved || (before && strcmp(before->fingerprint, snapshot->fingerprint) == 0))
			return snapshot;
		if (before)
			MemoryContextDelete(before->context);
		before = snapshot;
	}
	ereport(ERROR,
			(errcode(ERRCODE_SD_RACED),
			 errmsg("the schema kept changing while its snapshot was taken"),
			 errhint("Try again when the running DDL has finished.")));
}
