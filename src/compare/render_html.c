/*
 * render_html.c
 *	  A comparison as one page of HTML that needs nothing else.
 *
 * The page loads nothing and runs nothing but its own script: its policy
 * allows one style and one script, by their digests, so that text which got
 * past the escaping could still neither run nor load.  It is complete without
 * the script, which only filters, folds and copies.
 */
#include "postgres.h"

#include "common/base64.h"

#include "base/digest.h"
#include "compare/html.h"
#include "compare/html_change.h"
#include "compare/html_tree.h"
#include "compare/render_formats.h"
#include "compare/report_words.h"

/* Written by the Makefile from report.css and report.js. */
static const char style[] =
#include "compare/report_css.inc"
;
static const char script[] =
#include "compare/report_js.inc"
;

/* Differences up to which the DDL that takes them back stands open. */
#define MAX_OPEN_PLAN 40

/* -- head ------------------------------------------------------------------- */

static char *
source_of(const char *text)
{
	uint8		digest[SD_DIGEST_LENGTH];
	int			size = pg_b64_enc_len(SD_DIGEST_LENGTH);
	char	   *encoded = palloc0(size + 1);

	sd_digest_text(text, digest);
	if (pg_b64_encode((void *) digest, SD_DIGEST_LENGTH, encoded, size) < 0)
		elog(ERROR, "could not encode a digest");
	return psprintf("'sha256-%s'", encoded);
}

static void
append_head(StringInfo buf, const SdReport *report)
{
	appendStringInfo(buf, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
					 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src %s;"
					 " script-src %s; base-uri 'none'; form-action 'none'\">\n",
					 source_of(style), source_of(script));
	appendStringInfoString(buf, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
						   "<meta name=\"color-scheme\" content=\"light dark\">\n"
						   "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
	sd_html_text(buf, sd_report_summary(report));
	appendStringInfo(buf, "</title>\n<style>%s</style>\n</head>\n<body>\n", style);
}

/* -- header: what is compared, and what came of it --------------------------- */

static void
append_side(StringInfo buf, const char *word, const SdReportSide *side)
{
	appendStringInfo(buf, "<section class=\"side\"><h2>%s <bdi class=\"name\">", word);
	sd_html_text(buf, side->name);
	appendStringInfoString(buf, "</bdi></h2><p>");
	sd_html_text(buf, side->description);
	appendStringInfoString(buf, "</p><dl><div><dt>Taken</dt><dd>");
	sd_html_text(buf, side->taken);
	appendStringInfo(buf, "</dd></div><div><dt>Objects</dt><dd>%d</dd></div>"
					 "<div><dt>Fingerprint</dt><dd class=\"fingerprint\">%s</dd></div></dl></section>\n",
					 side->snapshot->nobjects, side->snapshot->fingerprint);
}

/* How many of each class, as a bar for the eye; the buttons below say it in words. */
static void
append_bar(StringInfo buf, const SdReport *report, const int *counts)
{
	int			n = list_length(report->items);
	double		x = 0;
	int			class;

	appendStringInfoString(buf, "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\""
						   " aria-hidden=\"true\">");
	for (class = SD_CLASSES - 1; class >= 0; class--)
	{
		double		width = 1000.0 * counts[class] / n;

		if (counts[class] > 0)
			appendStringInfo(buf, "<rect class=\"%s\" x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"10\"/>",
							 sd_class_name(class), x, width);
		x += width;
	}
	appendStringInfoString(buf, "</svg>\n");
}

static void
append_title(StringInfo buf, const SdReport *report)
{
	int			n = list_length(report->items);

	appendStringInfoString(buf, "<header class=\"top\"><p class=\"brand\">schemadrift</p>\n<h1>");
	if (n == 0)
		appendStringInfoString(buf, "No difference");
	else
		appendStringInfo(buf, "%d %s", n, n == 1 ? "change" : "changes");
	appendStringInfoString(buf, " from <bdi class=\"name\">");
	sd_html_text(buf, report->from.name);
	appendStringInfoString(buf, "</bdi> to <bdi class=\"name\">");
	sd_html_text(buf, report->to.name);
	appendStringInfoString(buf, "</bdi></h1>\n");
	if (n > 0)
	{
		appendStringInfoString(buf, "<p class=\"lead\"><b>Before</b> is <bdi class=\"name\">");
		sd_html_text(buf, report->from.name);
		appendStringInfoString(buf, "</bdi>, <b>after</b> is <bdi class=\"name\">");
		sd_html_text(buf, report->to.name);
		appendStringInfoString(buf, "</bdi>.</p>\n");
	}
	appendStringInfoString(buf, "<div class=\"sides\">\n");
	append_side(buf, "From", &report->from);
	appendStringInfoString(buf, "<span class=\"arrow\" aria-hidden=\"true\">&#x2192;</span>\n");
	append_side(buf, "To", &report->to);
	appendStringInfoString(buf, "</div></header>\n");
}

/* Disabled until the script is there to make them work; the counts show all the same. */
static void
append_tools(StringInfo buf, const int *counts)
{
	int			class;

	appendStringInfoString(buf, "<fieldset class=\"tools\" disabled><legend class=\"heard\">Show</legend>\n"
						   "<div class=\"classes\" role=\"group\" aria-label=\"Classes shown\">");
	for (class = SD_CLASSES - 1; class >= 0; class--)
		if (counts[class] > 0)
			appendStringInfo(buf, "<button type=\"button\" class=\"toggle %s\" data-class=\"%s\""
							 " aria-pressed=\"true\">%s <b>%d</b></button>\n",
							 sd_class_name(class), sd_class_name(class), sd_class_name(class), counts[class]);
	appendStringInfoString(buf, "</div>\n<label class=\"filter\"><span class=\"heard\">Filter the changes</span>"
						   "<input id=\"filter\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\""
						   " placeholder=\"Filter by name, role, statement\"></label>\n"
						   "<div class=\"fold\"><button type=\"button\" id=\"open\">Open all</button>\n"
						   "<button type=\"button\" id=\"close\">Close all</button></div>\n"
						   "<p id=\"status\" role=\"status\"></p></fieldset>\n");
}

/* -- the plan --------------------------------------------------------------- */

/* "3 of its statements drop …", unless there is none */
static void
append_warning(StringInfo buf, int count, const char *one, const char *many)
{
	if (count > 0)
		appendStringInfo(buf, "<p class=\"warn\">%d %s</p>\n", count, count == 1 ? one : many);
}

static void
append_hazards(StringInfo buf, const SdPlan *plan)
{
	int			lossy = 0;
	int			alone = 0;
	ListCell   *cell;

	foreach(cell, plan->statements)
	{
		lossy += ((SdStatement *) lfirst(cell))->loses_data != NULL;
		alone += ((SdStatement *) lfirst(cell))->no_transaction;
	}
	append_warning(buf, lossy, "of its statements loses data; a comment before it says what.",
				   "of its statements lose data; a comment before each says what.");
	append_warning(buf, alone, "of its statements cannot run in a transaction block.",
				   "of its statements cannot run in a transaction block.");
	foreach(cell, plan->impossible)
	{
		appendStringInfoString(buf, "<p class=\"warn\">Not done: ");
		sd_html_text(buf, lfirst(cell));
		appendStringInfoString(buf, "</p>\n");
	}
}

static void
append_plan(StringInfo buf, const SdReport *report)
{
	appendStringInfoString(buf, "<section class=\"plan\" id=\"plan\"><h2>DDL that turns <bdi class=\"name\">");
	sd_html_text(buf, report->to.name);
	appendStringInfoString(buf, "</bdi> back into <bdi class=\"name\">");
	sd_html_text(buf, report->from.name);
	appendStringInfoString(buf, "</bdi></h2>\n");
	append_hazards(buf, report->plan);
	appendStringInfo(buf, "<details%s><summary>%d %s</summary>"
					 "<button type=\"button\" id=\"copy\" hidden>Copy</button>"
					 "<pre class=\"code\" id=\"script\" tabindex=\"0\">",
					 list_length(report->items) <= MAX_OPEN_PLAN ? " open" : "",
					 list_length(report->plan->statements),
					 list_length(report->plan->statements) == 1 ? "statement" : "statements");
	sd_html_sql(buf, report->script);
	appendStringInfoString(buf, "</pre></details></section>\n");
}

/* -- the page --------------------------------------------------------------- */

static void
append_all_clear(StringInfo buf, const SdReport *report)
{
	appendStringInfo(buf, "<main id=\"changes\" class=\"clear\"><svg viewBox=\"0 0 48 48\" aria-hidden=\"true\">"
					 "<circle cx=\"24\" cy=\"24\" r=\"21\"/><path d=\"M14 25l7 7 13-15\"/></svg>\n"
					 "<p>All clear.</p><p class=\"count\">%d objects were compared; %s</p></main>\n",
					 report->to.snapshot->nobjects,
					 strcmp(report->from.snapshot->fingerprint, report->to.snapshot->fingerprint) == 0 ?
					 "both sides have the same fingerprint." : "nothing that counts differs.");
}

static void
append_changes(StringInfo buf, const SdReport *report)
{
	int			counts[SD_CLASSES];

	sd_report_count(report, counts);
	append_bar(buf, report, counts);
	append_tools(buf, counts);
	appendStringInfoString(buf, "<main id=\"changes\" tabindex=\"-1\">\n");
	sd_html_append_tree(buf, sd_html_tree(report), list_length(report->items));
	appendStringInfoString(buf, "<p id=\"nothing\" hidden>No change fits.</p>\n");
	append_plan(buf, report);
	appendStringInfoString(buf, "</main>\n");
}

/* What the words on the page mean. */
static void
append_footer(StringInfo buf, const SdReport *report)
{
	static const char *const meanings[SD_CLASSES] = {
		[SD_CLASS_ADDITIVE] = "something more; nothing that existed breaks",
		[SD_CLASS_RISKY] = "plans, results or speed may change",
		[SD_CLASS_BREAKING] = "what relied on it fails",
		[SD_CLASS_SECURITY] = "who may do what has changed",
		[SD_CLASS_UNATTRIBUTED] = "nobody is known to have done it"
	};
	int			class;

	appendStringInfoString(buf, "<footer>");
	if (report->items)
	{
		appendStringInfoString(buf, "<dl>");
		for (class = SD_CLASSES - 1; class >= 0; class--)
			appendStringInfo(buf, "<div><dt><span class=\"badge %s\">%s</span></dt><dd>%s</dd></div>\n",
							 sd_class_name(class), sd_class_name(class), meanings[class]);
		appendStringInfoString(buf, "</dl>");
	}
	appendStringInfo(buf, "<p>schemadrift %s</p></footer>\n", SD_VERSION);
}

char *
sd_render_html(const SdReport *report)
{
	StringInfoData buf;

	initStringInfo(&buf);
	append_head(&buf, report);
	if (report->items)
		appendStringInfoString(&buf, "<a class=\"skip\" href=\"#changes\">Skip to the changes</a>\n");
	append_title(&buf, report);
	if (report->items)
		append_changes(&buf, report);
	else
		append_all_clear(&buf, report);
	append_footer(&buf, report);
	if (report->items)
		appendStringInfo(&buf, "<script>%s</script>\n", script);
	appendStringInfoString(&buf, "</body>\n</html>\n");
	return buf.data;
}
