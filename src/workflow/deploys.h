/*
 * deploys.h
 *	  The end of a deploy: what came of it.
 */
#ifndef SD_DEPLOYS_H
#define SD_DEPLOYS_H

#include "postgres.h"

/*
 * A check that does not wait for long: NULL when it ran, else why there was
 * nothing to check.  Raises an error when it cannot run now.
 */
extern const char *sd_deploys_check(void);

/*
 * Close the deploy and report what it ran and changed, and what nobody
 * expected meanwhile.  Problem: why it could not be checked, NULL = it was.
 */
extern char *sd_deploys_close(int64 id, const char *problem);

#endif							/* SD_DEPLOYS_H */
