/*
 * ddl.c
 *	  Collects DDL statements, and fills templates.
 */
#include "postgres.h"

#include "kind/ddl.h"
#include "kind/kind.h"
#include "kind/options.h"
#include "base/compat.h"
#include "base/text.h"
#include "model/plan.h"

void
sd_ddl_init(SdDdl *ddl, const SdSnapshot *snapshot, const char *key)
{
	memset(ddl, 0, sizeof(SdDdl));
	ddl->snapshot = snapshot;
	ddl->key = key;
}

int
sd_ddl_server(const SdDdl *ddl)
{
	if (ddl->other && ddl->other->server_version)
		return ddl->other->server_version;
	return ddl->snapshot->server_version ? ddl->snapshot->server_version : SD_SERVER_VERSION;
}

SdStatement *
sd_ddl_add(SdDdl *ddl, char *sql)
{
	SdStatement *statement = palloc0(sizeof(SdStatement));

	statement->sql = sql;
	statement->key = ddl->key;
	if (ddl->to_late)
		ddl->late = lappend(ddl->late, statement);
	else if (ddl->to_first)
		ddl->first = lappend(ddl->first, statement);
	else if (ddl->to_last)
		ddl->last = lappend(ddl->last, statement);
	else
		ddl->statements = lappend(ddl->statements, statement);
	return statement;
}

static char *format_text(const char *format, va_list args) pg_attribute_printf(1, 0);

static char *
format_text(const char *format, va_list args)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (;;)
	{
		va_list		copy;
		int			needed;

		va_copy(copy, args);
		needed = appendStringInfoVA(&buf, format, copy);
		va_end(copy);
		if (needed == 0)
			return buf.data;
		enlargeStringInfo(&buf, needed);
	}
}

SdStatement *
sd_ddl_addf(SdDdl *ddl, const char *format,...)
{
	va_list		args;
	char	   *sql;

	va_start(args, format);
	sql = format_text(format, args);
	va_end(args);
	return sd_ddl_add(ddl, sql);
}

void
sd_ddl_late(SdDdl *ddl, char *sql)
{
	bool		before = ddl->to_late;

	ddl->to_late = true;
	sd_ddl_add(ddl, sql);
	ddl->to_late = before;
}

void
sd_ddl_latef(SdDdl *ddl, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	sd_ddl_late(ddl, format_text(format, args));
	va_end(args);
}

void
sd_ddl_impossible(SdDdl *ddl, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	ddl->impossible = lappend(ddl->impossible, format_text(format, args));
	va_end(args);
}

void
sd_ddl_note(SdDdl *ddl, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	ddl->notes = lappend(ddl->notes, format_text(format, args));
	va_end(args);
}

const char *
sd_object_parent_identity(const SdObject *object)
{
	const char *space = object->parent ? strchr(object->parent, ' ') : NULL;

	return space ? space + 1 : "";
}

/* What one placeholder stands for. */
static const char *
placeholder(const char *name, const SdObject *object, const char *value, const char *old)
{
	if (strcmp(name, "identity") == 0)
	{
		int			written = sd_kind_property(object->kind, "written");

		return written >= 0 && object->values[written] ? object->values[written] : object->identity;
	}
	if (strcmp(name, "parent") == 0)
		return sd_object_parent_identity(object);
	if (strcmp(name, "value") == 0)
		return value;
	if (strcmp(name, "value:literal") == 0)
		return value ? sd_literal(value) : "NULL";
	if (strcmp(name, "old") == 0)
		return old;
	return sd_object_value(object, name);
}

char *
sd_ddl_fill(const char *template, const SdObject *object, const char *value, const char *old)
{
	StringInfoData buf;
	const char *p = template;

	initStringInfo(&buf);
	while (*p)
	{
		const char *close = *p == '{' ? strchr(p, '}') : NULL;

		if (close == NULL)
			appendStringInfoChar(&buf, *p++);
		else
		{
			const char *text = placeholder(pnstrdup(p + 1, close - p - 1), object, value, old);

			appendStringInfoString(&buf, text ? text : "");
			p = close + 1;
		}
	}
	return buf.data;
}

void
sd_ddl_options(SdDdl *ddl, const char *prefix, const char *label, const char *from, const char *to)
{
	List	   *before = sd_options_split(from);
	List	   *after = sd_options_split(to);
	List	   *set = NIL;
	List	   *reset = NIL;
	ListCell   *cell;

	foreach(cell, after)
	{
		const char *old = sd_option_find(before, sd_option_name(lfirst(cell)));

		if (old == NULL || strcmp(old, lfirst(cell)) != 0)
			set = lappend(set, psprintf("%s%s", label, (char *) lfirst(cell)));
	}
	foreach(cell, before)
		if (sd_option_find(after, sd_option_name(lfirst(cell))) == NULL)
			reset = lappend(reset, psprintf("%s%s", label, sd_option_name(lfirst(cell))));
	if (set)
		sd_ddl_addf(ddl, "%s SET (%s)", prefix, sd_join(set, ", "));
	if (reset)
		sd_ddl_addf(ddl, "%s RESET (%s)", prefix, sd_join(reset, ", "));
}
