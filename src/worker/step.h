/*
 * step.h
 *	  One short transaction of a worker, and the wait between two.
 *
 * The only place of schemadrift that begins and ends transactions.
 */
#ifndef SD_STEP_H
#define SD_STEP_H

#include "postgres.h"

typedef enum SdStepResult
{
	SD_STEP_DONE,				/* committed */
	SD_STEP_FAILED,				/* rolled back; *error says why */
	SD_STEP_GONE				/* the extension is gone, or going */
} SdStepResult;

typedef void (*SdStep) (void *arg);

/*
 * Run step(arg) in a transaction of its own with an active snapshot, giving up
 * after timeout_ms.  activity is what pg_stat_activity shows.  step runs in
 * the caller's memory context, so what it allocates survives the commit.
 * An error is caught; *error (if error is not NULL) is its message, palloc'd.
 */
extern SdStepResult sd_step(const char *activity, int timeout_ms,
							SdStep step, void *arg, char **error);

/* Pin the session's settings; once, after connecting. */
extern void sd_step_prepare_session(void);

/* Nobody's transaction is open: tell pg_stat_activity so. */
extern void sd_step_idle(const char *activity);

/*
 * Wait for the latch or the time; reloads the configuration when asked to.
 * Returns true when the latch was set.
 */
extern bool sd_step_wait(long timeout_ms);

#endif							/* SD_STEP_H */
