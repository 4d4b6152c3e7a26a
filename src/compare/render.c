/*
 * render.c
 *	  A comparison as a report: which format, and the words that all share.
 *
 * Every name and definition is hostile text.  What this file gives is shown
 * text (control and invisible characters by number) on one line; each format
 * escapes it for its own markup.
 */
#include "postgres.h"

#include "base/text.h"
#include "compare/render_formats.h"

static const struct
{
	const char *name;
	char	   *(*render) (const SdReport *report);
}			formats[] = {
	[SD_RENDER_TEXT] = {"text", sd_render_text},
	[SD_RENDER_MARKDOWN] = {"markdown", sd_render_markdown},
	[SD_RENDER_HTML] = {"html", sd_render_html},
	[SD_RENDER_JSON] = {"json", sd_render_json}
};

SdRenderFormat
sd_render_format(const char *name)
{
	int			i;

	for (i = 0; i < lengthof(formats); i++)
		if (strcmp(name, formats[i].name) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("report format \"%s\" does not exist", sd_display(name, false)),
			 errhint("The formats are text, markdown, html and json.")));
}

char *
sd_render(const SdReport *report, SdRenderFormat format)
{
	return formats[format].render(report);
}

void
sd_report_count(const SdReport *report, int counts[SD_CLASSES])
{
	ListCell   *cell;

	memset(counts, 0, sizeof(int) * SD_CLASSES);
	foreach(cell, report->items)
		counts[((SdItem *) lfirst(cell))->class]++;
}

char *
sd_report_counts(const SdReport *report)
{
	int			counts[SD_CLASSES];
	List	   *words = NIL;
	int			class;

	sd_report_count(report, counts);
	for (class = SD_CLASSES - 1; class >= 0; class--)
		if (counts[class] > 0)
			words = lappend(words, psprintf("%d %s", counts[class], sd_class_name(class)));
	return sd_join(words, ", ");
}

char *
sd_report_summary(const SdReport *report)
{
	int			n = list_length(report->items);
	char	   *from = sd_display(report->from.name, false);
	char	   *to = sd_display(report->to.name, false);
	int			nobjects = report->to.snapshot->nobjects;

	if (n == 0)
		return psprintf("No difference from %s to %s (%d objects compared).", from, to, nobjects);
	return psprintf("%d difference%s from %s to %s (%d objects compared): %s.", n, n == 1 ? "" : "s",
					from, to, nobjects, sd_report_counts(report));
}

char *
sd_report_title(const SdItem *item)
{
	return psprintf("%s %s%s%s", item->object_type, sd_display(item->object, false),
					item->attribute ? ": " : "", item->attribute ? item->attribute : "");
}

char *
sd_report_marks(const SdItem *item)
{
	char	   *marks = psprintf("%s, %s, %s", sd_severity_name(item->severity),
								 sd_class_name(item->class), sd_change_name(item->change));

	return item->id ? psprintf("drift " INT64_FORMAT ": %s", item->id, marks) : marks;
}

char *
sd_report_author(const SdItem *item)
{
	char	   *author;

	if (item->who == NULL)
		return NULL;
	author = psprintf("%s, %s, at %s", item->who, item->via, item->at);
	return item->deploy ? psprintf("%s, in deploy %s", author, item->deploy) : author;
}
