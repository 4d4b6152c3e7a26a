/*
 * side.h
 *	  A side of a comparison, as users write it.
 *
 *		live				this database
 *		baseline			newest version of the default baseline
 *		baseline@7			that version
 *		baseline:name[@7]	of another baseline
 *		asof:2026-11-01		this database as the last check up to then saw it
 *		host=… dbname=…		any libpq connection string or URL; superusers only
 */
#ifndef SD_SIDE_H
#define SD_SIDE_H

#include "postgres.h"

#include "compare/render.h"
#include "model/snapshot.h"
#include "store/baseline.h"

/*
 * The snapshot of a side.  Raises ERRCODE_SD_NO_BASELINE, ERRCODE_SD_UNREACHABLE,
 * insufficient privilege, or invalid parameter with a hint.
 */
extern SdSnapshot *sd_side_snapshot(const char *side, MemoryContext parent);

/* The same without dependencies if its fingerprint is known; see sd_collect(). */
extern SdSnapshot *sd_side_snapshot_unless(const char *side, const char *known, MemoryContext parent);

/*
 * Both sides of a comparison, which may share objects.  One of them is without
 * dependencies if they have the same fingerprint, both may be where only
 * differences are wanted: other databases' names mean nothing here, so that there
 * are no renames to be followed.
 */
extern void sd_side_snapshots(const char *from, const char *to, bool only_differences,
							  SdSnapshot **from_snapshot, SdSnapshot **to_snapshot, MemoryContext parent);

/*
 * The id up to which events count as seen when a side other than live becomes
 * a baseline of that name: what they did since must still be explained.
 */
extern int64 sd_side_event_horizon(const char *side, const char *name);

/* The newest default baseline; raises ERRCODE_SD_NO_BASELINE with a hint. */
extern SdBaseline *sd_side_default_baseline(void);

/* A side as people may see it: what may be secret of a connection string is left out. */
extern const char *sd_side_name(const char *side);

/* When the side was recorded, if it is a baseline older than this interval; else NULL. */
extern const char *sd_side_older_than(const char *side, const char *max_age);

/* What a report says of a side, of which this is the snapshot. */
extern SdReportSide sd_side_describe(const char *side, const SdSnapshot *snapshot);

#endif							/* SD_SIDE_H */
