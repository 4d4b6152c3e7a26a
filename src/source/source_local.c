/*
 * source_local.c
 *	  This database as a source, read by SPI.
 *
 * One snapshot serves all queries of a collection.  It is the latest one, also
 * under REPEATABLE READ, since pg_get_*() look at the catalogs as they are;
 * moved to the current command so that a transaction sees its own DDL.  An error leaves the snapshot and the
 * pinned settings to the transaction's abort, which undoes both.
 */
#include "postgres.h"

#include "access/xact.h"
#include "storage/proc.h"
#include "storage/sinval.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "base/spi.h"
#include "source/source.h"

/* A DDL that holds its lock longer than this makes the collection fail. */
#define SD_LOCAL_LOCK_TIMEOUT "10s"

typedef struct LocalSource
{
	SdSource	source;			/* must be first */
	int			guc_level;
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

static uint64
local_change_counter(SdSource *source)
{
	AcceptInvalidationMessages();
	return SharedInvalidMessageCounter;
}

static void
local_close(SdSource *source)
{
	PopActiveSnapshot();
	AtEOXact_GUC(false, ((LocalSource *) source)->guc_level);
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
	local->source.change_counter = local_change_counter;
	local->source.close = local_close;

	local->guc_level = NewGUCNestLevel();
	for (i = 0; sd_pinned_settings[i] != NULL; i += 2)
		pin(sd_pinned_settings[i], sd_pinned_settings[i + 1]);
	if (LockTimeout == 0)
		pin("lock_timeout", SD_LOCAL_LOCK_TIMEOUT);

	CommandCounterIncrement();
	PushCopiedSnapshot(GetLatestSnapshot());
	UpdateActiveSnapshotCommandId();
	return &local->source;
}
