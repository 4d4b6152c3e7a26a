/*
 * decide.h
 *	  What people decide about drifts.
 */
#ifndef SD_DECIDE_H
#define SD_DECIDE_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/rows.h"

/*
 * A drift that is open or ignored, as sd_drift_one(); an error where there is
 * none of this number.
 */
extern SdRows *sd_decide_standing(int64 id);

/*
 * Accept one drift into the default baseline; the version that it made, 0 =
 * none.  Raises an error when it is not open, when what it was about has changed
 * since, or when it needs what is drift still.
 */
extern int	sd_decide_accept(int64 id, const char *reason);

/* The same of all open ones of a class, or that a pattern is about; NULL = any.  How many. */
extern int	sd_decide_accept_all(const char *reason, const char *class, const char *pattern);

/*
 * The DDL that takes just these drifts (int64 *) back, or that makes another
 * database, which is as the baseline is, have just these.  Raises an error
 * where one is not there any more.
 */
extern char *sd_decide_revert_all_sql(List *ids);
extern char *sd_decide_adopt_sql(List *ids);

/*
 * The DDL that takes one drift back: object_type, object, attribute or NULL;
 * *loses_data: a statement of it drops something that holds data.
 */
extern char *sd_decide_revert_sql(const char *object_type, const char *object, const char *attribute,
								  bool *loses_data);

#endif							/* SD_DECIDE_H */
