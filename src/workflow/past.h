/*
 * past.h
 *	  Who changed what, under the names that it had then.
 */
#ifndef SD_PAST_H
#define SD_PAST_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"

#include "base/rows.h"

/*
 * Append all names that an object had, each with the rows of the history in
 * whose time it had it, for sd_history_of(); renames are sd_history_renames().
 */
extern void sd_past_names(StringInfo json, const SdRows *renames, int n, const char *type, const char *object);

/*
 * Of SdItem *, each: who made the last such change that was seen after from and
 * not after to (texts; NULL: to this day), if that is known.
 */
extern void sd_past_attribute(List *items, const char *from, const char *to);

#endif							/* SD_PAST_H */
