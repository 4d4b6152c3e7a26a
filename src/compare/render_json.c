/*
 * render_json.c
 *	  A comparison as JSON for programs.
 */
#include "postgres.h"

#include "base/json.h"
#include "base/text.h"
#include "compare/render_formats.h"

static void
append_side(StringInfo buf, const char *key, const SdReportSide *side)
{
	sd_json_key(buf, key);
	sd_json_begin(buf, '{');
	sd_json_field(buf, "description", side->description);
	sd_json_field(buf, "taken", side->taken);
	sd_json_field(buf, "fingerprint", side->snapshot->fingerprint);
	sd_json_field_int(buf, "objects", side->snapshot->nobjects);
	sd_json_end(buf, '}');
}

static void
append_item(StringInfo buf, const SdItem *item)
{
	sd_json_begin(buf, '{');
	if (item->id)
		sd_json_field_int(buf, "id", item->id);
	else
		sd_json_field(buf, "id", NULL);
	sd_json_field(buf, "severity", sd_severity_name(item->severity));
	sd_json_field(buf, "class", sd_class_name(item->class));
	sd_json_field(buf, "change", sd_change_name(item->change));
	sd_json_field(buf, "object_type", item->object_type);
	sd_json_field(buf, "object", item->object);
	sd_json_field(buf, "attribute", item->attribute);
	sd_json_field(buf, "expected", item->expected);
	sd_json_field(buf, "actual", item->actual);
	sd_json_field(buf, "who", item->who);
	sd_json_field(buf, "via", item->via);
	sd_json_field(buf, "at", item->at);
	sd_json_field(buf, "deploy", item->deploy);
	sd_json_field(buf, "ddl", item->ddl);
	sd_json_end(buf, '}');
}

/* What the plan destroys, statement by statement. */
static void
append_losses(StringInfo buf, const SdPlan *plan)
{
	ListCell   *cell;

	sd_json_key(buf, "loses_data");
	sd_json_begin(buf, '[');
	foreach(cell, plan->statements)
	{
		const SdStatement *statement = lfirst(cell);

		if (statement->loses_data == NULL)
			continue;
		sd_json_begin(buf, '{');
		sd_json_field(buf, "what", statement->loses_data);
		sd_json_field(buf, "statement", statement->sql);
		sd_json_end(buf, '}');
	}
	sd_json_end(buf, ']');
}

/* JSON is UTF-8: bytes of SQL_ASCII that are not become \\x{hex}. */
static char *
only_utf8(const StringInfo json)
{
	StringInfoData buf;
	const char *p;
	int			length;

	if (GetDatabaseEncoding() != PG_SQL_ASCII)
		return json->data;
	initStringInfo(&buf);
	for (p = json->data; *p != '\0'; p += Max(length, 1))
	{
		length = sd_utf8_length(p);
		if (length > 0)
			appendBinaryStringInfo(&buf, p, length);
		else
			appendStringInfo(&buf, "\\\\x{%02x}", (unsigned char) *p);
	}
	return buf.data;
}

char *
sd_render_json(const SdReport *report)
{
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	sd_json_begin(&buf, '{');
	sd_json_field(&buf, "from", report->from.name);
	sd_json_field(&buf, "to", report->to.name);
	sd_json_field_int(&buf, "objects", report->to.snapshot->nobjects);
	append_side(&buf, "from_side", &report->from);
	append_side(&buf, "to_side", &report->to);
	sd_json_key(&buf, "differences");
	sd_json_begin(&buf, '[');
	foreach(cell, report->items)
		append_item(&buf, lfirst(cell));
	sd_json_end(&buf, ']');
	sd_json_field(&buf, "revert", report->script);
	append_losses(&buf, report->plan);
	sd_json_end(&buf, '}');
	return only_utf8(&buf);
}
