/*
 * runs.c
 *	  Runs the commands that schedules queued.
 *
 * The row is checked again at each run, not trusted for having been stored:
 * the role must still exist, and the command must be a single SELECT of one
 * function that belongs to this extension, with constant arguments, so that no
 * user's code can run in a worker.  It runs as that role, which it cannot
 * change (SECURITY_LOCAL_USERID_CHANGE), and which creates nothing on the way
 * (SECURITY_RESTRICTED_OPERATION).
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "base/caller.h"
#include "base/rows.h"
#include "base/spi.h"
#include "base/text.h"
#include "store/run.h"
#include "worker/runs.h"
#include "worker/step.h"

/* Longest time one run may take, ms. */
#define RUN_TIMEOUT 1800000
#define STEP_TIMEOUT 30000
/* Characters of a result that are kept. */
#define RESULT_LENGTH 2000

/* -- what may be run ------------------------------------------------------- */

static bool
is_constant(Node *node)
{
	ListCell   *cell;

	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
		case T_A_Const:
			return true;
		case T_TypeCast:
			{
				TypeName   *type = ((TypeCast *) node)->typeName;

				/* an unqualified or pg_catalog type: no domain of a user's */
				return is_constant(((TypeCast *) node)->arg) &&
					(list_length(type->names) == 1 ||
					 strcmp(strVal(linitial(type->names)), "pg_catalog") == 0);
			}
		case T_NamedArgExpr:
			return is_constant((Node *) ((NamedArgExpr *) node)->arg);
		case T_A_ArrayExpr:
			foreach(cell, ((A_ArrayExpr *) node)->elements)
				if (!is_constant(lfirst(cell)))
					return false;
			return true;
		default:
			return false;
	}
}

/* The one function called by SELECT f(…), else NULL. */
static FuncCall *
only_call(SelectStmt *select)
{
	FuncCall   *call;
	ListCell   *cell;

	if (select->op != SETOP_NONE || select->distinctClause || select->intoClause ||
		select->whereClause || select->groupClause || select->havingClause ||
		select->windowClause || select->valuesLists || select->sortClause ||
		select->limitOffset || select->limitCount || select->lockingClause ||
		select->withClause)
		return NULL;
	if (list_length(select->targetList) == 1 && select->fromClause == NIL)
		call = (FuncCall *) ((ResTarget *) linitial(select->targetList))->val;
	else
		return NULL;
	if (call == NULL || !IsA(call, FuncCall) || call->agg_order || call->agg_filter ||
		call->over || call->agg_within_group || call->agg_star || call->agg_distinct ||
		call->func_variadic)
		return NULL;
	foreach(cell, call->args)
		if (!is_constant(lfirst(cell)))
			return NULL;
	return call;
}

static FuncCall *
parse_command(const char *command)
{
	List	   *statements = raw_parser(command, RAW_PARSE_DEFAULT);
	Node	   *statement;
	FuncCall   *call = NULL;

	if (list_length(statements) == 1)
	{
		statement = ((RawStmt *) linitial(statements))->stmt;
		if (IsA(statement, SelectStmt))
			call = only_call((SelectStmt *) statement);
	}
	if (call == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("scheduled command must be one SELECT of one schemadrift function with constant arguments"),
				 errhint("For example: SELECT drift_check()")));
	return call;
}

/* The schema of our functions, quoted. */
static char *
extension_schema(void)
{
	SdRows	   *rows;

	rows = sd_spi_query("SELECT pg_catalog.quote_ident(n.nspname) AS schema"
						"  FROM pg_catalog.pg_extension e"
						"  JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
						" WHERE e.extname = 'schemadrift'", 0, NULL);
	if (rows->nrows == 0)
		elog(ERROR, "extension schemadrift is not installed");
	return sd_rows_value(rows, 0, "schema");
}

/*
 * Every function of that name in our schema must be a member of the extension;
 * else an overload of somebody else's might be the one that is called.
 */
static void
check_function(FuncCall *call)
{
	const char *name = strVal(llast(call->funcname));
	const char *schema = NULL;
	SdRows	   *rows;

	if (list_length(call->funcname) == 2)
		schema = strVal(linitial(call->funcname));
	rows = sd_spi_queryv("SELECT pg_catalog.count(*) > 0 AND pg_catalog.bool_and(EXISTS ("
						 "         SELECT FROM pg_catalog.pg_depend d"
						 "          WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid"
						 "            AND d.refclassid = 'pg_catalog.pg_extension'::regclass"
						 "            AND d.refobjid = e.oid AND d.deptype = 'e')) AS ours"
						 "  FROM pg_catalog.pg_extension e"
						 "  JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
						 "  JOIN pg_catalog.pg_proc p ON p.pronamespace = n.oid"
						 " WHERE e.extname = 'schemadrift' AND p.proname = $1"
						 "   AND n.nspname = COALESCE($2, n.nspname)", name, schema);
	if (strncmp(name, "drift_", 6) != 0 || list_length(call->funcname) > 2 ||
		!sd_rows_bool(rows, 0, "ours"))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("\"%s\" is not a function of schemadrift", NameListToString(call->funcname)),
				 errhint("drift_help() lists them.")));
}

void
sd_run_check_command(const char *command)
{
	check_function(parse_command(command));
}

/* -- running it ------------------------------------------------------------ */

typedef struct Running
{
	SdRun	   *run;
	const char *result;
	bool		ok;
} Running;

static void
claim_step(void *arg)
{
	((Running *) arg)->run = sd_run_claim();
}

/* One value as it is, else how many rows came back. */
static const char *
describe(const SdRows *rows)
{
	if (rows->nrows == 1 && rows->ncolumns == 1)
		return sd_cut(rows->values[0][0] ? rows->values[0][0] : "", RESULT_LENGTH);
	return psprintf("%d rows", rows->nrows);
}

static void
run_step(void *arg)
{
	Running    *running = arg;
	SdRows	   *rows;
	Oid			role;
	Oid			saved_role;
	int			saved_context;
	int			nest;

	sd_run_check_command(running->run->command);
	role = get_role_oid(running->run->run_as, true);
	if (!OidIsValid(role))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("role \"%s\" of the schedule no longer exists", running->run->run_as)));
	nest = NewGUCNestLevel();
	(void) set_config_option("search_path", psprintf("pg_catalog, %s, pg_temp", extension_schema()),
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	GetUserIdAndSecContext(&saved_role, &saved_context);
	SetUserIdAndSecContext(role, saved_context | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION);
	sd_caller_set(role);
	rows = sd_spi_query(running->run->command, 0, NULL);
	SetUserIdAndSecContext(saved_role, saved_context);
	AtEOXact_GUC(false, nest);
	running->result = describe(rows);
	running->ok = true;
}

static void
finish_step(void *arg)
{
	Running    *running = arg;

	sd_run_finish(running->run->id, running->ok, running->result);
}

static bool
run_one(void)
{
	Running		running = {0};
	char	   *error = NULL;
	SdStepResult outcome;

	if (sd_step("schemadrift: claiming a run", STEP_TIMEOUT, claim_step, &running, NULL)
		!= SD_STEP_DONE || running.run == NULL)
		return false;
	outcome = sd_step("schemadrift: running a scheduled command", RUN_TIMEOUT, run_step, &running, &error);
	sd_caller_set(InvalidOid);
	if (outcome != SD_STEP_DONE)
	{
		running.ok = false;
		running.result = error ? error : "the extension is being dropped";
		ereport(LOG, (errmsg("schemadrift run " INT64_FORMAT " of schedule \"%s\" failed: %s",
							 running.run->id,
							 running.run->schedule ? running.run->schedule : "",
							 running.result)));
	}
	sd_step("schemadrift: recording a run", STEP_TIMEOUT, finish_step, &running, NULL);
	return true;
}

bool
sd_run_one(void)
{
	MemoryContext item = AllocSetContextCreate(CurrentMemoryContext, "schemadrift run",
											   ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(item);
	bool		any = run_one();

	MemoryContextSwitchTo(caller);
	MemoryContextDelete(item);
	return any;
}
