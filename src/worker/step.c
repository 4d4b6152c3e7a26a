/*
 * step.c
 *	  One short transaction of a worker, and the wait between two.
 *
 * Each step first takes the lock on the extension that DROP EXTENSION takes,
 * without waiting: either the drop waits for the end of a short step, or the
 * step does not begin.  Without it a drop, which locks one table after
 * another, and a step, which does too, could end in a deadlock.
 *
 * statement_timeout is armed by the server's client loop, which a worker does
 * not run; so it is armed here.  lock_timeout works by itself.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/interrupt.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timeout.h"
#include "utils/wait_event.h"

#include "base/compat.h"
#include "worker/step.h"

/* Is the extension there, and will it stay until the end of this step? */
static bool
hold_extension(void)
{
	Oid			extension = get_extension_oid("schemadrift", true);

	if (!OidIsValid(extension) ||
		!ConditionalLockDatabaseObject(ExtensionRelationId, extension, 0, AccessShareLock))
		return false;
	return get_extension_oid("schemadrift", true) == extension;
}

/* End the failed transaction and give back why it failed. */
static char *
fail(MemoryContext caller)
{
	ErrorData  *data;
	char	   *message;

	MemoryContextSwitchTo(caller);
	data = CopyErrorData();
	FlushErrorState();
	HOLD_INTERRUPTS();
	disable_timeout(STATEMENT_TIMEOUT, false);
	QueryCancelPending = false;
	AbortCurrentTransaction();
	RESUME_INTERRUPTS();
	MemoryContextSwitchTo(caller);
	message = pstrdup(data->message);
	if (data->detail)
		message = psprintf("%s: %s", message, data->detail);
	FreeErrorData(data);
	return message;
}

SdStepResult
sd_step(const char *activity, int timeout_ms, SdStep step, void *arg, char **error)
{
	MemoryContext caller = CurrentMemoryContext;
	volatile SdStepResult result = SD_STEP_DONE;

	pgstat_report_activity(STATE_RUNNING, activity);
	PG_TRY();
	{
		SetCurrentStatementStartTimestamp();
		StartTransactionCommand();
		MemoryContextSwitchTo(caller);
		if (hold_extension())
		{
			enable_timeout_after(STATEMENT_TIMEOUT, timeout_ms);
			PushActiveSnapshot(GetTransactionSnapshot());
			step(arg);
			PopActiveSnapshot();
			disable_timeout(STATEMENT_TIMEOUT, false);
		}
		else
			result = SD_STEP_GONE;
		CommitTransactionCommand();
		MemoryContextSwitchTo(caller);
	}
	PG_CATCH();
	{
		char	   *message = fail(caller);

		if (error)
			*error = message;
		result = SD_STEP_FAILED;
	}
	PG_END_TRY();
	pgstat_report_stat(false);
	sd_step_idle(NULL);
	return result;
}

void
sd_step_prepare_session(void)
{
	static const char *const pinned[][2] = {
		{"search_path", "pg_catalog, pg_temp"},
		{"lock_timeout", "2s"},
		{"default_transaction_read_only", "off"},
		{"default_transaction_isolation", "read committed"},
		{"application_name", "schemadrift worker"},
		{"client_min_messages", "error"},
		{"compute_query_id", "off"},
		{"jit", "off"},
	};
	int			i;

	for (i = 0; i < lengthof(pinned); i++)
		SetConfigOption(pinned[i][0], pinned[i][1], PGC_SUSET, PGC_S_SESSION);
	/* it would end the process, and each step has a timeout of its own */
	if (SD_HAS_TRANSACTION_TIMEOUT)
		SetConfigOption("transaction_timeout", "0", PGC_SUSET, PGC_S_SESSION);
}

void
sd_step_idle(const char *activity)
{
	if (activity)
		pgstat_report_activity(STATE_RUNNING, activity);
	else
		pgstat_report_activity(STATE_IDLE, NULL);
}

/*
 * pg_cancel_backend() has nothing to cancel between two steps; let it not end
 * the process.  pg_terminate_backend() does.
 */
static void
check_for_interrupts(void)
{
	MemoryContext caller = CurrentMemoryContext;

	PG_TRY();
	{
		CHECK_FOR_INTERRUPTS();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(caller);
		FlushErrorState();
	}
	PG_END_TRY();
}

bool
sd_step_wait(long timeout_ms)
{
	int			events;

	events = WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
					   timeout_ms, PG_WAIT_EXTENSION);
	if (events & WL_LATCH_SET)
		ResetLatch(MyLatch);
	check_for_interrupts();
	if (ConfigReloadPending)
	{
		ConfigReloadPending = false;
		ProcessConfigFile(PGC_SIGHUP);
	}
	return (events & WL_LATCH_SET) != 0;
}
