/*
 * problem.c
 *	  Looks capture over: triggers, their functions, the hook, our tables, the
 *	  settings that switch it off, and what it missed.
 *
 * Every check does this, unchanged schema or not, so it costs one query and a
 * few looks into the caches.  It reads and mends nothing.
 *
 * A superuser can also replace what this relies on; see doc/security.md.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/dependency.h"
#include "catalog/pg_event_trigger.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "commands/extension.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/syscache.h"

#include "base/settings.h"
#include "base/spi.h"
#include "capture/arm.h"
#include "capture/problem.h"
#include "capture/problem_query.h"
#include "capture/statement.h"

static List *
add(List *problems, const char *object, const char *expected, const char *actual, const char *subject)
{
	SdProblem  *problem = palloc(sizeof(SdProblem));

	problem->object = object;
	problem->expected = expected;
	problem->actual = actual;
	problem->subject = subject;
	problem->is_server_wide = false;
	return lappend(problems, problem);
}

/* -- the triggers and their functions -------------------------------------- */

/* NULL, or what is wrong with one trigger. */
static char *
trigger_problem(const SdCaptureTrigger *trigger, HeapTuple tuple, Oid function)
{
	Form_pg_event_trigger row;
	bool		no_tags;

	if (!HeapTupleIsValid(tuple))
		return psprintf("Event trigger %s is missing.", trigger->name);
	row = (Form_pg_event_trigger) GETSTRUCT(tuple);
	if (strcmp(NameStr(row->evtevent), trigger->event) != 0 || row->evtfoid != function)
		return psprintf("Event trigger %s does not call schemadrift.%s() on %s.",
						trigger->name, trigger->function, trigger->event);
	if (row->evtenabled == TRIGGER_DISABLED)
		return psprintf("Event trigger %s is disabled.", trigger->name);
	if (row->evtenabled != TRIGGER_FIRES_ALWAYS)
		return psprintf("Event trigger %s is not enabled always: \"session_replication_role\" keeps it from firing.",
						trigger->name);
	(void) SysCacheGetAttr(EVENTTRIGGERNAME, tuple, Anum_pg_event_trigger_evttags, &no_tags);
	if (!no_tags)
		return psprintf("Event trigger %s looks at certain commands only (WHEN TAG IN).", trigger->name);
	if (!superuser_arg(row->evtowner))
		return psprintf("Event trigger %s belongs to role \"%s\", which is no superuser.", trigger->name,
						GetUserNameFromId(row->evtowner, true));
	return NULL;
}

static char *
text_of(HeapTuple tuple, AttrNumber column)
{
	bool		is_null;
	Datum		value = SysCacheGetAttr(PROCOID, tuple, column, &is_null);

	return is_null ? NULL : TextDatumGetCString(value);
}

/* The library as the control file names it; newer servers may leave out where it is. */
static bool
is_our_library(const char *path)
{
	return path && (strcmp(path, "$libdir/schemadrift") == 0 || strcmp(path, "schemadrift") == 0);
}

static char *
function_problem(const SdCaptureTrigger *trigger, Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Form_pg_proc row;
	bool		no_settings;
	char	   *source;
	bool		is_right;

	if (!HeapTupleIsValid(tuple))
		return psprintf("Function schemadrift.%s() is missing.", trigger->function);
	row = (Form_pg_proc) GETSTRUCT(tuple);
	source = text_of(tuple, Anum_pg_proc_prosrc);
	(void) SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_proconfig, &no_settings);
	is_right = row->prolang == ClanguageId && !row->prosecdef && no_settings && superuser_arg(row->proowner) &&
		is_our_library(text_of(tuple, Anum_pg_proc_probin)) &&
		source && strcmp(source, psprintf("sd_sql_%s", trigger->function)) == 0 &&
		getExtensionOfObject(ProcedureRelationId, function) == get_extension_oid("schemadrift", true);
	ReleaseSysCache(tuple);
	return is_right ? NULL :
		psprintf("Function schemadrift.%s() is not as the extension made it.", trigger->function);
}

static List *
add_trigger(List *problems, const SdCaptureTrigger *trigger)
{
	HeapTuple	tuple = SearchSysCache1(EVENTTRIGGERNAME, CStringGetDatum(trigger->name));
	Oid			function = LookupFuncName(list_make2(makeString("schemadrift"),
													 makeString(pstrdup(trigger->function))),
										  0, NULL, true);
	char	   *problem = trigger_problem(trigger, tuple, function);

	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
	if (problem)
		problems = add(problems, psprintf("event trigger %s", trigger->name), "enabled always, for every command",
					   problem, trigger->name);
	problem = function_problem(trigger, function);
	if (problem)
		problems = add(problems, psprintf("function schemadrift.%s()", trigger->function), "as the extension made it",
					   problem, psprintf("schemadrift.%s()", trigger->function));
	return problems;
}

/* -- the hook --------------------------------------------------------------- */

/* Another library may have put its hook over ours and call nobody. */
static List *
add_hook(List *problems)
{
	uint64		before = sd_statement_count();

	(void) sd_spi_query("SHOW schemadrift.enabled", 0, NULL);
	if (sd_statement_count() != before)
		return problems;
	return add(problems, "hook", "sees every command",
			   "The library's hook on commands is not called: another library is in its way.", NULL);
}

/* -- what SQL tells --------------------------------------------------------- */

/* Does this value of schemadrift.capture, or of a switch, mean nothing is captured? */
static bool
is_off(const char *name, const char *value)
{
	bool		is_on;

	if (strcmp(name, "schemadrift.capture") == 0)
		return pg_strcasecmp(value, "off") == 0;
	return parse_bool(value, &is_on) && !is_on;
}

/* ALTER DATABASE or ALTER ROLE … SET. */
static List *
add_setting(List *problems, const SdRows *rows, int r)
{
	const char *name = sd_rows_value(rows, r, "object");
	const char *value = sd_rows_value(rows, r, "detail");
	const char *role = sd_rows_value(rows, r, "role");
	bool		is_here = sd_rows_bool(rows, r, "here");
	const char *whose;

	if (!is_off(name, value))
		return problems;
	whose = role ? psprintf("role %s%s", quote_identifier(role), is_here ? " in this database" : "") :
		is_here ? "this database" : "all roles";
	return add(problems, psprintf("setting %s for %s", name, whose), "on",
			   psprintf("\"%s\" is %s for %s: DDL is not captured there.", name, value, whose),
			   role ? psprintf("%s for %s", name, quote_identifier(role)) :
			   is_here ? name : psprintf("%s for ALL", name));
}

static List *
add_row(List *problems, const SdRows *rows, int r)
{
	const char *what = sd_rows_value(rows, r, "what");
	const char *object = sd_rows_value(rows, r, "object");
	const char *detail = sd_rows_value(rows, r, "detail");

	if (strcmp(what, "setting") == 0)
		return add_setting(problems, rows, r);
	if (strcmp(what, "version") == 0)
		return strcmp(detail, SD_VERSION) == 0 ? problems :
			add(problems, "version", SD_VERSION,
				psprintf("The library has version %s but the extension %s.", SD_VERSION, detail), "schemadrift");
	if (strcmp(what, "preload") == 0)
		return sd_preloaded ? problems :
			add(problems, "library", "in shared_preload_libraries",
				"The library is not in shared_preload_libraries any more.", NULL);
	if (strcmp(what, "misses") == 0)
		return add(problems, "misses", "every command is captured", detail, NULL);
	/* the rest says itself what it is */
	return add(problems, psprintf("%s %s", what, object), "as the extension made it", detail, object);
}

/* -- a configuration file or the command line ------------------------------- */

/* Where a setting is off for the whole server; NULL = it is not. */
static char *
server_wide_source(const char *name)
{
	SdRows	   *rows = sd_spi_queryv(SD_SERVER_WIDE_SQL, name);

	return rows->nrows > 0 ? sd_rows_value(rows, 0, "source") : NULL;
}

/* Does the database, or what all roles or this one have, explain what a session starts with? */
static bool
is_explained(List *problems, const char *name)
{
	const char *subjects[] = {
		name, psprintf("%s for ALL", name),
		psprintf("%s for %s", name, quote_identifier(GetUserNameFromId(GetSessionUserId(), false)))
	};
	ListCell   *cell;
	int			i;

	foreach(cell, problems)
	{
		const SdProblem *problem = lfirst(cell);

		for (i = 0; problem->subject && i < (int) lengthof(subjects); i++)
			if (strcmp(problem->subject, subjects[i]) == 0)
				return true;
	}
	return false;
}

/*
 * What a session starts with, unless the database or role says otherwise.  Only
 * where that is off it is looked up who says so: a session may have been
 * started with it off for itself.
 */
static List *
add_server_wide(List *problems)
{
	static const char *const names[] = {"schemadrift.enabled", "schemadrift.capture", "event_triggers"};
	int			i;

	for (i = 0; i < (int) lengthof(names); i++)
	{
		const char *value;
		char	   *source;

		/* event_triggers came with 17 */
		if (GetConfigOption(names[i], true, false) == NULL)
			continue;
		value = GetConfigOptionResetString(names[i]);
		if (!is_off(names[i], value) || is_explained(problems, names[i]))
			continue;
		source = server_wide_source(names[i]);
		if (source == NULL)
			continue;
		problems = add(problems, psprintf("setting %s", names[i]), "on",
					   psprintf("\"%s\" is %s for the whole server (%s): DDL is not captured.",
								names[i], value, source), names[i]);
		((SdProblem *) llast(problems))->is_server_wide = true;
	}
	return problems;
}

List *
sd_capture_problems(void)
{
	List	   *problems = NIL;
	SdRows	   *rows;
	int			i;

	for (i = 0; i < SD_CAPTURE_TRIGGERS; i++)
		problems = add_trigger(problems, &sd_capture_triggers[i]);
	problems = add_hook(problems);
	rows = sd_spi_query(SD_PROBLEM_SQL, 0, NULL);
	for (i = 0; i < rows->nrows; i++)
		problems = add_row(problems, rows, i);
	return add_server_wide(problems);
}

char *
sd_capture_problem(void)
{
	List	   *problems = sd_capture_problems();

	return problems ? unconstify(char *, ((const SdProblem *) linitial(problems))->actual) : NULL;
}
