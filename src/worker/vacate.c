/*
 * vacate.c
 *	  Leaves a database alone while a command needs it for itself.
 *
 * CREATE DATABASE … TEMPLATE, DROP DATABASE, ALTER DATABASE … RENAME and SET
 * TABLESPACE fail after five seconds when anybody else is connected.  So when
 * one begins, the database is blocked for our workers and the attached one is
 * asked to leave, and after a short while told to (SIGTERM; what it was doing
 * is taken over by the next one).  The block has an end of its own, should
 * the session die before it lifts it.
 */
#include "postgres.h"

#include <signal.h>

#include "catalog/pg_database.h"
#include "commands/dbcommands.h"
#include "commands/defrem.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "pgstat.h"
#include "storage/latch.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "base/compat.h"
#include "worker/shared.h"
#include "worker/vacate.h"

/* Longest time for which a database is blocked, ms. */
#define BLOCK_TIME 600000
/* Time the worker gets to leave by itself, and slice to look after it, ms. */
#define POLITE_TIME 300
#define POLITE_SLICE 10

static ProcessUtility_hook_type previous = NULL;

/* The database that the statement needs for itself, NULL = none. */
static const char *
wanted_database(Node *statement)
{
	ListCell   *cell;

	switch (nodeTag(statement))
	{
		case T_DropdbStmt:
			return ((DropdbStmt *) statement)->dbname;
		case T_RenameStmt:
			if (((RenameStmt *) statement)->renameType == OBJECT_DATABASE)
				return ((RenameStmt *) statement)->subname;
			return NULL;
		case T_AlterDatabaseStmt:
			foreach(cell, ((AlterDatabaseStmt *) statement)->options)
				if (strcmp(((DefElem *) lfirst(cell))->defname, "tablespace") == 0)
					return ((AlterDatabaseStmt *) statement)->dbname;
			return NULL;
		case T_CreatedbStmt:
			foreach(cell, ((CreatedbStmt *) statement)->options)
				if (strcmp(((DefElem *) lfirst(cell))->defname, "template") == 0 &&
					((DefElem *) lfirst(cell))->arg != NULL)
					return defGetString(lfirst(cell));
			return NULL;
		default:
			return NULL;
	}
}

/*
 * Whoever may not do it is refused by the server; until then he must not keep
 * workers from a database.  An owner may do all of it (templates, which others
 * may copy, have no worker).
 */
static bool
may_want(Oid database)
{
	return OidIsValid(database) && SD_OWNS_DATABASE(database, GetUserId());
}

static void
ask_to_leave(SdSlot *slot)
{
	uint32		pid;
	int			waited;

	sd_wake_process(pg_atomic_read_u32(&slot->worker));
	for (waited = 0; pg_atomic_read_u32(&slot->worker_pid) != 0; waited += POLITE_SLICE)
	{
		if (waited >= POLITE_TIME)
		{
			pid = pg_atomic_read_u32(&slot->worker_pid);
			if (pid != 0)
				kill((pid_t) pid, SIGTERM);
			return;
		}
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
						 POLITE_SLICE, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
}

static void
vacate(SdSlot *slot)
{
	pg_atomic_write_u64(&slot->blocked_until,
						(uint64) TimestampTzPlusMilliseconds(GetCurrentTimestamp(), BLOCK_TIME));
	ask_to_leave(slot);
}

static void
lift(SdSlot *slot)
{
	pg_atomic_write_u64(&slot->blocked_until, 0);
	sd_wake_process(pg_atomic_read_u32(&sd_shared()->launcher));
}

static void
next_hook(PlannedStmt *pstmt, const char *query, bool read_only_tree,
		  ProcessUtilityContext context, ParamListInfo params,
		  QueryEnvironment *environment, DestReceiver *dest, QueryCompletion *completion)
{
	(previous ? previous : standard_ProcessUtility)
		(pstmt, query, read_only_tree, context, params, environment, dest, completion);
}

static void
hook(PlannedStmt *pstmt, const char *query, bool read_only_tree,
	 ProcessUtilityContext context, ParamListInfo params,
	 QueryEnvironment *environment, DestReceiver *dest, QueryCompletion *completion)
{
	const char *name = wanted_database(pstmt->utilityStmt);
	SdSlot	   *slot = NULL;

	/* without a slot no worker stays: it has no extension, or never needed us */
	if (name != NULL && context == PROCESS_UTILITY_TOPLEVEL)
	{
		Oid			database = get_database_oid(name, true);

		slot = may_want(database) ? sd_slot(database, false) : NULL;
	}
	if (slot == NULL)
	{
		next_hook(pstmt, query, read_only_tree, context, params, environment, dest, completion);
		return;
	}
	PG_TRY();
	{
		vacate(slot);
		next_hook(pstmt, query, read_only_tree, context, params, environment, dest, completion);
	}
	PG_FINALLY();
	{
		lift(slot);
	}
	PG_END_TRY();
}

void
sd_vacate_install(void)
{
	previous = ProcessUtility_hook;
	ProcessUtility_hook = hook;
}
