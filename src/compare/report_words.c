/*
 * report_words.c
 *	  The words that all formats of a report, and messages like it, share.
 */
#include "postgres.h"

#include "base/text.h"
#include "compare/report_words.h"

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
sd_report_script(const SdReport *report)
{
	char	   *shown = sd_display(report->script, true);

	if (strcmp(shown, report->script) == 0)
		return shown;
	return psprintf("-- Hidden characters are shown as \\u{hex} here; drift_sql() gives them as they are.\n%s", shown);
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
