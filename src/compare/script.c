/*
 * script.c
 *	  A plan as a script for psql.
 *
 * Most plans can run in one transaction and leave that to whoever runs them
 * (psql --single-transaction).  One that cannot brings its own: sections from
 * BEGIN to COMMIT, and between them what must stand outside.
 *
 * Outside of quotes psql takes a colon and a name for a variable.  The server
 * writes that in slices of arrays, a[i:n], and a space keeps psql out.
 */
#include "postgres.h"

#include <ctype.h>

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

/* Where a dollar-quoted text ends that starts at p; NULL when none does. */
static const char *
dollar_quoted_end(const char *p)
{
	const char *tag = p + 1;
	const char *end = tag;
	const char *close;

	while (*end == '_' || IS_HIGHBIT_SET(*end) || isalpha((unsigned char) *end) ||
		   (end > tag && isdigit((unsigned char) *end)))
		end++;
	if (*end != '$')
		return NULL;
	close = strstr(end + 1, pnstrdup(p, end - p + 1));
	return close ? close + (end - p + 1) : p + strlen(p);
}

/* Where a text ends that starts at p with a quote. */
static const char *
quoted_end(const char *p, bool has_escapes)
{
	const char *end;

	for (end = p + 1; *end != '\0'; end++)
	{
		if (*end == *p && end[1] != *p)
			return end + 1;
		if ((*end == *p || (has_escapes && *end == '\\')) && end[1] != '\0')
			end++;
	}
	return end;
}

/* What it destroys, then its text with its end and nothing that psql would expand. */
static void
append_statement(StringInfo buf, const SdStatement *statement)
{
	const char *sql = statement->sql;
	const char *written = sql;
	const char *p = sql;
	const char *end;

	if (statement->loses_data)
		appendStringInfo(buf, "-- loses data: %s\n", sd_display(statement->loses_data, false));
	while (*(p += strcspn(p, "\"'$:")) != '\0')
	{
		if (*p == '$')
			p = (end = dollar_quoted_end(p)) ? end : p + 1;
		else if (*p != ':')
			p = quoted_end(p, *p == '\'' && p > sql && p[-1] == 'E');
		else if (p[1] == ':' || p[1] == '=')
			p += 2;
		else
		{
			p++;
			appendBinaryStringInfo(buf, written, p - written);
			appendStringInfoString(buf, *p == ' ' ? "" : " ");
			written = p;
		}
	}
	appendStringInfo(buf, "%s;\n", written);
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
		append_statement(buf, statement);
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
	if (plan->statements == NIL)
		return buf.data;
	appendStringInfoString(&buf, "SET search_path = '';\nSET check_function_bodies = off;\n");
	if (!is_one)
		append_sections(&buf, plan);
	foreach(cell, is_one ? plan->statements : NIL)
		append_statement(&buf, lfirst(cell));
	appendStringInfoString(&buf, "RESET check_function_bodies;\nRESET search_path;\n");
	return buf.data;
}
