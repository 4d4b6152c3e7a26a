/*
 * source_local.c
 *	  This database as a source, read by SPI, and past it where scan.c can.
 *
 * One snapshot serves all queries of a collection.  It is the latest one, also
 * under REPEATABLE READ, since pg_get_*() look at the catalogs as they are;
 * moved to the current command so that a transaction sees its own DDL.  An
 * error leaves the snapshot and the pinned settings to the transaction's
 * abort, which undoes both.
 *
 * Invalidation messages tell that the catalogs moved.  The server's own count
 * of them takes in every database, so that on a busy cluster no two readings
 * agree; callbacks are only called for this database and the shared catalogs.
 * Whatever a deparse function reads past our snapshot comes from the relation
 * cache or one of these catalog caches.
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "base/compat.h"
#include "base/spi.h"
#include "source/scan.h"
#include "source/source.h"

/*
 * A DDL that holds its lock longer than this makes the collection fail: half of
 * the time after which a session that waits looks for a deadlock.  We keep the
 * locks that deparse functions take and wait for others in any order; whoever
 * waits for us in a circle must get what it wants before it looks.
 */
#define SD_LOCK_WAIT_MS Max(DeadlockTimeout / 2, 1)

/*
 * The caches that the server's deparse functions look into, but for those of
 * relations, whose changes all invalidate the relation.  A process has 64
 * places for such callbacks and dies when it needs more, so no others.
 */
static const int watched_caches[] = {
	AUTHOID, CLAOID, COLLOID, CONSTROID, ENUMOID, LANGOID, NAMESPACEOID, OPEROID, PROCOID, TYPEOID
};

/* Moves with each message about this database that this process received. */
static uint64 changes = 0;

typedef struct LocalSource
{
	SdSource	source;			/* must be first */
	int			guc_level;
	SdCatalog  *catalog;		/* NULL until a scan needs it */
} LocalSource;

static void
pin(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

static void
local_read(SdSource *source, const char *sql, SdSourceCallback callback, void *arg)
{
	sd_spi_read(sql, callback, arg);
}

static bool
local_scan(SdSource *source, const char *kind, const char *const *columns, int ncolumns,
		   SdSourceCallback callback, void *arg, List **rest)
{
	return sd_scan_kind(&((LocalSource *) source)->catalog, kind, columns, ncolumns, callback, arg, rest);
}

static void
local_scan_depend(SdSource *source, SdSourceCallback callback, void *arg)
{
	sd_scan_depend(&((LocalSource *) source)->catalog, callback, arg);
}

static void
note_catcache_change(Datum arg, int cache, uint32 hash)
{
	changes++;
}

static void
note_relcache_change(Datum arg, Oid relation)
{
	changes++;
}

/* Callbacks cannot be taken back, so they are registered once in a process. */
static void
watch_caches(void)
{
	static bool watching = false;
	int			i;

	if (watching)
		return;
	watching = true;
	CacheRegisterRelcacheCallback(note_relcache_change, (Datum) 0);
	for (i = 0; i < lengthof(watched_caches); i++)
		CacheRegisterSyscacheCallback(watched_caches[i], note_catcache_change, (Datum) 0);
}

static uint64
local_change_counter(SdSource *source)
{
	AcceptInvalidationMessages();
	return changes;
}

static void
local_close(SdSource *source)
{
	LocalSource *local = (LocalSource *) source;

	if (local->catalog)
		MemoryContextDelete(local->catalog->context);
	PopActiveSnapshot();
	AtEOXact_GUC(false, local->guc_level);
	pfree(source);
}

SdSource *
sd_source_local(void)
{
	LocalSource *local = palloc0(sizeof(LocalSource));
	int			i;

	local->source.name = "live";
	local->source.server_version = SD_SERVER_VERSION;
	local->source.is_local = true;
	local->source.read = local_read;
	local->source.scan = local_scan;
	local->source.scan_depend = local_scan_depend;
	local->source.change_counter = local_change_counter;
	local->source.close = local_close;

	watch_caches();
	local->guc_level = NewGUCNestLevel();
	for (i = 0; sd_pinned_settings[i] != NULL; i += 2)
		pin(sd_pinned_settings[i], sd_pinned_settings[i + 1]);
	if (LockTimeout == 0 || LockTimeout > SD_LOCK_WAIT_MS)
		pin("lock_timeout", psprintf("%dms", SD_LOCK_WAIT_MS));

	CommandCounterIncrement();
	PushCopiedSnapshot(GetLatestSnapshot());
	UpdateActiveSnapshotCommandId();
	return &local->source;
}
