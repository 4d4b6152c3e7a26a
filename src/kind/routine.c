/*
 * routine.c
 *	  The DDL of functions and procedures.
 *
 * A routine is altered attribute by attribute where ALTER can do it, and by
 * CREATE OR REPLACE where that may; both keep whatever depends on it.  Only
 * another interface (results, names or lost defaults of arguments) takes a new
 * routine.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/text.h"
#include "kind/names.h"
#include "kind/query_text.h"
#include "kind/quoting.h"
#include "kind/routine.h"

const char *
sd_routine_body_normal(const SdObject *routine, int property)
{
	const char *body = routine->values[property];

	return sd_object_flag(routine, "parsed_body") ? sd_quoting_normal(sd_query_statements(body)) : body;
}

static void
append_body(StringInfo buf, const SdObject *routine)
{
	const char *library = sd_object_value(routine, "library");
	const char *body = sd_object_value(routine, "body");

	appendStringInfoChar(buf, '\n');
	if (sd_object_flag(routine, "parsed_body"))
		appendStringInfoString(buf, body);
	else if (library)
	{
		appendStringInfoString(buf, "AS ");
		sd_append_literal(buf, library);
		appendStringInfoString(buf, ", ");
		sd_append_literal(buf, body);
	}
	else
	{
		appendStringInfoString(buf, "AS ");
		sd_append_dollar_quoted(buf, body);
	}
}

static char *
routine_text(const SdObject *routine, const char *verb, SdRoutineClauses clauses)
{
	StringInfoData buf;
	const char *transforms = sd_object_value(routine, "transforms");
	const char *config = sd_object_value(routine, "config");

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s %s %s(%s)", verb, routine->kind->keyword,
					 sd_object_value(routine, "name"), sd_object_value(routine, "arguments"));
	if (sd_kind_property(routine->kind, "result") >= 0)
		appendStringInfo(&buf, " RETURNS %s", sd_object_value(routine, "result"));
	appendStringInfo(&buf, "\n    LANGUAGE %s", sd_object_value(routine, "language"));
	if (transforms)
		appendStringInfo(&buf, " TRANSFORM %s", transforms);
	if (clauses)
		clauses(&buf, routine);
	if (sd_object_flag(routine, "security_definer"))
		appendStringInfoString(&buf, " SECURITY DEFINER");
	if (config)
		appendStringInfo(&buf, "\n    %s", config);
	append_body(&buf, routine);
	return buf.data;
}

/* DEPENDS ON those extensions of the list that the other has not. */
static void
add_extensions(SdDdl *ddl, const SdObject *routine, const char *list, const char *other, const char *no)
{
	List	   *names = sd_split_names(list);
	List	   *others = sd_split_names(other);
	ListCell   *cell;

	foreach(cell, names)
		if (!sd_names_contain(others, lfirst(cell)))
			sd_ddl_addf(ddl, "ALTER %s %s %sDEPENDS ON EXTENSION %s", routine->kind->keyword,
						sd_object_name(ddl, routine), no, (char *) lfirst(cell));
}

void
sd_routine_create(SdDdl *ddl, const SdObject *routine, SdRoutineClauses clauses)
{
	sd_ddl_add(ddl, routine_text(routine, "CREATE", clauses));
	add_extensions(ddl, routine, sd_object_value(routine, "extensions"), NULL, "");
}

static bool
is_same(const SdChange *change, const char *property)
{
	const char *from = sd_object_value(change->from, property);
	const char *to = sd_object_value(change->to, property);

	return from == to || (from && to && strcmp(from, to) == 0);
}

/* Would CREATE OR REPLACE be refused?  See ProcedureCreate() of the server. */
static bool
is_another_interface(const SdChange *change)
{
	if (!is_same(change, "outputs"))
		return true;
	if (sd_object_value(change->from, "argument_names") && !is_same(change, "argument_names"))
		return true;
	return atoi(sd_object_value(change->to, "default_count")) <
		atoi(sd_object_value(change->from, "default_count"));
}

bool
sd_routine_alter(SdDdl *ddl, const SdChange *change, SdRoutineClauses clauses)
{
	const SdObject *to = change->to;
	List	   *alters = NIL;
	bool		replace = false;
	ListCell   *cell;
	int			i = -1;

	if (is_another_interface(change))
		return false;
	while ((i = bms_next_member(change->properties, i)) >= 0)
	{
		const SdProperty *p = &to->kind->properties[i];
		const char *template = to->values[i] ? p->set : p->unset;

		if (!(p->flags & SD_P_OWN) || strcmp(p->name, "extensions") == 0)
			continue;
		if (template == NULL)
			replace = true;
		else
			alters = lappend(alters, sd_ddl_fill(template, to, to->values[i], NULL));
	}
	if (replace)
		sd_ddl_add(ddl, routine_text(to, "CREATE OR REPLACE", clauses));
	else
		foreach(cell, alters)
			sd_ddl_add(ddl, lfirst(cell));
	add_extensions(ddl, to, sd_object_value(change->from, "extensions"),
				   sd_object_value(to, "extensions"), "NO ");
	add_extensions(ddl, to, sd_object_value(to, "extensions"),
				   sd_object_value(change->from, "extensions"), "");
	return true;
}
