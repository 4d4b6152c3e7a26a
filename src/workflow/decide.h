/*
 * decide.h
 *	  What people decide about drifts.
 */
#ifndef SD_DECIDE_H
#define SD_DECIDE_H

#include "postgres.h"

/*
 * Accept one open drift, or all of them for id 0, into the default baseline.
 * Raises an error when there is no such open drift, or when what it was about
 * has changed since.  Returns how many were accepted.
 */
extern int	sd_decide_accept(int64 id, const char *reason);

/*
 * The DDL that takes one drift back: object_type, object, attribute or NULL;
 * *loses_data: a statement of it drops something that holds data.
 */
extern char *sd_decide_revert_sql(const char *object_type, const char *object, const char *attribute,
								  bool *loses_data);

#endif							/* SD_DECIDE_H */
