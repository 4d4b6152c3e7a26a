/*
 * render.c
 *	  A comparison as text, markdown or JSON.
 *
 * Every name and definition is hostile text.  In the text report control
 * characters are shown by number; in markdown all of it stands in code, whose
 * fence is longer than any run of backticks inside, where nothing is markup.
 */
#include "postgres.h"

#include "base/json.h"
#include "base/text.h"
#include "compare/render.h"

SdRenderFormat
sd_render_format(const char *name)
{
	if (strcmp(name, "text") == 0)
		return SD_RENDER_TEXT;
	if (strcmp(name, "markdown") == 0)
		return SD_RENDER_MARKDOWN;
	if (strcmp(name, "json") == 0)
		return SD_RENDER_JSON;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("report format \"%s\" does not exist", name),
			 errhint("The formats are text, markdown and json.")));
}

/* "column public.t.a: type" */
static char *
item_title(const SdItem *item)
{
	return psprintf("%s %s%s%s", item->object_type, sd_display(item->object, false),
					item->attribute ? ": " : "", item->attribute ? item->attribute : "");
}

static char *
summary(const SdReport *report)
{
	int			n = list_length(report->items);

	if (n == 0)
		return psprintf("No difference from %s to %s (%d objects compared).",
						sd_display(report->from, false), sd_display(report->to, false),
						report->nobjects);
	return psprintf("%d difference%s from %s to %s (%d objects compared).", n, n == 1 ? "" : "s",
					sd_display(report->from, false), sd_display(report->to, false),
					report->nobjects);
}

/* Lines of a value, each after the margin. */
static void
append_indented(StringInfo buf, const char *label, const char *value)
{
	const char *p;

	appendStringInfo(buf, "    %-9s ", label);
	for (p = sd_display(value, true); *p; p++)
	{
		appendStringInfoChar(buf, *p);
		if (*p == '\n')
			appendStringInfoSpaces(buf, 14);
	}
	appendStringInfoChar(buf, '\n');
}

static char *
render_text(const SdReport *report)
{
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s\n", summary(report));
	foreach(cell, report->items)
	{
		const SdItem *item = lfirst(cell);

		appendStringInfo(&buf, "\n%s %s: %s\n", sd_class_name(item->class),
						 sd_change_name(item->change), item_title(item));
		if (item->expected)
			append_indented(&buf, "expected", item->expected);
		if (item->actual)
			append_indented(&buf, "actual", item->actual);
		if (item->who)
			append_indented(&buf, "by", psprintf("%s, %s, at %s", item->who, item->via, item->at));
		if (item->ddl)
			append_indented(&buf, "statement", item->ddl);
		if (item->unattributed)
			append_indented(&buf, "by", "no captured command explains it");
	}
	if (report->items)
		appendStringInfo(&buf, "\nDDL that turns %s back into %s:\n\n%s",
						 sd_display(report->to, false), sd_display(report->from, false),
						 report->plan);
	return buf.data;
}

/* A fence longer than the longest run of backticks in the text. */
static char *
fence_for(const char *text, int least)
{
	int			longest = 0;
	int			run = 0;
	char	   *fence;

	for (; *text; text++)
	{
		run = *text == '`' ? run + 1 : 0;
		longest = Max(longest, run);
	}
	longest = Max(least, longest + 1);
	fence = palloc(longest + 1);
	memset(fence, '`', longest);
	fence[longest] = '\0';
	return fence;
}

static void
append_inline_code(StringInfo buf, const char *text)
{
	char	   *fence = fence_for(text, 1);

	appendStringInfo(buf, "%s %s %s", fence, text, fence);
}

static void
append_code_block(StringInfo buf, const char *text)
{
	char	   *shown = sd_display(text, true);
	char	   *fence = fence_for(shown, 3);

	appendStringInfo(buf, "%ssql\n%s%s%s\n", fence, shown,
					 shown[0] && shown[strlen(shown) - 1] == '\n' ? "" : "\n", fence);
}

static char *
render_markdown(const SdReport *report)
{
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	appendStringInfo(&buf, "## Schema drift\n\n");
	append_inline_code(&buf, summary(report));
	appendStringInfoString(&buf, "\n");
	foreach(cell, report->items)
	{
		const SdItem *item = lfirst(cell);

		appendStringInfo(&buf, "\n### %s, %s: ", sd_class_name(item->class),
						 sd_change_name(item->change));
		append_inline_code(&buf, item_title(item));
		appendStringInfoString(&buf, "\n\n");
		if (item->expected)
		{
			appendStringInfoString(&buf, "Expected:\n\n");
			append_code_block(&buf, item->expected);
		}
		if (item->actual)
		{
			appendStringInfo(&buf, "%sActual:\n\n", item->expected ? "\n" : "");
			append_code_block(&buf, item->actual);
		}
		if (item->who)
		{
			appendStringInfoString(&buf, "\nBy ");
			append_inline_code(&buf, sd_display(psprintf("%s, %s, at %s", item->who, item->via, item->at), false));
			appendStringInfoString(&buf, "\n");
		}
		if (item->ddl)
		{
			appendStringInfoString(&buf, "\nStatement:\n\n");
			append_code_block(&buf, item->ddl);
		}
	}
	if (report->items)
	{
		appendStringInfoString(&buf, "\n### DDL that takes it back\n\n");
		append_code_block(&buf, report->plan);
	}
	return buf.data;
}

static char *
render_json(const SdReport *report)
{
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	sd_json_begin(&buf, '{');
	sd_json_field(&buf, "from", report->from);
	sd_json_field(&buf, "to", report->to);
	sd_json_field_int(&buf, "objects", report->nobjects);
	sd_json_key(&buf, "differences");
	sd_json_begin(&buf, '[');
	foreach(cell, report->items)
	{
		const SdItem *item = lfirst(cell);

		sd_json_begin(&buf, '{');
		sd_json_field(&buf, "severity", sd_severity_name(item->severity));
		sd_json_field(&buf, "class", sd_class_name(item->class));
		sd_json_field(&buf, "change", sd_change_name(item->change));
		sd_json_field(&buf, "object_type", item->object_type);
		sd_json_field(&buf, "object", item->object);
		sd_json_field(&buf, "attribute", item->attribute);
		sd_json_field(&buf, "expected", item->expected);
		sd_json_field(&buf, "actual", item->actual);
		sd_json_field(&buf, "who", item->who);
		sd_json_field(&buf, "via", item->via);
		sd_json_field(&buf, "at", item->at);
		sd_json_field(&buf, "ddl", item->ddl);
		sd_json_end(&buf, '}');
	}
	sd_json_end(&buf, ']');
	sd_json_field(&buf, "revert", report->plan);
	sd_json_end(&buf, '}');
	return buf.data;
}

char *
sd_render(const SdReport *report, SdRenderFormat format)
{
	switch (format)
	{
		case SD_RENDER_TEXT:
			return render_text(report);
		case SD_RENDER_MARKDOWN:
			return render_markdown(report);
		case SD_RENDER_JSON:
			return render_json(report);
	}
	elog(ERROR, "unrecognized report format: %d", (int) format);
}
