/*
 * guard.h
 *	  Runs a step of ours inside somebody's DDL so that its failure is ours.
 */
#ifndef SD_GUARD_H
#define SD_GUARD_H

#include "postgres.h"

typedef void (*SdGuardedStep) (void *arg);

/*
 * Run step(arg) without a subtransaction.  An error it raises is caught,
 * everything it held is released, and its message is returned, palloc'd in
 * the caller's context; NULL when the step went well.  A cancelled query is
 * raised again.  The step runs in a memory context of its own, gone when it
 * returns, and may write to our own tables (locks go to the transaction), but
 * must use neither SPI nor an active snapshot.
 */
extern char *sd_guard_run(SdGuardedStep step, void *arg);

/* Are we inside a step?  What runs meanwhile is our own doing. */
extern bool sd_guard_is_running(void);

#endif							/* SD_GUARD_H */
