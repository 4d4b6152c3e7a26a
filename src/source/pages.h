/*
 * pages.h
 *	  The pages of this database's catalogs, to see what changed since a time.
 *
 * Every change of a catalog row writes the row's page, and every write gives
 * the page a new LSN.  So a page with the LSN it had holds what it held; the
 * rows of any other page are summed up object by object, without the values
 * that VACUUM, ANALYZE and the like change, and compared with the sums of then.
 */
#ifndef SD_PAGES_H
#define SD_PAGES_H

#include "postgres.h"

#include "access/xlogdefs.h"
#include "storage/block.h"
#include "storage/bufpage.h"
#include "utils/hsearch.h"
#include "utils/relcache.h"
#include "utils/snapshot.h"

/* Pages that are remembered together. */
#define SD_PAGES_CHUNK 32

typedef struct SdCatalog SdCatalog;

/* What rows on one page say about one object. */
typedef struct SdPageEntry
{
	Oid			classid;
	Oid			objid;
	uint64		sum;			/* of the hashes of its rows */
} SdPageEntry;

typedef struct SdPage
{
	XLogRecPtr	lsn;			/* invalid: must be looked at again, since a
								 * transaction that wrote to it is undecided */
	uint32		nentries;
	SdPageEntry *entries;
} SdPage;

/* The catalogs that hold schema. */
extern const SdCatalog *sd_catalogs(int *count);
extern Oid	sd_catalog_oid(const SdCatalog *catalog);
extern const SdCatalog *sd_catalog_at(const SdCatalog *first, int i);

/*
 * Is what the rows say shown only by their own objects and those that
 * pg_depend makes depend on them?  A new name of a role is shown by anything.
 */
extern bool sd_catalog_is_local(const SdCatalog *catalog);

/* The same of the catalog with that oid; false for one that is not listed. */
extern bool sd_catalog_oid_is_local(Oid relid);

/* Pages that one page of the visibility map speaks for. */
#define SD_PAGES_MAPPED ((BLCKSZ - MAXALIGN(SizeOfPageHeaderData)) * 4)

/* LSN of the visibility map's page for a page of the catalog; invalid = none. */
extern XLogRecPtr sd_pages_map_lsn(Relation rel, BlockNumber block);

/*
 * The pages, from first on, whose LSN is not the one given, as bits.  Where the
 * map had map_lsn before they were last looked at and still has it, pages that
 * are all-visible were not written to.
 */
extern uint32 sd_pages_differing(Relation rel, BlockNumber first, int npages, const XLogRecPtr *lsns,
								 XLogRecPtr map_lsn);

/*
 * Sum up the rows on a page that the registered snapshot sees; entries are
 * palloc'd.  Correct as the state of the page for as long as its LSN stays.
 */
extern void sd_page_read(Relation rel, const SdCatalog *catalog, BlockNumber block, Snapshot snapshot,
						 SdPage *page);

#endif							/* SD_PAGES_H */
