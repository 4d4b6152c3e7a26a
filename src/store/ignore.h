/*
 * ignore.h
 *	  The only SQL on schemadrift.ignore_rule: what is not to be told.
 */
#ifndef SD_STORE_IGNORE_H
#define SD_STORE_IGNORE_H

#include "postgres.h"

#include "base/rows.h"

/* Does the row of the table count now? */
#define SD_IGNORE_IS_ACTIVE "removed_at IS NULL AND until > pg_catalog.now()"

/* A rule lasts this long at most. */
#define SD_IGNORE_LONGEST "1 year"

/* Store a rule of the session's user; until is a timestamp as text.  Its id. */
extern int64 sd_ignore_add(const char *pattern, const char *target, const char *reason, const char *until);

/* Is this a time to come that a rule may last until? */
extern bool sd_ignore_may_last(const char *until);

/* Take it away; false when there is no such rule, or no longer. */
extern bool sd_ignore_remove(int64 id);

/* Columns id, pattern: rules that count now, oldest first. */
extern SdRows *sd_ignore_active(const char *target);

/* Columns pattern, until, is_active, removed_by: one, or no row. */
extern SdRows *sd_ignore_one(int64 id);

/* It has hidden one more drift. */
extern void sd_ignore_hit(int64 id);

#endif							/* SD_STORE_IGNORE_H */
