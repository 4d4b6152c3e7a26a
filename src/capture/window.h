/*
 * window.h
 *	  Is a recurring window open?
 */
#ifndef SD_CAPTURE_WINDOW_H
#define SD_CAPTURE_WINDOW_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "nodes/pg_list.h"

/* Modes of windows. */
#define SD_WINDOW_ALLOW "allow"	/* who may deploy, may without saying so */
#define SD_WINDOW_DENY "deny"	/* a freeze: no deploy counts */
#define SD_WINDOW_QUIET "quiet" /* lesser drift waits */

typedef struct SdOpenWindow
{
	int64		id;
	const char *label;
	TimestampTz opened_at;
	TimestampTz closes_at;
} SdOpenWindow;

/*
 * Is a window of that mode open at that time?  Of several *which (may be NULL)
 * is the one that closes last.  Windows that name a role count only for its
 * members; role is InvalidOid where nobody is meant.  Waits for nothing and
 * uses no SQL; raises an error when the table cannot be read at once.
 */
extern bool sd_window_is_open(const char *mode, Oid role, TimestampTz at, SdOpenWindow *which);

/* The same of windows that the caller has read (a List of SdTimeWindow *). */
extern bool sd_window_any_open(List *windows, const char *mode, Oid role, TimestampTz at,
							   SdOpenWindow *which);

#endif							/* SD_CAPTURE_WINDOW_H */
