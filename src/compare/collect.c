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

#include "access/xlog.h"
#include "catalog/pg_namespace.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "base/error.h"
#include "base/keyed.h"
#include "compare/beside.h"
#include "compare/collect.h"
#include "compare/depend.h"
#include "compare/form.h"
#include "kind/kind.h"
#include "source/reach.h"

#define SD_COLLECT_TRIES 5
/* Objects named in a query at most. */
#define SD_COLLECT_REST 5000

static const char *const first_columns[] = {"classid", "oid", "subid", "identity", "parent"};

typedef struct Reader
{
	SdSnapshot *snapshot;
	const SdKind *kind;
	Oid			classid;		/* where the rows do not say */
	SdFormWriter *writer;
	HTAB	   *only;			/* SdReached; NULL: whatever there is */
} Reader;

/* Columns of a kind's query before its properties. */
enum
{
	COLUMN_CLASSID,
	COLUMN_OID,
	COLUMN_SUBID,
	COLUMN_IDENTITY,
	COLUMN_PARENT,
	NCOLUMNS
};

static void
add_object(Reader *reader, char **row)
{
	const SdKind *kind = reader->kind;
	SdSnapshot *snapshot = reader->snapshot;
	SdObject   *object;
	SdReached	address;
	int			i;

	address.classid = row[COLUMN_CLASSID] ? (Oid) strtoul(row[COLUMN_CLASSID], NULL, 10) : reader->classid;
	address.objid = (Oid) strtoul(row[COLUMN_OID], NULL, 10);
	if (reader->only && hash_search(reader->only, &address, HASH_FIND, NULL) == NULL)
		return;
	if (row[COLUMN_IDENTITY] == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SD_RACED),
				 errmsg("a %s changed while its snapshot was taken", kind->name)));
	object = sd_snapshot_alloc(snapshot, sizeof(SdObject));
	object->kind = kind;
	object->local = (kind->traits & SD_K_LOCAL) != 0;
	object->key = sd_snapshot_key(snapshot, kind->name, row[COLUMN_IDENTITY]);
	object->identity = object->key + strlen(kind->name) + 1;
	object->parent = sd_snapshot_text(snapshot, row[COLUMN_PARENT]);
	object->classid = address.classid;
	object->objid = address.objid;
	object->objsubid = atoi(row[COLUMN_SUBID]);
	object->values = sd_snapshot_alloc(snapshot, sizeof(char *) * kind->nproperties);
	for (i = 0; i < kind->nproperties; i++)
	{
		const char *value = row[NCOLUMNS + i];

		if (value && (kind->properties[i].flags & SD_P_SECRET))
			value = sd_keyed_digest(psprintf("%s %u %d", kind->name, object->objid, object->objsubid),
									object->key, value);
		object->values[i] = sd_snapshot_text(snapshot, value);
	}
	sd_form_digest_with(reader->writer, object);
	sd_snapshot_add(snapshot, object);
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

/* The kind's query for these objects alone, a bounded number at a time. */
static void
collect_rest(SdSource *source, Reader *reader, const char *sql, List *rest)
{
	int			from;
	int			i;

	for (from = 0; from < list_length(rest); from += SD_COLLECT_REST)
	{
		StringInfoData buf;

		initStringInfo(&buf);
		appendStringInfo(&buf, "%s AND %s = ANY ('", sql, reader->kind->oid);
		for (i = from; i < Min(from + SD_COLLECT_REST, list_length(rest)); i++)
			appendStringInfo(&buf, "%c%u", i == from ? '{' : ',', list_nth_oid(rest, i));
		appendStringInfoString(&buf, "}'::pg_catalog.oid[])");
		source->read(source, buf.data, add_objects, reader);
		pfree(buf.data);
	}
}

/* Without the query where the source has such a way; the query does the rest. */
static void
collect_kind(SdSource *source, Reader *reader)
{
	const SdKind *kind = reader->kind;
	char	   *sql = sd_kind_query(kind, source->server_version, source->is_local);
	int			ncolumns = kind->nproperties + lengthof(first_columns);
	const char **columns = palloc(sizeof(char *) * ncolumns);
	List	   *rest = NIL;
	int			i;

	memcpy(columns, first_columns, sizeof(first_columns));
	for (i = 0; i < kind->nproperties; i++)
		columns[lengthof(first_columns) + i] = kind->properties[i].name;
	if (source->scan && source->scan(source, kind->name, columns, ncolumns, add_objects, reader, &rest))
		collect_rest(source, reader, sql, rest);
	else
		source->read(source, sql, add_objects, reader);
}

static void
copy_first(const SdRows *rows, void *arg)
{
	SdSnapshot *snapshot = arg;

	snapshot->database = rows->values[0][0] == NULL ? NULL :
		MemoryContextStrdup(snapshot->context, rows->values[0][0]);
}

const char *
sd_this_database(void)
{
	return psprintf(INT64_FORMAT "/%u", (int64) GetSystemIdentifier(), MyDatabaseId);
}

/*
 * Which database the source is.  Who may not ask for the system's identifier does
 * without what compares a database with itself.
 */
static void
read_database(SdSource *source, SdSnapshot *snapshot)
{
	if (source->is_local)
	{
		snapshot->database = MemoryContextStrdup(snapshot->context, sd_this_database());
		return;
	}
	source->read(source,
				 "SELECT 'yes' FROM pg_catalog.pg_proc p WHERE p.proname = 'pg_control_system'"
				 " AND p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace"
				 " AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')",
				 copy_first, snapshot);
	if (snapshot->database)
		source->read(source,
					 "SELECT c.system_identifier || '/' || d.oid"
					 " FROM pg_catalog.pg_control_system() c, pg_catalog.pg_database d"
					 " WHERE d.datname = pg_catalog.current_database()",
					 copy_first, snapshot);
}

/* Catalogs have the same oid in every database of every server that has them. */
static Reader
reader_of(SdSnapshot *snapshot, int kind, SdFormWriter *writer)
{
	Reader		reader = {snapshot, sd_kinds()[kind], InvalidOid, writer, NULL};

	reader.classid = get_relname_relid(reader.kind->catalog, PG_CATALOG_NAMESPACE);
	return reader;
}

static void
collect_kinds(SdSource *source, SdSnapshot *snapshot)
{
	SdFormWriter *writer = sd_form_writer();
	int			i;

	for (i = 0; i < sd_kind_count(); i++)
	{
		Reader		reader = reader_of(snapshot, i, writer);

		if (sd_kind_is_on(reader.kind))
			collect_kind(source, &reader);
	}
	sd_form_writer_free(writer);
}

static SdSnapshot *
collect_once(SdSource *source, const char *known, const SdSnapshot *beside, MemoryContext parent)
{
	SdSnapshot *snapshot = sd_snapshot_create(parent);
	bool		with_needs = known == NULL || strcmp(known, SD_KNOWN_ANY) != 0;
	bool		told = false;

	snapshot->server_version = source->server_version;
	read_database(source, snapshot);
	if (beside && !source->is_local)
		told = sd_beside_read(source, snapshot, beside, with_needs);
	if (!told)
		collect_kinds(source, snapshot);
	sd_snapshot_finish(snapshot);
	if (!told && with_needs && (known == NULL || strcmp(known, snapshot->fingerprint) != 0))
		sd_depend_collect(source, snapshot);
	return snapshot;
}

/* What no fingerprint tells (secrets, what was not read) does not tear a snapshot. */
static bool
is_still(const SdSnapshot *before, const SdSnapshot *after)
{
	return strcmp(before->fingerprint, after->fingerprint) == 0 &&
		strcmp(before->local_fingerprint, after->local_fingerprint) == 0;
}

/* Is that how it looks when DDL holds a lock or an object is gone? */
static bool
is_race(const ErrorData *error)
{
	switch (error->sqlerrcode)
	{
		case ERRCODE_LOCK_NOT_AVAILABLE:
		case ERRCODE_T_R_DEADLOCK_DETECTED:
		case ERRCODE_UNDEFINED_TABLE:
		case ERRCODE_UNDEFINED_OBJECT:
		case ERRCODE_UNDEFINED_FUNCTION:
		case ERRCODE_UNDEFINED_SCHEMA:
			return true;
		case ERRCODE_INTERNAL_ERROR:
			return strstr(error->message, "cache lookup failed") || strstr(error->message, "could not open relation") ||
				strstr(error->message, "could not find");
		default:
			return false;
	}
}

/* An error that a race explains is said as one; the transaction fails either way. */
static SdSnapshot *
collect_or_say_raced(SdSource *source, const char *known, const SdSnapshot *beside, MemoryContext parent)
{
	MemoryContext caller = CurrentMemoryContext;
	SdSnapshot *volatile snapshot = NULL;

	PG_TRY();
	{
		snapshot = collect_once(source, known, beside, parent);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		if (!is_race(error))
			PG_RE_THROW();
		FlushErrorState();
		ereport(ERROR,
				(errcode(ERRCODE_SD_RACED),
				 errmsg("the schema changed, or was locked, while its snapshot was taken"),
				 errdetail_internal("%s", error->message),
				 errhint("Try again when the running DDL has finished.")));
	}
	PG_END_TRY();
	return snapshot;
}

SdSnapshot *
sd_collect(SdSourceOpen open, void *arg, const char *known, MemoryContext parent)
{
	return sd_collect_beside(open, arg, known, NULL, parent);
}

SdSnapshot *
sd_collect_beside(SdSourceOpen open, void *arg, const char *known, const SdSnapshot *beside, MemoryContext parent)
{
	SdSnapshot *before = NULL;
	int			try;

	for (try = 0; try < SD_COLLECT_TRIES; try++)
	{
		SdSource   *source = open(arg);
		uint64		start = source->change_counter ? source->change_counter(source) : 0;
		SdSnapshot *snapshot = collect_or_say_raced(source, known, beside, parent);
		bool		moved = source->change_counter && source->change_counter(source) != start;

		source->close(source);
		if (!moved || (before && is_still(before, snapshot)))
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

/* -- some of this database's ---------------------------------------------- */

static bool
has_sort(const SdReached *address, const char *sorts)
{
	char		sort = sd_reach_sort(address);

	return sort != '\0' && strchr(sorts, sort) != NULL;
}

/*
 * The oids of one class, or (0) of all, as "{1,2}"; NULL when there are none.
 * Only of the sorts given, if any are.
 */
static char *
oids_of_class(HTAB *reached, Oid classid, const char *sorts)
{
	HASH_SEQ_STATUS scan;
	SdReached  *address;
	StringInfoData oids;

	initStringInfo(&oids);
	hash_seq_init(&scan, reached);
	while ((address = hash_seq_search(&scan)) != NULL)
		if ((!OidIsValid(classid) || address->classid == classid) &&
			(sorts == NULL || has_sort(address, sorts)))
			appendStringInfo(&oids, "%c%u", oids.len ? ',' : '{', address->objid);
	if (oids.len == 0)
		return NULL;
	appendStringInfoChar(&oids, '}');
	return oids.data;
}

static char *
classes_of(HTAB *reached)
{
	HASH_SEQ_STATUS scan;
	SdReached  *address;
	List	   *classes = NIL;
	StringInfoData text;
	ListCell   *cell;

	hash_seq_init(&scan, reached);
	while ((address = hash_seq_search(&scan)) != NULL)
		classes = list_append_unique_oid(classes, address->classid);
	initStringInfo(&text);
	foreach(cell, classes)
		appendStringInfo(&text, "%c%u", text.len ? ',' : '{', lfirst_oid(cell));
	appendStringInfoChar(&text, '}');
	return text.data;
}

static void
collect_reached(SdSource *source, Reader *reader, HTAB *reached)
{
	const SdKind *kind = reader->kind;
	char	   *oids;

	/* a kind of several catalogs is about what other kinds do not list */
	if (kind->classid && !sd_reach_has_borrowed(reached))
		return;
	oids = oids_of_class(reached, kind->classid ? InvalidOid : reader->classid, kind->sorts);
	if (oids)
		source->read(source, sd_kind_query_some(kind, source->server_version, oids), add_objects, reader);
}

SdSnapshot *
sd_collect_some(HTAB *reached, MemoryContext parent)
{
	SdSource   *source = sd_source_local();
	uint64		start = source->change_counter(source);
	SdSnapshot *snapshot = sd_snapshot_create(parent);
	SdFormWriter *writer = sd_form_writer();
	bool		moved;
	int			i;

	snapshot->server_version = source->server_version;
	snapshot->database = MemoryContextStrdup(snapshot->context, sd_this_database());
	for (i = 0; i < sd_kind_count(); i++)
	{
		Reader		reader = reader_of(snapshot, i, writer);

		reader.only = reached;
		if (sd_kind_is_on(reader.kind))
			collect_reached(source, &reader, reached);
	}
	sd_form_writer_free(writer);
	sd_snapshot_finish(snapshot);
	if (hash_get_num_entries(reached) > 0)
		sd_depend_collect_some(source, snapshot, classes_of(reached), oids_of_class(reached, InvalidOid, NULL));
	moved = source->change_counter(source) != start;
	source->close(source);
	return moved ? NULL : snapshot;
}
