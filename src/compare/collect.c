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
#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/error.h"
#include "base/keyed.h"
#include "compare/collect.h"
#include "compare/depend.h"
#include "compare/form.h"
#include "kind/kind.h"

#define SD_COLLECT_TRIES 5

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
	object->local = (kind->traits & SD_K_LOCAL) != 0;
	object->key = sd_object_key(kind->name, row[2]);
	object->identity = object->key + strlen(kind->name) + 1;
	object->parent = copy_text(row[3]);
	object->classid = reader->classid;
	object->objid = (Oid) strtoul(row[0], NULL, 10);
	object->objsubid = atoi(row[1]);
	object->values = palloc0(sizeof(char *) * Max(kind->nproperties, 1));
	for (i = 0; i < kind->nproperties; i++)
		object->values[i] = row[4 + i] && (kind->properties[i].flags & SD_P_SECRET) ?
			sd_keyed_digest(object->key, row[4 + i]) : copy_text(row[4 + i]);
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

static void
read_classid(const SdRows *rows, void *arg)
{
	*(Oid *) arg = (Oid) strtoul(rows->values[0][0], NULL, 10);
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

static SdSnapshot *
collect_once(SdSource *source, const char *known, MemoryContext parent)
{
	SdSnapshot *snapshot = sd_snapshot_create(parent);
	SdKind	   *const *kinds = sd_kinds();
	int			i;

	snapshot->server_version = source->server_version;
	read_database(source, snapshot);
	for (i = 0; i < sd_kind_count(); i++)
	{
		Reader		reader = {snapshot, kinds[i], InvalidOid};

		source->read(source, psprintf("SELECT 'pg_catalog.%s'::pg_catalog.regclass::pg_catalog.oid",
									  kinds[i]->catalog), read_classid, &reader.classid);
		source->read(source, sd_kind_query(kinds[i], source->server_version, source->is_local), add_objects, &reader);
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
		if (!moved || (before && sd_snapshot_equal(before, snapshot)))
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
