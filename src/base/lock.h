/*
 * lock.h
 *	  Locks of our own on this database that no session can take by SQL.
 *
 * They are advisory locks in a class of their own: pg_advisory_lock() makes
 * tags that end in 1 or 2, ours end in 3.  With a tag of theirs anybody who
 * can connect could hold up checks and workers for as long as he likes.
 */
#ifndef SD_LOCK_H
#define SD_LOCK_H

#include "postgres.h"

#include "miscadmin.h"
#include "storage/lock.h"

typedef enum SdLock
{
	SD_LOCK_WORKER = 1,			/* held by the one worker of a database */
	SD_LOCK_CHECK,				/* held by the one check that goes on */

	/*
	 * Where there is no launcher: sessions share COMMIT from looking for a
	 * worker until they have committed and told it, so that a worker which has
	 * it alone can leave without missing them.  RETURN is held by its waiter.
	 */
	SD_LOCK_COMMIT,
	SD_LOCK_RETURN,

	/* shared from drawing an event's id until its row is written */
	SD_LOCK_EVENT
} SdLock;

static inline void
sd_lock_tag_of(LOCKTAG *tag, Oid database, SdLock lock)
{
	SET_LOCKTAG_ADVISORY(*tag, database, 0x53445249, (uint32) lock, 3);
}

static inline void
sd_lock_tag(LOCKTAG *tag, SdLock lock)
{
	sd_lock_tag_of(tag, MyDatabaseId, lock);
}

#endif							/* SD_LOCK_H */
