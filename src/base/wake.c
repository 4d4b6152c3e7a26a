/*
 * wake.c
 *	  Remembers in a transaction that its commit leaves work for the workers.
 *
 * A rollback to a savepoint does not forget the request: a wake-up is a hint,
 * and one too many costs a look at an empty queue.  PREPARE TRANSACTION wakes
 * nobody; its COMMIT PREPARED is found by the workers' ordinary poll.
 */
#include "postgres.h"

#include "access/xact.h"

#include "base/wake.h"

SdWakeHooks sd_wake_hooks = {NULL, NULL};

static bool requested = false;

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
			if (sd_wake_hooks.commit)
				sd_wake_hooks.commit();
			break;
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PREPARE:
			requested = false;
			break;
		default:
			break;
	}
}

void
sd_wake_init(void)
{
	RegisterXactCallback(wake_at_xact_event, NULL);
}
