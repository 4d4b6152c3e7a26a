/*
 * past.c
 *	  Who changed what, under the names that it had then.
 */
#include "postgres.h"

#include "base/json.h"
#include "model/change.h"
#include "store/history.h"
#include "workflow/past.h"

static bool
is_boundary(char c, const char *also)
{
	return c == '\0' || strchr(also, c) != NULL;
}

/* The name with what it is made of under its older name; NULL = it has no part in that. */
static char *
older_name(const char *name, const char *type, const char *object, const char *old)
{
	bool		is_schema = strcmp(type, "schema") == 0;
	StringInfoData older;
	const char *p = name;
	const char *found;
	bool		any = false;

	if (!is_schema && strchr(object, '.') == NULL)
		return NULL;
	initStringInfo(&older);
	while ((found = strstr(p, object)) != NULL)
	{
		const char *end = found + strlen(object);
		bool		is_it = is_boundary(found == name ? '\0' : found[-1], " (,") &&
			is_boundary(*end, is_schema ? "." : ".(), []") && (!is_schema || *end == '.');

		appendBinaryStringInfo(&older, p, found - p);
		appendStringInfoString(&older, is_it ? old : object);
		any = any || is_it;
		p = end;
	}
	appendStringInfoString(&older, p);
	return any ? older.data : NULL;
}

static void
append_name(StringInfo json, int n, const char *type, const char *object, int64 above, int64 below)
{
	sd_json_begin(json, '{');
	sd_json_field_int(json, "n", n);
	sd_json_field(json, "type", type);
	sd_json_field(json, "object", object);
	sd_json_field_int(json, "above", above);
	sd_json_field_int(json, "below", below);
	sd_json_end(json, '}');
}

void
sd_past_names(StringInfo json, const SdRows *renames, int n, const char *type, const char *object)
{
	int64		below = PG_INT64_MAX;
	int			r;

	for (r = 0; r < renames->nrows; r++)
	{
		const char *renamed = sd_rows_value(renames, r, "object_type");
		const char *new = sd_rows_value(renames, r, "object");
		const char *old = sd_rows_value(renames, r, "old_value");
		int64		id = sd_rows_int(renames, r, "id");
		char	   *older = strcmp(renamed, type) == 0 && strcmp(new, object) == 0 ?
			pstrdup(old) : older_name(object, renamed, new, old);

		if (older == NULL)
			continue;
		append_name(json, n, type, object, id, below);
		below = id;
		object = older;
	}
	append_name(json, n, type, object, 0, below);
}

/* Places of the rows about each item, latest first. */
static List **
rows_of_items(const SdRows *rows, int nitems)
{
	List	  **places = palloc0(sizeof(List *) * Max(nitems, 1));
	int			r;

	for (r = 0; r < rows->nrows; r++)
	{
		List	  **of = &places[sd_rows_int(rows, r, "n")];

		*of = lappend_int(*of, r);
	}
	return places;
}

/* The latest of these rows that tells of the attribute; -1 = none does. */
static int
find_row(const SdRows *rows, List *places, const char *attribute)
{
	ListCell   *cell;

	foreach(cell, places)
	{
		const char *changed = sd_rows_value(rows, lfirst_int(cell), "attribute");

		if (attribute && changed ? strcmp(attribute, changed) == 0 : attribute == changed)
			return lfirst_int(cell);
	}
	return -1;
}

void
sd_past_attribute(List *items, const char *from, const char *to)
{
	SdRows	   *renames = sd_history_renames();
	StringInfoData json;
	ListCell   *cell;
	SdRows	   *rows;
	List	  **places;

	initStringInfo(&json);
	sd_json_begin(&json, '[');
	foreach(cell, items)
	{
		const SdItem *item = lfirst(cell);

		sd_past_names(&json, renames, foreach_current_index(cell), item->object_type, item->object);
	}
	sd_json_end(&json, ']');
	rows = sd_history_of(json.data, from, to);
	places = rows_of_items(rows, list_length(items));
	foreach(cell, items)
	{
		SdItem	   *item = lfirst(cell);
		int			r = find_row(rows, places[foreach_current_index(cell)], item->attribute);

		if (r < 0 || sd_rows_value(rows, r, "who") == NULL)
			continue;
		item->who = sd_rows_value(rows, r, "who");
		item->via = sd_rows_value(rows, r, "via");
		item->at = sd_rows_value(rows, r, "at");
		item->deploy = sd_rows_value(rows, r, "deploy");
		item->ddl = sd_rows_value(rows, r, "statement");
	}
}
