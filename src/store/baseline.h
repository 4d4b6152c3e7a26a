/*
 * baseline.h
 *	  The only SQL on schemadrift.baseline and baseline_object.
 *
 * A version's objects are the rows whose range of versions contains it, so a
 * new version stores only what differs from the one before.
 */
#ifndef SD_BASELINE_H
#define SD_BASELINE_H

#include "postgres.h"

#include "model/snapshot.h"

#define SD_DEFAULT_BASELINE "default"

typedef struct SdBaseline
{
	const char *name;
	int			version;
	int			form;			/* version of the canonical form */
	const char *fingerprint;
	const char *local_fingerprint;
	const char *database;		/* see model/snapshot.h; may be NULL */
	int64		event_horizon;	/* events up to this id were taken into account */
} SdBaseline;

/* The newest version, or the given one; NULL when there is none. */
extern SdBaseline *sd_baseline_latest(const char *name);
extern SdBaseline *sd_baseline_version(const char *name, int version);

/* Its objects. */
extern SdSnapshot *sd_baseline_load(const SdBaseline *baseline, MemoryContext parent);

/*
 * The same for a comparison with live, whose objects stand in for those that
 * are the same and belong to nothing that differs; they must live as long.
 */
extern SdSnapshot *sd_baseline_load_beside(const SdBaseline *baseline, const SdSnapshot *live,
										   MemoryContext parent);

/*
 * The same for the given keys (char *) only; live need have no others, but the
 * wholes of those it has.
 */
extern SdSnapshot *sd_baseline_load_some(const SdBaseline *baseline, List *keys,
										 const SdSnapshot *live, MemoryContext parent);

/*
 * Store the snapshot as the next version and return that.  reason may be NULL,
 * deploy_id 0.
 */
extern int	sd_baseline_save(const char *name, const SdSnapshot *snapshot, const char *reason,
							 int64 deploy_id, int64 event_horizon);

/* Move the horizon of the newest version: later events were looked at. */
extern void sd_baseline_advance(const SdBaseline *baseline, int64 event_horizon);

#endif							/* SD_BASELINE_H */
