/*
 * guard.c
 *	  Catches our own errors without a subtransaction.
 *
 * PostgreSQL offers subtransactions for this, but one for each DDL command
 * costs a transaction id each, and above 64 of them standbys slow down.  So
 * the step runs under a resource owner of its own, and an error is cleaned up
 * as AbortSubTransaction() would, as far as a step can have left anything:
 * buffer and catalog pins, locks, lightweight locks, registered snapshots,
 * memory.  What a step may not use (SPI, active snapshots, GUC nesting) is
 * what this does not clean.
 *
 * Rows written before the error stay written; a step therefore writes last.
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xloginsert.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "storage/condition_variable.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/wait_event.h"

#include "base/compat.h"
#include "capture/guard.h"

static int	depth = 0;

bool
sd_guard_is_running(void)
{
	return depth > 0;
}

/* A committed step's locks pass to the parent; a failed one's are released. */
static void
release(ResourceOwner owner, bool ok)
{
	ResourceOwnerRelease(owner, RESOURCE_RELEASE_BEFORE_LOCKS, ok, false);
	ResourceOwnerRelease(owner, RESOURCE_RELEASE_LOCKS, ok, false);
	ResourceOwnerRelease(owner, RESOURCE_RELEASE_AFTER_LOCKS, ok, false);
	ResourceOwnerDelete(owner);
}

/* What AbortSubTransaction() does before it turns to the resource owner. */
static void
reset_after_error(void)
{
	LWLockReleaseAll();
	pgstat_report_wait_end();
	SD_ABORT_ASYNC_IO();
	SD_ABORT_BUFFER_IO();
	UnlockBuffers();
	XLogResetInsertion();
	ConditionVariableCancelSleep();
	LockErrorCleanup();
}

/*
 * What the session's user may set and a step must not be subject to.  The
 * command itself can set it on its way, as a default's function that makes the
 * transaction read-only: then no event and no miss could be written.  Quoted
 * identities would be taken for other names.
 */
typedef struct Environment
{
	bool		read_only;
	bool		quote_all;
} Environment;

static Environment
set_environment(Environment wanted)
{
	Environment before = {XactReadOnly, quote_all_identifiers};

	XactReadOnly = wanted.read_only;
	quote_all_identifiers = wanted.quote_all;
	return before;
}

char *
sd_guard_run(SdGuardedStep step, void *arg)
{
	MemoryContext caller = CurrentMemoryContext;
	ResourceOwner outer = CurrentResourceOwner;
	int			outer_depth = depth;
	MemoryContext context = AllocSetContextCreate(caller, "schemadrift capture",
												  ALLOCSET_DEFAULT_SIZES);
	ResourceOwner owner = ResourceOwnerCreate(outer, "schemadrift capture");
	char	   *volatile problem = NULL;
	const Environment environment = set_environment((Environment) {false, false});

	PG_TRY();
	{
		depth = outer_depth + 1;
		CurrentResourceOwner = owner;
		MemoryContextSwitchTo(context);
		step(arg);
		release(owner, true);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		FlushErrorState();
		HOLD_INTERRUPTS();
		reset_after_error();
		release(owner, false);
		RESUME_INTERRUPTS();
		if (error->sqlerrcode == ERRCODE_QUERY_CANCELED)
		{
			depth = outer_depth;
			CurrentResourceOwner = outer;
			set_environment(environment);
			ReThrowError(error);
		}
		problem = pstrdup(error->message ? error->message : "unknown error");
		FreeErrorData(error);
	}
	PG_END_TRY();
	depth = outer_depth;
	CurrentResourceOwner = outer;
	set_environment(environment);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return problem;
}
