/*
 * render_text.c
 *	  A comparison as text for a terminal.
 */
#include "postgres.h"

#include "base/text.h"
#include "compare/render_formats.h"
#include "compare/report_words.h"

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

static void
append_item(StringInfo buf, const SdItem *item)
{
	appendStringInfo(buf, "\n%s: %s\n", sd_report_marks(item), sd_report_title(item));
	if (item->expected || item->attribute)
		append_indented(buf, "expected", item->expected ? item->expected : SD_NOT_SET);
	if (item->actual || item->attribute)
		append_indented(buf, "actual", item->actual ? item->actual : SD_NOT_SET);
	if (item->who)
		append_indented(buf, "by", sd_report_author(item));
	if (item->ddl)
		append_indented(buf, "statement", item->ddl);
	if (item->unattributed)
		append_indented(buf, "by", SD_REPORT_UNATTRIBUTED);
}

char *
sd_render_text(const SdReport *report)
{
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s\n", sd_report_summary(report));
	foreach(cell, report->items)
		append_item(&buf, lfirst(cell));
	if (report->items)
		appendStringInfo(&buf, "\nDDL that turns %s back into %s:\n\n%s",
						 sd_display(report->to.name, false), sd_display(report->from.name, false),
						 sd_report_script(report));
	return buf.data;
}
