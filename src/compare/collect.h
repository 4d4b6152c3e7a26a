/*
 * collect.h
 *	  A snapshot from a source.
 */
#ifndef SD_COLLECT_H
#define SD_COLLECT_H

#include "postgres.h"

#include "model/snapshot.h"
#include "source/source.h"

/* Opens a source; called again for each try, since each needs a new snapshot. */
typedef SdSource *(*SdSourceOpen) (void *arg);

/* "known" of those who want nothing but a fingerprint. */
#define SD_KNOWN_ANY "*"

/*
 * Read all kinds, and what they depend on.  The server's deparse functions see
 * the newest catalogs, not our snapshot; when the catalogs moved meanwhile, the
 * collection is repeated until two agree.  Raises ERRCODE_SD_RACED when they do
 * not within a few tries.
 *
 * Whoever has no use for another snapshot of one fingerprint names that as
 * known (else NULL); one that turns out to have it comes without dependencies,
 * which only DDL needs and which cost a fifth of the whole.
 */
extern SdSnapshot *sd_collect(SdSourceOpen open, void *arg, const char *known,
							  MemoryContext parent);

/*
 * The same of a source that is compared with a snapshot at hand (NULL: with none),
 * of which the result may share objects; see compare/beside.h.
 */
extern SdSnapshot *sd_collect_beside(SdSourceOpen open, void *arg, const char *known,
									 const SdSnapshot *beside, MemoryContext parent);

/* The database that we run in, as SdSnapshot.database has it. */
extern const char *sd_this_database(void);

/*
 * This database's objects that have one of the addresses (see source/reach.h),
 * with what they depend on among themselves.  NULL when the catalogs moved
 * meanwhile.
 */
extern SdSnapshot *sd_collect_some(HTAB *reached, MemoryContext parent);

#endif							/* SD_COLLECT_H */
