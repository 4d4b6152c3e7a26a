/*
 * page_state.c
 *	  Remembers the catalogs' pages from one check to the next.
 *
 * The table is unlogged, and that makes it right: a crash, a recovery to a
 * point in time, a base backup and a standby all leave it empty, which means
 * that everything counts as touched.  A row holds a chunk of pages: their LSNs,
 * which each check reads, and the sums of their rows, out of line, which are
 * read and written only where an LSN is another.
 *
 * No SQL and no index here: the whole table is read each time, and planning one
 * statement takes as long as that.  Writers take turns by SD_LOCK_CHECK.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "base/spi.h"
#include "source/pages.h"
#include "store/page_state.h"
#include "store/table.h"

/* Pages of a catalog whose visibility map is not worth a look. */
#define SD_SMALL_CATALOG 8

enum
{
	COLUMN_CATALOG,
	COLUMN_CHUNK,
	COLUMN_FILE,
	COLUMN_LSNS,
	COLUMN_ENTRIES,
	COLUMNS
};

static const SdTableColumn columns[COLUMNS] = {
	{"catalog", OIDOID},
	{"chunk", INT4OID},
	{"file", OIDOID},
	{"lsns", BYTEAOID},
	{"entries", BYTEAOID}
};

/* One stored row, but for its entries. */
typedef struct Chunk
{
	Oid			catalog;		/* hash key, with chunk */
	int32		chunk;
	Oid			file;			/* relfilenode that the pages were in */
	int			npages;
	XLogRecPtr	lsns[SD_PAGES_CHUNK];
	ItemPointerData tid;
	bool		seen;			/* the catalog still has these pages */
} Chunk;

typedef struct Comparison
{
	Relation	state;
	Snapshot	snapshot;		/* of the catalogs, and of the state */
	HTAB	   *chunks;
	SdPageNews *news;
	HTAB	   *global;			/* SdTouched of catalogs that are not local */
	HTAB	   *counted;		/* that or news->touched; NULL: nothing is known,
								 * so that all counts as touched */
	MemoryContext work;			/* reset after each chunk */
} Comparison;

void
sd_page_state_forget(void)
{
	sd_spi_command("DELETE FROM schemadrift.page_state", 0, NULL);
}

/* Waiting for its lock if need be, unlike capture. */
static Relation
open_state(void)
{
	Relation	rel = table_open(get_relname_relid("page_state", get_namespace_oid("schemadrift", false)),
								 RowExclusiveLock);

	sd_table_check(rel, columns, COLUMNS);
	return rel;
}

static HTAB *
create_table(const char *name, Size entry)
{
	HASHCTL		control = {0};

	control.keysize = 2 * sizeof(Oid);
	control.entrysize = entry;
	control.hcxt = CurrentMemoryContext;
	return hash_create(name, 256, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static void
load_chunk(Comparison *comparison, HeapTuple tuple)
{
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS];
	struct
	{
		Oid			catalog;
		int32		chunk;
	}			key;
	bytea	   *lsns;
	Chunk	   *chunk;

	heap_deform_tuple(tuple, RelationGetDescr(comparison->state), values, nulls);
	key.catalog = DatumGetObjectId(values[COLUMN_CATALOG]);
	key.chunk = DatumGetInt32(values[COLUMN_CHUNK]);
	lsns = DatumGetByteaPP(values[COLUMN_LSNS]);
	chunk = hash_search(comparison->chunks, &key, HASH_ENTER, NULL);
	chunk->file = DatumGetObjectId(values[COLUMN_FILE]);
	chunk->npages = Min(VARSIZE_ANY_EXHDR(lsns) / sizeof(XLogRecPtr), SD_PAGES_CHUNK);
	memcpy(chunk->lsns, VARDATA_ANY(lsns), chunk->npages * sizeof(XLogRecPtr));
	chunk->tid = tuple->t_self;
	chunk->seen = false;
}

static void
load_chunks(Comparison *comparison)
{
	TableScanDesc scan = table_beginscan(comparison->state, comparison->snapshot, 0, NULL);
	HeapTuple	tuple;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
		load_chunk(comparison, tuple);
	table_endscan(scan);
}

/* Its entries: pages as [count, entries]. */
static void
load_entries(Comparison *comparison, const Chunk *chunk, SdPage *pages)
{
	HeapTupleData tuple;
	Buffer		buffer;
	bool		is_null;
	bytea	   *stored;
	char	   *at;
	int			i;

	tuple.t_self = chunk->tid;
	if (!heap_fetch(comparison->state, comparison->snapshot, &tuple, &buffer, false))
		elog(ERROR, "a row of page_state is gone");
	stored = DatumGetByteaPCopy(heap_getattr(&tuple, COLUMN_ENTRIES + 1,
											 RelationGetDescr(comparison->state), &is_null));
	ReleaseBuffer(buffer);
	at = VARDATA(stored);
	for (i = 0; i < chunk->npages; i++)
	{
		pages[i].lsn = chunk->lsns[i];
		memcpy(&pages[i].nentries, at, sizeof(uint32));
		at += sizeof(uint32);
		pages[i].entries = palloc(sizeof(SdPageEntry) * (pages[i].nentries + 1));
		memcpy(pages[i].entries, at, sizeof(SdPageEntry) * pages[i].nentries);
		at += sizeof(SdPageEntry) * pages[i].nentries;
	}
}

static Datum
entries_datum(const SdPage *pages, int npages)
{
	Size		size = VARHDRSZ;
	bytea	   *datum;
	char	   *at;
	int			i;

	for (i = 0; i < npages; i++)
		size += sizeof(uint32) + sizeof(SdPageEntry) * pages[i].nentries;
	datum = palloc(size);
	SET_VARSIZE(datum, size);
	at = VARDATA(datum);
	for (i = 0; i < npages; i++)
	{
		memcpy(at, &pages[i].nentries, sizeof(uint32));
		at += sizeof(uint32);
		memcpy(at, pages[i].entries, sizeof(SdPageEntry) * pages[i].nentries);
		at += sizeof(SdPageEntry) * pages[i].nentries;
	}
	return PointerGetDatum(datum);
}

static void
save_chunk(Comparison *comparison, Relation catalog, int chunk, const Chunk *stored,
		   const SdPage *pages, int npages)
{
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS] = {false};
	bytea	   *lsns = palloc(VARHDRSZ + SD_PAGES_CHUNK * sizeof(XLogRecPtr));
	HeapTuple	tuple;
	int			i;

	SET_VARSIZE(lsns, VARHDRSZ + npages * sizeof(XLogRecPtr));
	for (i = 0; i < npages; i++)
		memcpy(VARDATA(lsns) + i * sizeof(XLogRecPtr), &pages[i].lsn, sizeof(XLogRecPtr));
	values[COLUMN_CATALOG] = ObjectIdGetDatum(RelationGetRelid(catalog));
	values[COLUMN_CHUNK] = Int32GetDatum(chunk);
	values[COLUMN_FILE] = ObjectIdGetDatum(SD_RELATION_FILE(catalog));
	values[COLUMN_LSNS] = PointerGetDatum(lsns);
	values[COLUMN_ENTRIES] = entries_datum(pages, npages);
	tuple = heap_form_tuple(RelationGetDescr(comparison->state), values, nulls);
	if (stored)
		CatalogTupleUpdate(comparison->state, unconstify(ItemPointerData *, &stored->tid), tuple);
	else
		CatalogTupleInsert(comparison->state, tuple);
}

static Chunk *
find_chunk(Comparison *comparison, Relation catalog, int number)
{
	struct
	{
		Oid			catalog;
		int32		chunk;
	}			key = {RelationGetRelid(catalog), number};
	Chunk	   *chunk = hash_search(comparison->chunks, &key, HASH_FIND, NULL);

	if (chunk)
		chunk->seen = true;
	return chunk;
}

/* Add to (or with sign -1 take from) the objects' sums what a page says. */
static void
count_page(Comparison *comparison, const SdPage *page, int sign)
{
	uint32		i;

	for (i = 0; comparison->counted && i < page->nentries; i++)
	{
		SdPageEntry *entry = &page->entries[i];
		bool		found;
		SdTouched  *touched = hash_search(comparison->counted, entry, HASH_ENTER, &found);

		if (!found)
			touched->difference = 0;
		touched->difference += sign > 0 ? entry->sum : -entry->sum;
	}
}

/*
 * Look at the pages of one chunk that are not as they were.  Pages of another
 * file have nothing to do with those known, but their rows have.
 */
static void
compare_chunk(Comparison *comparison, Relation catalog, const SdCatalog *what, int number, int npages,
			  XLogRecPtr map_lsn)
{
	Chunk	   *chunk = find_chunk(comparison, catalog, number);
	BlockNumber first = (BlockNumber) number * SD_PAGES_CHUNK;
	XLogRecPtr	lsns[SD_PAGES_CHUNK] = {InvalidXLogRecPtr};
	SdPage		pages[SD_PAGES_CHUNK] = {{0}};
	int			known = chunk ? chunk->npages : 0;
	uint32		differing;
	MemoryContext caller;
	int			i;

	if (chunk && chunk->file == SD_RELATION_FILE(catalog))
		memcpy(lsns, chunk->lsns, sizeof(XLogRecPtr) * known);
	differing = sd_pages_differing(catalog, first, npages, lsns, map_lsn);
	if (differing == 0 && known == npages)
		return;
	caller = MemoryContextSwitchTo(comparison->work);
	if (chunk)
		load_entries(comparison, chunk, pages);
	for (i = 0; i < Max(npages, known); i++)
	{
		if (i < npages && (differing & ((uint32) 1 << i)) == 0)
			continue;
		count_page(comparison, &pages[i], -1);
		if (i < npages)
			sd_page_read(catalog, what, first + i, comparison->snapshot, &pages[i]);
		if (i < npages)
			count_page(comparison, &pages[i], 1);
	}
	save_chunk(comparison, catalog, number, chunk, pages, npages);
	MemoryContextSwitchTo(caller);
	MemoryContextReset(comparison->work);
}

/* Pages that the catalog no longer has, or of a catalog we know no more. */
static void
drop_unseen(Comparison *comparison)
{
	HASH_SEQ_STATUS scan;
	Chunk	   *chunk;

	comparison->counted = comparison->global;
	hash_seq_init(&scan, comparison->chunks);
	while ((chunk = hash_seq_search(&scan)) != NULL)
	{
		SdPage		pages[SD_PAGES_CHUNK] = {{0}};
		int			i;

		if (chunk->seen)
			continue;
		load_entries(comparison, chunk, pages);
		for (i = 0; i < chunk->npages; i++)
			count_page(comparison, &pages[i], -1);
		CatalogTupleDelete(comparison->state, &chunk->tid);
	}
}

/*
 * Forget the objects whose rows only moved.  Is any left that is the server's
 * own?  Nothing is recorded as depending on those.
 */
static bool
drop_untouched(HTAB *touched)
{
	HASH_SEQ_STATUS scan;
	SdTouched  *entry;
	bool		any_pinned = false;

	hash_seq_init(&scan, touched);
	while ((entry = hash_seq_search(&scan)) != NULL)
		if (entry->difference == 0)
			(void) hash_search(touched, entry, HASH_REMOVE, NULL);
		else if (entry->objid < FirstNormalObjectId)
			any_pinned = true;
	return any_pinned;
}

/*
 * The LSN that a page of the visibility map had last time; what it has before
 * the pages it speaks for are looked at is for next time.  It is kept as one
 * more chunk, numbered downwards from -1.
 */
static XLogRecPtr
advance_map(Comparison *comparison, Relation catalog, BlockNumber block)
{
	int			number = -1 - (int) (block / SD_PAGES_MAPPED);
	Chunk	   *chunk = find_chunk(comparison, catalog, number);
	XLogRecPtr	known = chunk && chunk->file == SD_RELATION_FILE(catalog) ? chunk->lsns[0] : InvalidXLogRecPtr;
	SdPage		now = {0};

	now.lsn = sd_pages_map_lsn(catalog, block);
	if (chunk == NULL || now.lsn != known)
		save_chunk(comparison, catalog, number, chunk, &now, 1);
	return known;
}

static void
compare_catalog(Comparison *comparison, const SdCatalog *what)
{
	Relation	catalog = table_open(sd_catalog_oid(what), AccessShareLock);
	int64		npages = RelationGetNumberOfBlocks(catalog);
	XLogRecPtr	map_lsn = InvalidXLogRecPtr;
	int			number;

	if (comparison->counted)
		comparison->counted = sd_catalog_is_local(what) ? comparison->news->touched : comparison->global;
	StaticAssertStmt(SD_PAGES_MAPPED % SD_PAGES_CHUNK == 0, "a chunk has one page of the map");
	for (number = 0; (int64) number * SD_PAGES_CHUNK < npages; number++)
	{
		int64		first = (int64) number * SD_PAGES_CHUNK;

		/* a small catalog is read faster than its map */
		if (first % SD_PAGES_MAPPED == 0 && npages > SD_SMALL_CATALOG)
			map_lsn = advance_map(comparison, catalog, (BlockNumber) first);
		compare_chunk(comparison, catalog, what, number, (int) Min(npages - first, SD_PAGES_CHUNK), map_lsn);
	}
	table_close(catalog, AccessShareLock);
}

SdPageNews *
sd_page_state_compare(void)
{
	Comparison	comparison = {0};
	SdPageNews *news = palloc0(sizeof(SdPageNews));
	const SdCatalog *catalogs;
	int			ncatalogs;
	int			i;

	comparison.state = open_state();
	CommandCounterIncrement();
	comparison.snapshot = RegisterSnapshot(GetLatestSnapshot());
	comparison.chunks = create_table("schemadrift pages", sizeof(Chunk));
	comparison.work = AllocSetContextCreate(CurrentMemoryContext, "schemadrift pages",
											ALLOCSET_DEFAULT_SIZES);
	comparison.news = news;
	comparison.counted = news->touched = create_table("schemadrift touched", sizeof(SdTouched));
	comparison.global = create_table("schemadrift touched globally", sizeof(SdTouched));
	load_chunks(&comparison);
	news->everywhere = hash_get_num_entries(comparison.chunks) == 0;
	if (news->everywhere)
		comparison.counted = NULL;
	catalogs = sd_catalogs(&ncatalogs);
	for (i = 0; i < ncatalogs; i++)
		compare_catalog(&comparison, sd_catalog_at(catalogs, i));
	drop_unseen(&comparison);
	if (drop_untouched(news->touched))
		news->everywhere = true;
	(void) drop_untouched(comparison.global);
	if (hash_get_num_entries(comparison.global) > 0)
		news->everywhere = true;
	UnregisterSnapshot(comparison.snapshot);
	MemoryContextDelete(comparison.work);
	hash_destroy(comparison.chunks);
	table_close(comparison.state, NoLock);
	CommandCounterIncrement();
	return news;
}
