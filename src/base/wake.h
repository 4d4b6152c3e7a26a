/*
 * wake.h
 *	  Telling the workers that a transaction which just committed left work.
 *
 * Any floor may ask for it; worker/ supplies what a wake-up does.
 */
#ifndef SD_WAKE_H
#define SD_WAKE_H

#include "postgres.h"

/*
 * Ask that the workers look at this database as soon as the current
 * transaction has committed.  A rollback forgets it.  Cheap, never raises.
 */
extern void sd_wake_request(void);

/*
 * Set by worker/ when the library is loaded.  commit runs after the commit of
 * a transaction that asked, and must not raise; before_commit runs before it,
 * where a worker can still be started.  Either may be NULL.
 */
typedef struct SdWakeHooks
{
	void		(*before_commit) (void);
	void		(*commit) (void);
} SdWakeHooks;

extern SdWakeHooks sd_wake_hooks;

/* Called once from _PG_init. */
extern void sd_wake_init(void);

#endif							/* SD_WAKE_H */
