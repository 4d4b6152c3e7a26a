/*
 * wake.c
 *	  Remembers in a transaction that its commit leaves work for the workers.
 *
 * A rollback to a savepoint does not forget the request: a wake-up is a hint,
 * and one too many costs a look at an empty queue.  PREPARE TRANSACTION wakes
 * nobody; its COMMIT PREPARED is found by the workers' ordinary poll.
 *
 * A transaction callback is called before the locks are released and the other
 * processes told what they have to forget.  A worker woken then would wait for
 * the locks and take its snapshot a second time, so it is woken at the very end.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/resowner.h"

#include "base/wake.h"

SdWakeHooks sd_wake_hooks = {NULL, NULL};

static bool requested = false;
static bool committed = false;

void
sd_wake_request(void)
{
	requested = true;
}

static void
wake_at_xact_event(XactEvent event, void *arg)
{
	if (!requested)
		return;
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
			if (sd_wake_hooks.before_commit)
				sd_wake_hooks.before_commit();
			break;
		case XACT_EVENT_COMMIT:
			requested = false;
			committed = true;
			break;
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PREPARE:
			requested = false;
			break;
		default:
			break;
	}
}

static void
wake_at_release(ResourceReleasePhase phase, bool is_commit, bool is_top_level, void *arg)
{
	if (!committed || phase != RESOURCE_RELEASE_AFTER_LOCKS || !is_top_level)
		return;
	committed = false;
	if (sd_wake_hooks.commit)
		sd_wake_hooks.commit();
}

void
sd_wake_init(void)
{
	RegisterResourceReleaseCallback(wake_at_release, NULL);
	RegisterXactCallback(wake_at_xact_event, NULL);
}
