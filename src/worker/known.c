/*
 * known.c
 *	  What the launcher knows about the databases of this cluster.
 *
 * A database is looked at once when it is first seen.  One without the
 * extension is then left alone for longer and longer, up to an hour, so that
 * a thousand of them cost next to nothing; CREATE EXTENSION and drift_watch()
 * wake us anyway.  One with it gets a worker when it is dirty, when its last
 * worker said so (next_due), and at each poll interval.  One whose worker
 * failed is retried with growing pauses, whatever its wake-ups say.
 *
 * Templates, databases that refuse connections and those left invalid by an
 * interrupted DROP DATABASE (datconnlimit -2) are never attached to.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_database.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "base/settings.h"
#include "worker/known.h"

/* Pauses, ms: after a failure (doubled up to), without the extension (same). */
#define FAILURE_PAUSE 1000
#define MAX_FAILURE_PAUSE 300000
#define MAX_ABSENT_PAUSE 3600000

typedef struct Known
{
	Oid			database;		/* key */
	bool		seen;			/* in the scan that is going on */
	int			tries;			/* failed or absent looks in a row */
	TimestampTz due;			/* when to look, wake-ups aside */
	TimestampTz not_before;		/* when to look at the earliest */
} Known;

static HTAB *known = NULL;
static TimestampTz last_scan = 0;

static HTAB *
table(void)
{
	HASHCTL		control = {.keysize = sizeof(Oid), .entrysize = sizeof(Known)};

	if (known == NULL)
	{
		control.hcxt = TopMemoryContext;
		known = hash_create("schemadrift databases", 128, &control,
							HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	return known;
}

static bool
may_attach(Form_pg_database database)
{
	return !database->datistemplate && database->datallowconn && database->datconnlimit != -2;
}

static void
note(Oid database)
{
	bool		found;
	Known	   *entry = hash_search(table(), &database, HASH_ENTER, &found);

	if (!found)
	{
		memset(entry, 0, sizeof(*entry));
		entry->database = database;
	}
	entry->seen = true;
}

void
sd_known_forget(Oid database)
{
	hash_search(table(), &database, HASH_REMOVE, NULL);
	sd_slot_forget(database);
}

static void
scan(void)
{
	HASH_SEQ_STATUS status;
	Known	   *entry;
	Relation	relation;
	TableScanDesc tables;
	HeapTuple	tuple;
	MemoryContext caller = CurrentMemoryContext;

	hash_seq_init(&status, table());
	while ((entry = hash_seq_search(&status)) != NULL)
		entry->seen = false;
	StartTransactionCommand();
	(void) GetTransactionSnapshot();
	relation = table_open(DatabaseRelationId, AccessShareLock);
	tables = table_beginscan_catalog(relation, 0, NULL);
	while ((tuple = heap_getnext(tables, ForwardScanDirection)) != NULL)
		if (may_attach((Form_pg_database) GETSTRUCT(tuple)))
			note(((Form_pg_database) GETSTRUCT(tuple))->oid);
	table_endscan(tables);
	table_close(relation, AccessShareLock);
	CommitTransactionCommand();
	MemoryContextSwitchTo(caller);
	/* removing the entry just returned is allowed during a scan */
	hash_seq_init(&status, table());
	while ((entry = hash_seq_search(&status)) != NULL)
		if (!entry->seen)
			sd_known_forget(entry->database);
}

void
sd_known_refresh(void)
{
	TimestampTz now = GetCurrentTimestamp();

	if (last_scan != 0 && !TimestampDifferenceExceeds(last_scan, now, sd_poll_interval) &&
		last_scan <= now)
		return;
	scan();
	last_scan = now;
	pg_atomic_write_u64(&sd_shared()->last_scan, (uint64) now);
}

bool
sd_known_still_there(Oid database)
{
	MemoryContext caller = CurrentMemoryContext;
	HeapTuple	tuple;
	bool		there;

	StartTransactionCommand();
	tuple = SearchSysCache1(DATABASEOID, ObjectIdGetDatum(database));
	there = HeapTupleIsValid(tuple) && may_attach((Form_pg_database) GETSTRUCT(tuple));
	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
	CommitTransactionCommand();
	MemoryContextSwitchTo(caller);
	return there;
}

/* A wake-up makes a database due, a failure or a block defers it. */
static TimestampTz
due_at(Known *entry)
{
	SdSlot	   *slot = sd_slot(entry->database, false);
	TimestampTz due = entry->due;

	if (slot != NULL)
	{
		TimestampTz blocked = (TimestampTz) pg_atomic_read_u64(&slot->blocked_until);

		if (pg_atomic_read_u32(&slot->dirty) != pg_atomic_read_u32(&slot->done))
			due = entry->not_before;
		due = Max(due, blocked);
	}
	return Max(due, entry->not_before);
}

typedef struct Due
{
	Oid			database;
	TimestampTz at;
} Due;

static int
compare_due(const ListCell *a, const ListCell *b)
{
	TimestampTz x = ((Due *) lfirst(a))->at;
	TimestampTz y = ((Due *) lfirst(b))->at;

	return x < y ? -1 : x > y;
}

/* Wake-ups for databases that no scan has seen yet: just created. */
static void
note_slots(void)
{
	int			i;

	for (i = 0; i < SD_MAX_SLOTS; i++)
	{
		Oid			database = pg_atomic_read_u32(&sd_shared()->slots[i].database);

		if (OidIsValid(database) && hash_search(table(), &database, HASH_FIND, NULL) == NULL)
			note(database);
	}
}

List *
sd_known_due(bool (*is_attached) (Oid database))
{
	TimestampTz now = GetCurrentTimestamp();
	HASH_SEQ_STATUS status;
	Known	   *entry;
	List	   *due = NIL;
	List	   *databases = NIL;
	ListCell   *cell;

	note_slots();
	hash_seq_init(&status, table());
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		Due		   *one;

		if (due_at(entry) > now || is_attached(entry->database))
			continue;
		one = palloc(sizeof(Due));
		one->database = entry->database;
		one->at = due_at(entry);
		due = lappend(due, one);
	}
	list_sort(due, compare_due);
	foreach(cell, due)
		databases = lappend_oid(databases, ((Due *) lfirst(cell))->database);
	return databases;
}

long
sd_known_next(bool (*is_attached) (Oid database))
{
	TimestampTz now = GetCurrentTimestamp();
	HASH_SEQ_STATUS status;
	Known	   *entry;
	long		wait = sd_poll_interval;

	hash_seq_init(&status, table());
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		TimestampTz due = due_at(entry);

		/* what is due now waits for a place, and a worker that leaves wakes us */
		if (due > now && !is_attached(entry->database))
			wait = Min(wait, TimestampDifferenceMilliseconds(now, due));
	}
	return wait;
}

void
sd_known_left(Oid database, SdOutcome outcome)
{
	Known	   *entry = hash_search(table(), &database, HASH_FIND, NULL);
	SdSlot	   *slot = sd_slot(database, false);
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz next = slot ? (TimestampTz) pg_atomic_read_u64(&slot->next_due) : 0;
	int64		pause = sd_poll_interval;

	if (entry == NULL)
		return;
	entry->tries = outcome == SD_OUTCOME_DRAINED ? 0 : Min(entry->tries + 1, 20);
	entry->not_before = 0;
	if (outcome == SD_OUTCOME_FAILED)
	{
		pause = Min((int64) FAILURE_PAUSE << (entry->tries - 1), MAX_FAILURE_PAUSE);
		entry->not_before = TimestampTzPlusMilliseconds(now, pause);
	}
	else if (outcome == SD_OUTCOME_ABSENT)
		pause = Min((int64) sd_poll_interval << Min(entry->tries, 20), MAX_ABSENT_PAUSE);
	entry->due = TimestampTzPlusMilliseconds(now, pause);
	if (outcome == SD_OUTCOME_DRAINED && next != 0)
		entry->due = Min(entry->due, next);
}
