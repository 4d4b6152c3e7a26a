/*
 * statement.c
 *	  Remembers which utility statements are running.
 *
 * The stack lives in the hook's own C frames and is popped on every way out,
 * so an error cannot leave a text behind for the next statement to find.
 * Subcommands (the elements of CREATE SCHEMA, the index of a CREATE TABLE)
 * are not pushed: they are part of the statement that the user wrote, and no
 * event trigger fires for them.
 *
 * Without the stack one would fall back on the whole string that the client
 * sent; that holds neighbours and their secrets, so it is never looked at.
 */
#include "postgres.h"

#include "tcop/utility.h"

#include "base/fault.h"
#include "base/settings.h"
#include "capture/statement.h"

typedef struct Running
{
	const char *source;			/* the string that holds it */
	int			location;		/* in bytes, -1 = not known */
	int			length;			/* in bytes, 0 = to the end of source */
	CommandTag	tag;
	struct Running *outer;
} Running;

static Running *innermost = NULL;
static uint64 count = 0;
static SdStatementHooks hooks;
static ProcessUtility_hook_type next_hook = NULL;

/* Skip white space and comments; end bounds the search. */
static const char *
skip_blank(const char *p, const char *end)
{
	for (;;)
	{
		if (p < end && strchr(" \t\n\r\f\v", *p) != NULL && *p != '\0')
			p++;
		else if (end - p >= 2 && p[0] == '-' && p[1] == '-')
		{
			while (p < end && *p != '\n' && *p != '\r')
				p++;
		}
		else if (end - p >= 2 && p[0] == '/' && p[1] == '*')
		{
			int			nesting = 0;

			do
			{
				if (end - p >= 2 && p[0] == '/' && p[1] == '*')
					nesting++, p += 2;
				else if (end - p >= 2 && p[0] == '*' && p[1] == '/')
					nesting--, p += 2;
				else
					p++;
			} while (nesting > 0 && p < end);
		}
		else
			return p;
	}
}

char *
sd_statement_text(CommandTag tag)
{
	const Running *running = innermost;
	const char *begin;
	const char *end;
	int			available;

	SD_FAULT_POINT("capture.statement");
	if (running == NULL || running->tag != tag || running->location < 0 ||
		running->source == NULL)
		return NULL;
	available = strlen(running->source);
	if (running->location > available ||
		running->length > available - running->location)
		return NULL;
	begin = running->source + running->location;
	end = running->length > 0 ? begin + running->length : running->source + available;
	begin = skip_blank(begin, end);
	while (end > begin && strchr(" \t\n\r\f\v;", end[-1]) != NULL)
		end--;
	return pnstrdup(begin, end - begin);
}

static void
run_next(PlannedStmt *pstmt, const char *source, bool read_only_tree,
		 ProcessUtilityContext context, ParamListInfo params,
		 QueryEnvironment *env, DestReceiver *dest, QueryCompletion *qc)
{
	if (next_hook)
		next_hook(pstmt, source, read_only_tree, context, params, env, dest, qc);
	else
		standard_ProcessUtility(pstmt, source, read_only_tree, context, params,
								env, dest, qc);
}

/* Who switches capture off for himself is to be found in the log. */
static bool
is_switch(const char *setting)
{
	return setting && (pg_strcasecmp(setting, "schemadrift.enabled") == 0 ||
					   pg_strcasecmp(setting, "schemadrift.capture") == 0 ||
					   pg_strcasecmp(setting, "event_triggers") == 0);
}

/* May this statement change the schema, itself and not by what it calls? */
static bool
is_of_interest(Node *tree)
{
	switch (nodeTag(tree))
	{
		case T_ExplainStmt:
			return true;
		case T_ExecuteStmt:
		case T_TransactionStmt:
			return false;
		case T_VariableSetStmt:
			return is_switch(((VariableSetStmt *) tree)->name);
		default:
			return GetCommandLogLevel(tree) == LOGSTMT_DDL;
	}
}

static void
hook(PlannedStmt *pstmt, const char *source, bool read_only_tree,
	 ProcessUtilityContext context, ParamListInfo params,
	 QueryEnvironment *env, DestReceiver *dest, QueryCompletion *qc)
{
	Node	   *tree = pstmt->utilityStmt;
	Running		running;

	count++;
	if (!sd_enabled || context == PROCESS_UTILITY_SUBCOMMAND || !is_of_interest(tree))
	{
		run_next(pstmt, source, read_only_tree, context, params, env, dest, qc);
		return;
	}
	running.source = source;
	running.location = pstmt->stmt_location;
	running.length = pstmt->stmt_len;
	running.tag = CreateCommandTag(tree);
	running.outer = innermost;
	innermost = &running;
	PG_TRY();
	{
		void	   *state = hooks.before(tree);

		run_next(pstmt, source, read_only_tree, context, params, env, dest, qc);
		if (state)
			hooks.after(state, tree, running.tag);
	}
	PG_FINALLY();
	{
		innermost = running.outer;
	}
	PG_END_TRY();
}

uint64
sd_statement_count(void)
{
	return count;
}

void
sd_statement_init(SdStatementHooks given)
{
	hooks = given;
	next_hook = ProcessUtility_hook;
	ProcessUtility_hook = hook;
}
