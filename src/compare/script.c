/*
 * script.c
 *	  A plan as a script for psql.
 *
 * Most plans can run in one transaction and leave that to whoever runs them
 * (psql --single-transaction).  One that cannot brings its own: sections from
 * BEGIN to COMMIT, and between them what must stand outside.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/text.h"
#include "compare/plan.h"

/* Does the statement name what is usable only after a COMMIT? */
static bool
names_uncommitted(const SdStatement *statement, List *uncommitted)
{
	ListCell   *cell;

	/* one label may be put next to another at once */
	if (statement->commit_before)
		return false;
	foreach(cell, uncommitted)
		if (strstr(statement->sql, lfirst(cell)))
			return true;
	return false;
}

/* Can all of it run in one transaction? */
static bool
is_one_section(const SdPlan *plan)
{
	List	   *uncommitted = NIL;
	ListCell   *cell;

	foreach(cell, plan->statements)
	{
		const SdStatement *statement = lfirst(cell);

		if (statement->no_transaction || names_uncommitted(statement, uncommitted))
			return false;
		if (statement->commit_before)
			uncommitted = lappend(uncommitted, unconstify(char *, statement->commit_before));
	}
	return true;
}

static void
append_sections(StringInfo buf, const SdPlan *plan)
{
	List	   *uncommitted = NIL;
	bool		is_open = false;
	ListCell   *cell;

	foreach(cell, plan->statements)
	{
		const SdStatement *statement = lfirst(cell);

		if (is_open && (statement->no_transaction || names_uncommitted(statement, uncommitted)))
		{
			appendStringInfoString(buf, "COMMIT;\n");
			is_open = false;
			uncommitted = NIL;
		}
		if (statement->no_transaction)
			appendStringInfoString(buf, "-- cannot run in a transaction\n");
		else if (!is_open)
		{
			appendStringInfoString(buf, "BEGIN;\n");
			is_open = true;
		}
		appendStringInfo(buf, "%s;\n", statement->sql);
		if (statement->commit_before)
			uncommitted = lappend(uncommitted, unconstify(char *, statement->commit_before));
	}
	if (is_open)
		appendStringInfoString(buf, "COMMIT;\n");
}

char *
sd_plan_script(const SdPlan *plan)
{
	StringInfoData buf;
	ListCell   *cell;
	bool		is_one;

	initStringInfo(&buf);
	if (plan->statements == NIL && plan->impossible == NIL)
		return buf.data;
	is_one = is_one_section(plan);
	foreach(cell, plan->notes)
		appendStringInfo(&buf, "-- %s\n", sd_display(lfirst(cell), false));
	if (!is_one)
		appendStringInfoString(&buf, "-- This plan cannot run in one transaction; it holds its own.\n");
	foreach(cell, plan->impossible)
		appendStringInfo(&buf, "SELECT %s AS not_done;\n", sd_literal(lfirst(cell)));
	appendStringInfoString(&buf, "SET search_path = '';\nSET check_function_bodies = off;\n");
	if (!is_one)
		append_sections(&buf, plan);
	foreach(cell, is_one ? plan->statements : NIL)
		appendStringInfo(&buf, "%s;\n", ((SdStatement *) lfirst(cell))->sql);
	appendStringInfoString(&buf, "RESET check_function_bodies;\nRESET search_path;\n");
	return buf.data;
}
