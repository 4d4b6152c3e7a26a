/*
 * baseline_read.h
 *	  What schemadrift.baseline says of its versions besides their objects;
 *	  these are stored and loaded in baseline.c.
 */
#ifndef SD_STORE_BASELINE_READ_H
#define SD_STORE_BASELINE_READ_H

#include "postgres.h"

#include "base/rows.h"
#include "store/baseline.h"

/*
 * Events up to this id explain what they did but do not excuse it any more;
 * the greatest of any version, so that later versions keep it.
 */
extern int64 sd_baseline_settled(const char *name);
extern void sd_baseline_settle(const char *name, int version, int64 event_id);

/* When it was recorded, if that is longer ago than the interval (as text); else NULL. */
extern char *sd_baseline_older_than(const SdBaseline *baseline, const char *max_age);

/* The value of an object's property in its newest version, NULL also without the object. */
extern char *sd_baseline_value(const SdBaseline *baseline, const char *key, const char *property);

/* Has it any role? */
extern bool sd_baseline_has_roles(const SdBaseline *baseline);

/* One row: created_at, created_by, reason, server_version. */
extern SdRows *sd_baseline_origin(const SdBaseline *baseline);

/*
 * What made this version of the default baseline another than the one before:
 * rows (change, key), without the parts of what came or went.
 */
extern SdRows *sd_baseline_changes_of(int version);

#endif							/* SD_STORE_BASELINE_READ_H */
