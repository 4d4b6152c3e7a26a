/*
 * capture.c
 *	  One event for each DDL command that did something.
 *
 * The server fires sql_drop first and ddl_command_end last, for the same
 * command with the same parse tree.  What was dropped is kept from the one to
 * the other, so that ALTER TABLE … DROP COLUMN and DROP TABLE are one event
 * each.  Triggers of others may run DDL in between, and the second may never
 * come (an error, caught by a savepoint), so what is kept carries transaction,
 * subtransaction and parse tree, and counts only where all three agree.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "access/parallel.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/caller.h"
#include "base/compat.h"
#include "base/fault.h"
#include "base/settings.h"
#include "base/wake.h"
#include "capture/arm.h"
#include "capture/capture.h"
#include "capture/deploy.h"
#include "capture/guard.h"
#include "capture/miss.h"
#include "capture/mode.h"
#include "capture/objects.h"
#include "capture/redact.h"
#include "capture/statement.h"
#include "capture/unfired.h"
#include "capture/withhold.h"
#include "store/event_write.h"

const char *const sd_capture_fault_points[] = {
	"capture.collect", "capture.alloc", "capture.statement", "capture.redact",
	"capture.session", "capture.deploy", "capture.lock", "capture.id",
	"capture.form", "capture.insert", "capture.wake", NULL
};

/* What a command dropped, until its ddl_command_end. */
typedef struct Dropped
{
	uint64		xid;
	SubTransactionId subxid;
	const Node *tree;			/* compared, never followed */
	List	   *objects;
	bool		missed;			/* collecting them failed and was counted */
} Dropped;

static List *dropped_list = NIL;	/* Dropped *, in TopTransactionContext */
static uint64 dropped_xid = 0;	/* the transaction that the list is of */

static int	suspended = 0;

void
sd_capture_suspend(bool suspend)
{
	suspended += suspend ? 1 : -1;
}

/*
 * sd_enabled first, before anything that could fail: it is the way out when
 * capture itself is broken.  Scripts of extensions are one command for us,
 * CREATE or ALTER EXTENSION.
 */
static bool
is_capturing(void)
{
	return sd_enabled && sd_capture_mode != SD_CAPTURE_OFF && suspended == 0 && !sd_guard_is_running() &&
		!IsBinaryUpgrade && !creating_extension &&
		!IsParallelWorker() && !RecoveryInProgress();
}

/* Commands that fire triggers and leave the schema as it was. */
static bool
is_maintenance(const Node *tree, CommandTag tag)
{
	if (tag == CMDTAG_REFRESH_MATERIALIZED_VIEW)
		return !(tree && IsA(tree, RefreshMatViewStmt) &&
				 ((const RefreshMatViewStmt *) tree)->skipData);
	return tag == CMDTAG_REINDEX;
}

/* -- what we do ourselves -------------------------------------------------- */

#define SD_OWN_CHANGE "drift_create_roles()"

static uint64 own_change_xid = 0;

void
sd_capture_own_change(bool begins)
{
	own_change_xid = begins ? U64FromFullTransactionId(GetTopFullTransactionId()) : 0;
}

static bool
is_own_change(const SdEvent *event, CommandTag tag)
{
	return own_change_xid != 0 && own_change_xid == event->xid &&
		(tag == CMDTAG_GRANT || tag == CMDTAG_GRANT_ROLE || tag == CMDTAG_CREATE_ROLE);
}

/* -- what was dropped ------------------------------------------------------ */

static uint64
current_xid(void)
{
	return U64FromFullTransactionId(GetTopFullTransactionIdIfAny());
}

static Dropped *
remember_dropped(const Node *tree)
{
	MemoryContext outer = MemoryContextSwitchTo(TopTransactionContext);
	Dropped    *dropped = palloc0(sizeof(Dropped));

	dropped->xid = current_xid();
	dropped->subxid = GetCurrentSubTransactionId();
	dropped->tree = tree;
	if (dropped_xid != dropped->xid)
		dropped_list = NIL;		/* freed with its transaction */
	dropped_xid = dropped->xid;
	dropped_list = lappend(dropped_list, dropped);
	MemoryContextSwitchTo(outer);
	return dropped;
}

/* Take the entry of this very command out of the list, NULL if none. */
static Dropped *
take_dropped(const Node *tree)
{
	ListCell   *cell;

	if (dropped_list == NIL || dropped_xid != current_xid())
		return NULL;
	foreach(cell, dropped_list)
	{
		Dropped    *dropped = lfirst(cell);

		if (dropped->tree == tree && dropped->subxid == GetCurrentSubTransactionId())
		{
			dropped_list = foreach_delete_current(dropped_list, cell);
			return dropped;
		}
	}
	return NULL;
}

static void
drop_step(void *arg)
{
	Dropped    *dropped = arg;
	List	   *objects;
	MemoryContext outer;

	SD_FAULT_POINT("capture.collect");
	objects = sd_objects_add_dropped(NIL);
	outer = MemoryContextSwitchTo(TopTransactionContext);
	dropped->objects = sd_objects_copy(objects);
	MemoryContextSwitchTo(outer);
}

void
sd_capture_sql_drop(const EventTriggerData *trigger)
{
	Dropped    *dropped;
	char	   *problem;

	if (!is_capturing() || is_maintenance(trigger->parsetree, trigger->tag))
		return;
	dropped = remember_dropped(trigger->parsetree);
	problem = sd_guard_run(drop_step, dropped);
	if (problem)
	{
		dropped->missed = true;
		sd_capture_miss(problem);
	}
}

/* -- the event ------------------------------------------------------------- */

typedef struct Recording
{
	Node	   *tree;
	CommandTag	tag;
	const List *before;			/* objects that are known already */
	bool		collect;		/* ask the event trigger machinery for more */
	bool		is_schema;		/* notice and block are about this sort of command */
	bool		is_early;		/* it has yet to run: decide, and write nothing */
	bool		is_unknown;		/* what it dropped could not be found out */

	/* out */
	bool		undecided;		/* it was not found out whether it is in a deploy */
	bool		unexpected;		/* it is in none */
	char	   *refused_claim;	/* as in the event, in the caller's context */
	char	   *statement;		/* of what is refused, likewise; NULL = not known */
	MemoryContext context;
} Recording;

static char *
statement_of(Node *tree, CommandTag tag)
{
	char	   *text = sd_withhold(tree, tag);

	if (text)
		return text;
	text = sd_statement_text(tag);
	return text ? sd_redact(text, !standard_conforming_strings) : NULL;
}

static void
describe_session(SdEvent *event, bool is_early)
{
	SD_FAULT_POINT("capture.session");
	event->at = GetCurrentTimestamp();
	/* DROP INDEX CONCURRENTLY must not have one yet */
	event->xid = U64FromFullTransactionId(is_early ? GetTopFullTransactionIdIfAny() : GetTopFullTransactionId());
	event->pid = MyProcPid;
	event->session_role = GetUserNameFromId(GetSessionUserId(), true);
	event->effective_role = GetUserNameFromId(GetUserId(), true);
	if (event->session_role == NULL)
		event->session_role = psprintf("%u", GetSessionUserId());
	if (event->effective_role == NULL)
		event->effective_role = psprintf("%u", GetUserId());
	event->client = sd_client_address();
	event->application = application_name && application_name[0] != '\0' ? application_name : NULL;
}

static void
record_step(void *arg)
{
	Recording  *recording = arg;
	List	   *objects = sd_objects_copy(recording->before);
	SdEvent    *event;

	recording->undecided = true;
	if (recording->collect)
	{
		SD_FAULT_POINT("capture.collect");
		objects = sd_objects_add_commands(objects);
	}
	if (objects == NIL && !recording->is_early && !recording->is_unknown)
	{
		recording->undecided = false;
		return;					/* IF NOT EXISTS, temporary objects … */
	}
	SD_FAULT_POINT("capture.alloc");
	event = palloc0(sizeof(SdEvent));
	describe_session(event, recording->is_early);
	sd_deploy_explain(event);
	if (event->deploy == NULL && is_own_change(event, recording->tag))
		event->deploy = SD_OWN_CHANGE;
	recording->undecided = false;
	recording->unexpected = event->deploy == NULL;
	if (event->refused_claim)
		recording->refused_claim = MemoryContextStrdup(recording->context, event->refused_claim);
	if (objects == NIL || (recording->unexpected && recording->is_schema && sd_capture_mode == SD_CAPTURE_BLOCK))
		return;
	event->tag = GetCommandTagName(recording->tag);
	event->statement = statement_of(recording->tree, recording->tag);
	event->objects = objects;
	SD_FAULT_POINT("capture.wake");
	(void) sd_event_write(event);
	sd_wake_request();
}

/* For the log, where the server's own words would hold the secrets of a statement that is refused. */
static void
describe_refused_step(void *arg)
{
	Recording  *recording = arg;
	char	   *text = recording->is_early ? sd_withhold(recording->tree, recording->tag) :
		statement_of(recording->tree, recording->tag);

	if (text)
		recording->statement = MemoryContextStrdup(recording->context, text);
}

/* Block mode is the one that must not go on where it cannot tell. */
static void
record(Recording *recording, bool already_missed)
{
	char	   *problem;

	recording->context = CurrentMemoryContext;
	problem = sd_guard_run(record_step, recording);
	if (recording->is_schema && sd_capture_mode == SD_CAPTURE_BLOCK &&
		(recording->unexpected || recording->undecided))
	{
		(void) sd_guard_run(describe_refused_step, recording);
		sd_mode_refuse(recording->tag, recording->statement, recording->undecided ? problem : NULL);
	}
	if (problem && !already_missed)
		sd_capture_miss(problem);
	if (recording->is_schema && sd_capture_mode == SD_CAPTURE_NOTICE && recording->unexpected)
		sd_mode_notice(recording->tag, recording->refused_claim);
}

void
sd_capture_command_end(const EventTriggerData *trigger)
{
	Dropped    *dropped = take_dropped(trigger->parsetree);
	Recording	recording = {
		.tree = trigger->parsetree,
		.tag = trigger->tag,
		.before = dropped ? dropped->objects : NIL,
		.collect = true,
		.is_schema = true,
		.is_unknown = dropped && dropped->missed,
	};

	if (!is_capturing() || is_maintenance(trigger->parsetree, trigger->tag))
		return;
	record(&recording, dropped && dropped->missed);
}

/* -- what fires no trigger ------------------------------------------------- */

/* An operator may run such a statement to get out of trouble: fail nothing. */
typedef struct Unfired
{
	Node	   *tree;
	List	   *objects;
	MemoryContext context;		/* of objects: outlives the guarded step */
	bool		done;			/* the statement has run */
} Unfired;

static void
unfired_step(void *arg)
{
	Unfired    *unfired = arg;
	List	   *objects = unfired->done ? sd_unfired_after(unfired->tree) :
		sd_unfired_before(unfired->tree);
	MemoryContext outer = MemoryContextSwitchTo(unfired->context);

	unfired->objects = list_concat(unfired->objects, sd_objects_copy(objects));
	MemoryContextSwitchTo(outer);
}

/* Where it would be too late to refuse when the command has run. */
static void
refuse_early(Node *tree)
{
	Recording	recording = {
		.tree = tree,
		.tag = CreateCommandTag(tree),
		.is_schema = true,
		.is_early = true,
	};

	record(&recording, false);
}

/*
 * Roles, settings and event triggers are never blocked: that is how one gets
 * out.  These change the schema like any DDL.
 */
static bool
is_schema_command(const Node *tree)
{
	return IsA(tree, ExplainStmt) || IsA(tree, ReassignOwnedStmt) || IsA(tree, ClusterStmt);
}

static void
record_unfired(const Unfired *unfired, CommandTag tag)
{
	Recording	recording = {
		.tree = unfired->tree,
		.tag = tag,
		.before = unfired->objects,
		.is_schema = is_schema_command(unfired->tree),
	};

	if (recording.before != NIL)
		record(&recording, false);
}

static void *
before_utility(Node *tree)
{
	Unfired    *unfired;
	char	   *problem;

	if (sd_capture_mode == SD_CAPTURE_BLOCK && is_capturing() && sd_capture_is_armed() && sd_mode_is_hasty(tree))
		refuse_early(tree);
	if (!sd_unfired_is_candidate(tree) || !is_capturing() || !sd_capture_is_armed())
		return NULL;
	unfired = palloc0(sizeof(Unfired));
	unfired->tree = tree;
	unfired->context = CurrentMemoryContext;
	problem = sd_guard_run(unfired_step, unfired);
	if (problem)
		sd_capture_miss(problem);
	if (!IsA(tree, VariableSetStmt))
		return unfired;
	/* afterwards nothing may be captured any more */
	record_unfired(unfired, CMDTAG_SET);
	return NULL;
}

static void
after_utility(void *state, Node *tree, CommandTag tag)
{
	Unfired    *unfired = state;
	char	   *problem;

	if (!is_capturing())
		return;
	unfired->done = true;
	problem = sd_guard_run(unfired_step, unfired);
	if (problem)
		sd_capture_miss(problem);
	record_unfired(unfired, tag);
}

void
sd_capture_init(void)
{
	SdStatementHooks hooks = {before_utility, after_utility};

	sd_statement_init(hooks);
}
