/*
 * mode.c
 *	  What the person who runs DDL outside a deploy is told.
 *
 * The texts are put together under a guard, like all that capture does: where
 * that fails they are shorter, and nothing else.
 *
 * The server adds to what it logs the string that the client sent and the
 * context, with whatever secrets these hold.  So both are hidden in the log, and
 * of a refused statement the redacted text is there instead.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "base/error.h"
#include "base/text.h"
#include "capture/deploy.h"
#include "capture/guard.h"
#include "capture/mode.h"
#include "model/event.h"
#include "store/deploy.h"
#include "store/route_scan.h"

/* Roles and channels that are named in one message. */
#define SD_MOST_NAMED 5

typedef struct Advice
{
	MemoryContext context;		/* of the texts */
	bool		with_channels;
	bool		may_deploy;
	char	   *role;
	char	   *channels;		/* NULL = nobody is told */
	char	   *deployers;		/* NULL = nobody may deploy */
} Advice;

/* "a", "b" and 3 more */
static char *
join(List *names, MemoryContext context)
{
	MemoryContext outer;
	StringInfoData buf;
	ListCell   *cell;

	if (names == NIL)
		return NULL;
	outer = MemoryContextSwitchTo(context);
	initStringInfo(&buf);
	foreach(cell, names)
	{
		int			i = foreach_current_index(cell);

		if (i == SD_MOST_NAMED)
		{
			appendStringInfo(&buf, " and %d more", list_length(names) - i);
			break;
		}
		appendStringInfo(&buf, "%s\"%s\"", i > 0 ? ", " : "", sd_display(lfirst(cell), false));
	}
	MemoryContextSwitchTo(outer);
	return buf.data;
}

static bool
is_named(const List *names, const char *name)
{
	ListCell   *cell;

	foreach(cell, names)
		if (strcmp(lfirst(cell), name) == 0)
			return true;
	return false;
}

static List *
deployer_roles(void)
{
	List	   *roles = OidIsValid(get_role_oid(SD_DEPLOYER_ROLE, true)) ? list_make1(SD_DEPLOYER_ROLE) : NIL;
	ListCell   *cell;

	/* one role may be named for several clients */
	foreach(cell, sd_deployer_scan())
	{
		const SdDeployer *deployer = lfirst(cell);

		if (deployer->role && !is_named(roles, deployer->role))
			roles = lappend(roles, deployer->role);
	}
	return roles;
}

static void
advise_step(void *arg)
{
	Advice	   *advice = arg;

	advice->role = MemoryContextStrdup(advice->context, GetUserNameFromId(GetSessionUserId(), false));
	advice->may_deploy = sd_deploy_is_allowed();
	if (!advice->may_deploy)
		advice->deployers = join(deployer_roles(), advice->context);
	if (advice->with_channels)
		advice->channels = join(sd_route_scan("watch"), advice->context);
}

static Advice
advise(bool with_channels)
{
	Advice		advice = {.context = CurrentMemoryContext, .with_channels = with_channels};

	(void) sd_guard_run(advise_step, &advice);
	return advice;
}

/* How to do it right, and for superusers in block mode how to do it anyway. */
static char *
hint(const Advice *advice, bool is_blocked)
{
	StringInfoData buf;

	initStringInfo(&buf);
	if (advice->role == NULL || advice->may_deploy)
		appendStringInfoString(&buf, "To deploy: BEGIN; SET LOCAL schemadrift.deploy = 'what it is for'; ... COMMIT;"
							   " or first SELECT drift_deploy_begin('what it is for');");
	else if (advice->deployers)
		appendStringInfo(&buf, "Role \"%s\" may not deploy; members of %s may.",
						 sd_display(advice->role, false), advice->deployers);
	else
		appendStringInfo(&buf, "Role \"%s\" may not deploy; nobody may until drift_deployer_add() names a role.",
						 sd_display(advice->role, false));
	if (is_blocked && superuser())
		appendStringInfoString(&buf, " A superuser can SET schemadrift.capture = 'record'.");
	return buf.data;
}

/* -- notice ----------------------------------------------------------------- */

/* Has this transaction been told of such a command already? */
static bool
is_told(CommandTag tag)
{
	static uint64 told_xid = 0;
	static Bitmapset *told = NULL;
	uint64		xid = U64FromFullTransactionId(GetTopFullTransactionIdIfAny());
	MemoryContext outer;

	if (xid != told_xid)
	{
		bms_free(told);
		told = NULL;
		told_xid = xid;
	}
	if (bms_is_member((int) tag, told))
		return true;
	outer = MemoryContextSwitchTo(TopMemoryContext);
	told = bms_add_member(told, (int) tag);
	MemoryContextSwitchTo(outer);
	return false;
}

void
sd_mode_notice(CommandTag tag, const char *refused_claim)
{
	Advice		advice;

	if (is_told(tag))
		return;
	advice = advise(true);
	ereport(NOTICE,
			(advice.channels ?
			 errmsg("%s outside a deploy will be reported as drift to %s", GetCommandTagName(tag), advice.channels) :
			 errmsg("%s outside a deploy will be recorded as drift", GetCommandTagName(tag)),
			 refused_claim && strncmp(refused_claim, SD_IN_FREEZE, strlen(SD_IN_FREEZE)) == 0 ?
			 errdetail("No deploy counts %s.", sd_display(refused_claim, false)) :
			 refused_claim ?
			 errdetail("\"schemadrift.deploy\" claims to be deploy \"%s\", which does not count.",
					   sd_display(refused_claim, false)) : 0,
			 errhint("%s", hint(&advice, false)),
			 errhidestmt(true), errhidecontext(true)));
}

/* -- block ------------------------------------------------------------------ */

void
sd_mode_refuse(CommandTag tag, const char *statement, const char *problem)
{
	Advice		advice = advise(false);
	const char *detail = problem ?
		psprintf("\"schemadrift.capture\" is set to \"block\", and whether this is a deploy cannot be told: %s.",
				 problem) :
		"\"schemadrift.capture\" is set to \"block\".";

	ereport(ERROR,
			(errcode(ERRCODE_SD_BLOCKED),
			 errmsg("%s is not allowed outside a deploy", GetCommandTagName(tag)),
			 errdetail("%s", detail),
			 errdetail_log("%s%s%s", detail, statement ? " Refused: " : "", statement ? statement : ""),
			 errhint("%s", hint(&advice, true)),
			 errhidestmt(true), errhidecontext(true)));
}

static bool
is_temporary(const RangeVar *relation)
{
	Oid			oid = RangeVarGetRelid(relation, NoLock, true);

	return OidIsValid(oid) && isAnyTempNamespace(get_rel_namespace(oid));
}

/* IF NOT EXISTS that finds something does nothing. */
static bool
makes_no_index(const IndexStmt *stmt)
{
	Oid			table = RangeVarGetRelid(stmt->relation, NoLock, true);

	return stmt->if_not_exists && stmt->idxname && OidIsValid(table) &&
		OidIsValid(get_relname_relid(stmt->idxname, get_rel_namespace(table)));
}

bool
sd_mode_is_hasty(Node *tree)
{
	ListCell   *cell;

	switch (nodeTag(tree))
	{
		case T_CreateSubscriptionStmt:
		case T_AlterSubscriptionStmt:
		case T_DropSubscriptionStmt:
			return true;
		case T_IndexStmt:
			return ((IndexStmt *) tree)->concurrent && !is_temporary(((IndexStmt *) tree)->relation) &&
				!makes_no_index((IndexStmt *) tree);
		case T_DropStmt:
			return ((DropStmt *) tree)->concurrent && ((DropStmt *) tree)->removeType == OBJECT_INDEX &&
				!is_temporary(makeRangeVarFromNameList(linitial(((DropStmt *) tree)->objects)));
		case T_AlterTableStmt:
			foreach(cell, ((AlterTableStmt *) tree)->cmds)
			{
				const AlterTableCmd *cmd = lfirst_node(AlterTableCmd, cell);

				if (cmd->subtype == AT_DetachPartition && ((PartitionCmd *) cmd->def)->concurrent)
					return true;
			}
			return false;
		default:
			return false;
	}
}
