/*
 * html_change.c
 *	  One difference as HTML: before, after, and who made it.
 *
 * Values of one line stand below each other with their words compared; texts
 * of several lines are compared line by line, and long stretches that are the
 * same are folded.  Removed and added are told by element and by sign, never
 * by colour alone.
 */
#include "postgres.h"

#include "base/text.h"
#include "compare/html.h"
#include "compare/html_change.h"
#include "compare/report_words.h"
#include "compare/text_diff.h"
#include "model/event.h"

/* Lines that stay in sight around what changed. */
#define CONTEXT 3

/* Lines with less in common than this are not compared word by word. */
#define MIN_COMMON_PERCENT 40

void
sd_html_badge(StringInfo buf, SdClass class)
{
	appendStringInfo(buf, "<span class=\"badge %s\">%s</span>", sd_class_name(class), sd_class_name(class));
}

/* -- words ------------------------------------------------------------------ */

static bool
is_alike(const SdSlice *words, const List *runs, int length)
{
	int			common = 0;
	ListCell   *cell;
	int			i;

	foreach(cell, runs)
	{
		const SdRun *run = lfirst(cell);

		for (i = 0; run->same && i < run->nbefore; i++)
			common += words[run->before + i].length;
	}
	return length > 0 && common * 100 / length >= MIN_COMMON_PERCENT;
}

static void
append_marked(StringInfo buf, const SdSlice *words, const List *runs, bool is_before)
{
	ListCell   *cell;

	foreach(cell, runs)
	{
		const SdRun *run = lfirst(cell);
		int			first = is_before ? run->before : run->after;
		int			count = is_before ? run->nbefore : run->nafter;
		const SdSlice *last;

		if (count == 0)
			continue;
		last = &words[first + count - 1];
		if (!run->same)
			appendStringInfoString(buf, "<mark>");
		sd_html_lines(buf, words[first].text, last->text + last->length - words[first].text);
		if (!run->same)
			appendStringInfoString(buf, "</mark>");
	}
}

/* One of two lines that replace each other, with the words that differ marked. */
static void
append_line_words(StringInfo buf, const SdSlice *before, const SdSlice *after, bool is_before)
{
	const SdSlice *line = is_before ? before : after;
	int			nbefore;
	int			nafter;
	SdSlice    *words_before = sd_text_words(before->text, before->length, &nbefore);
	SdSlice    *words_after = sd_text_words(after->text, after->length, &nafter);
	List	   *runs = sd_text_diff(words_before, nbefore, words_after, nafter);

	if (is_alike(words_before, runs, Max(before->length, after->length)))
		append_marked(buf, is_before ? words_before : words_after, runs, is_before);
	else
		sd_html_lines(buf, line->text, line->length);
}

/* -- lines ------------------------------------------------------------------ */

static void
append_same_lines(StringInfo buf, const SdSlice *lines, int first, int count)
{
	int			i;

	for (i = first; i < first + count; i++)
	{
		appendStringInfoString(buf, "<span class=\"l\"><span class=\"g\"> </span>");
		sd_html_lines(buf, lines[i].text, lines[i].length);
		appendStringInfoString(buf, "</span>");
	}
}

/* What is far from any change is folded. */
static void
append_same_run(StringInfo buf, const SdSlice *lines, const SdRun *run, bool is_first, bool is_last)
{
	int			above = is_first ? 0 : CONTEXT;
	int			below = is_last ? 0 : CONTEXT;
	int			folded = run->nbefore - above - below;

	if (folded < 2)
	{
		append_same_lines(buf, lines, run->before, run->nbefore);
		return;
	}
	append_same_lines(buf, lines, run->before, above);
	appendStringInfo(buf, "<details class=\"same\"><summary>%d unchanged lines</summary>", folded);
	append_same_lines(buf, lines, run->before + above, folded);
	appendStringInfoString(buf, "</details>");
	append_same_lines(buf, lines, run->before + run->nbefore - below, below);
}

static void
append_replaced_run(StringInfo buf, const SdSlice *before, const SdSlice *after, const SdRun *run)
{
	bool		paired = run->nbefore == run->nafter;
	int			i;

	for (i = 0; i < run->nbefore; i++)
	{
		appendStringInfoString(buf, "<del class=\"l\"><span class=\"g\">-</span>");
		if (paired)
			append_line_words(buf, &before[run->before + i], &after[run->after + i], true);
		else
			sd_html_lines(buf, before[run->before + i].text, before[run->before + i].length);
		appendStringInfoString(buf, "</del>");
	}
	for (i = 0; i < run->nafter; i++)
	{
		appendStringInfoString(buf, "<ins class=\"l\"><span class=\"g\">+</span>");
		if (paired)
			append_line_words(buf, &before[run->before + i], &after[run->after + i], false);
		else
			sd_html_lines(buf, after[run->after + i].text, after[run->after + i].length);
		appendStringInfoString(buf, "</ins>");
	}
}

static void
append_line_diff(StringInfo buf, const char *expected, const char *actual)
{
	int			nbefore;
	int			nafter;
	SdSlice    *before = sd_text_lines(expected, &nbefore);
	SdSlice    *after = sd_text_lines(actual, &nafter);
	List	   *runs = sd_text_diff(before, nbefore, after, nafter);
	ListCell   *cell;

	appendStringInfoString(buf, "<div class=\"label\">Before and after</div><div class=\"code diff\">");
	foreach(cell, runs)
	{
		const SdRun *run = lfirst(cell);

		if (run->same)
			append_same_run(buf, before, run, foreach_current_index(cell) == 0,
							foreach_current_index(cell) == list_length(runs) - 1);
		else
			append_replaced_run(buf, before, after, run);
	}
	appendStringInfoString(buf, "</div>");
}

/* -- values ----------------------------------------------------------------- */

static void
append_value(StringInfo buf, const char *label, const char *element, const SdSlice *value,
			 const SdSlice *before, const SdSlice *after)
{
	appendStringInfo(buf, "<div class=\"label\">%s</div>", label);
	if (value->text == NULL)
	{
		appendStringInfoString(buf, "<div class=\"none\">not set</div>");
		return;
	}
	appendStringInfo(buf, "<%s class=\"code value\">", element);
	if (before->text && after->text)
		append_line_words(buf, before, after, value == before);
	else
		sd_html_lines(buf, value->text, value->length);
	appendStringInfo(buf, "</%s>", element);
}

static bool
has_lines(const char *text)
{
	return text && strchr(text, '\n');
}

static void
append_values(StringInfo buf, const char *expected, const char *actual)
{
	SdSlice		before = {expected, expected ? strlen(expected) : 0};
	SdSlice		after = {actual, actual ? strlen(actual) : 0};

	if (expected && actual && (has_lines(expected) || has_lines(actual)))
	{
		append_line_diff(buf, expected, actual);
		return;
	}
	append_value(buf, "Before", "del", &before, &before, &after);
	append_value(buf, "After", "ins", &after, &before, &after);
}

static void
append_definition(StringInfo buf, const char *label, const char *sql)
{
	appendStringInfo(buf, "<div class=\"label\">%s</div><pre class=\"code\" tabindex=\"0\">", label);
	sd_html_sql(buf, sql);
	appendStringInfoString(buf, "</pre>");
}

/* -- who -------------------------------------------------------------------- */

static void
append_fact(StringInfo buf, const char *label, const char *value)
{
	if (value == NULL)
		return;
	appendStringInfo(buf, "<div><dt>%s</dt><dd><bdi>", label);
	sd_html_text(buf, value);
	appendStringInfoString(buf, "</bdi></dd></div>");
}

static void
append_author(StringInfo buf, const SdItem *item)
{
	if (item->unattributed)
		appendStringInfoString(buf, "<p class=\"warn\">No captured command explains it: it was changed"
							   " while capture was off, or without DDL.</p>");
	if (item->who == NULL)
		return;
	appendStringInfoString(buf, "<dl class=\"who\">");
	append_fact(buf, "By", item->who);
	append_fact(buf, "Application", item->application);
	append_fact(buf, "Client", item->client ? item->client : item->via);
	append_fact(buf, "Time", sd_short_time(item->at));
	append_fact(buf, "Deploy", item->deploy ? item->deploy : item->refused_claim ? NULL : "none");
	append_fact(buf, item->refused_claim && strncmp(item->refused_claim, SD_IN_FREEZE, strlen(SD_IN_FREEZE)) == 0 ?
				"No deploy counts" : "Claimed deploy, without the right to", item->refused_claim);
	appendStringInfoString(buf, "</dl>");
	if (item->ddl)
		append_definition(buf, "Statement", item->ddl);
}

/* -- all of it -------------------------------------------------------------- */

static void
append_heading(StringInfo buf, const SdItem *item, int level)
{
	const char *what = sd_change_name(item->change);
	const char *p;

	appendStringInfo(buf, "<header><h%d>", level);
	for (p = item->attribute ? item->attribute : ""; *p; p++)
		appendStringInfoChar(buf, *p == '_' ? ' ' : *p);
	appendStringInfo(buf, "%s<span class=\"op %s\">%s</span></h%d>", item->attribute ? " " : "",
					 what, what, level);
	sd_html_badge(buf, item->class);
	appendStringInfo(buf, "<span class=\"severity\">%s</span>", sd_severity_name(item->severity));
	if (item->id)
		appendStringInfo(buf, "<a class=\"id\" href=\"#drift-" INT64_FORMAT "\">drift "
						 INT64_FORMAT "</a>", item->id, item->id);
	appendStringInfoString(buf, "</header>");
}

void
sd_html_change(StringInfo buf, const SdItem *item, int level)
{
	appendStringInfo(buf, "<article class=\"change\" data-class=\"%s\"", sd_class_name(item->class));
	if (item->id)
		appendStringInfo(buf, " id=\"drift-" INT64_FORMAT "\"", item->id);
	appendStringInfoString(buf, ">");
	append_heading(buf, item, level);
	if (item->attribute || (item->expected && item->actual))
		append_values(buf, item->expected, item->actual);
	else if (item->actual)
		append_definition(buf, "New", item->actual);
	else if (item->expected)
		append_definition(buf, "Was", item->expected);
	append_author(buf, item);
	appendStringInfoString(buf, "</article>\n");
}
