/*
 * render_markdown.c
 *	  A comparison as markdown.
 *
 * Hostile text stands in code, whose fence is longer than any run of backticks
 * inside, where nothing is markup.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "base/text.h"
#include "compare/render_formats.h"
#include "compare/report_words.h"

/* A value with fewer characters stands in its line. */
#define SHORT_VALUE 60

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

/* Blanks keep backticks at the ends apart from the fence, and are not shown. */
static void
append_inline_code(StringInfo buf, const char *text)
{
	char	   *fence = fence_for(text, 1);
	const char *pad = strchr(text, '`') || text[0] == ' ' || text[0] == '\0' ? " " : "";

	appendStringInfo(buf, "%s%s%s%s%s", fence, pad, text, pad, fence);
}

static void
append_code_block(StringInfo buf, const char *text)
{
	char	   *shown = sd_display(text, true);
	char	   *fence = fence_for(shown, 3);

	appendStringInfo(buf, "%ssql\n%s%s%s\n", fence, shown,
					 shown[0] && shown[strlen(shown) - 1] == '\n' ? "" : "\n", fence);
}

/* A paragraph, or a label and a block where the text is long; NULL is no value. */
static void
append_value(StringInfo buf, const char *label, const char *text)
{
	if (text == NULL)
	{
		appendStringInfo(buf, "\n%s: " SD_NOT_SET "\n", label);
		return;
	}
	if (strchr(text, '\n') == NULL && pg_mbstrlen(text) < SHORT_VALUE)
	{
		appendStringInfo(buf, "\n%s: ", label);
		append_inline_code(buf, sd_display(text, false));
		appendStringInfoChar(buf, '\n');
		return;
	}
	appendStringInfo(buf, "\n%s:\n\n", label);
	append_code_block(buf, text);
}

static void
append_item(StringInfo buf, const SdItem *item)
{
	appendStringInfo(buf, "\n### %s: ", sd_report_marks(item));
	append_inline_code(buf, sd_report_title(item));
	appendStringInfoString(buf, "\n");
	if (item->expected || item->attribute)
		append_value(buf, "Expected", item->expected);
	if (item->actual || item->attribute)
		append_value(buf, "Actual", item->actual);
	if (item->who)
	{
		appendStringInfoString(buf, "\nBy ");
		append_inline_code(buf, sd_display(sd_report_author(item), false));
		appendStringInfoString(buf, "\n");
	}
	if (item->ddl)
		append_value(buf, "Statement", item->ddl);
	if (item->unattributed)
		appendStringInfoString(buf, "\nBy: " SD_REPORT_UNATTRIBUTED "\n");
}

static void
append_losses(StringInfo buf, const SdPlan *plan)
{
	ListCell   *cell;
	bool		any = false;

	foreach(cell, plan->statements)
	{
		const char *what = ((const SdStatement *) lfirst(cell))->loses_data;

		if (what == NULL)
			continue;
		if (!any)
			appendStringInfoString(buf, "**It loses data:**\n\n");
		any = true;
		appendStringInfoString(buf, "- ");
		append_inline_code(buf, sd_display(what, false));
		appendStringInfoChar(buf, '\n');
	}
	if (any)
		appendStringInfoChar(buf, '\n');
}

char *
sd_render_markdown(const SdReport *report)
{
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	appendStringInfo(&buf, "## Schema drift\n\n");
	append_inline_code(&buf, sd_report_summary(report));
	appendStringInfoString(&buf, "\n");
	foreach(cell, report->items)
		append_item(&buf, lfirst(cell));
	if (report->items)
	{
		appendStringInfoString(&buf, "\n### DDL that takes it back\n\n");
		append_losses(&buf, report->plan);
		append_code_block(&buf, sd_report_script(report));
	}
	return buf.data;
}
