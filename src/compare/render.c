/*
 * render.c
 *	  A comparison as a report: which format.
 *
 * Every name and definition is hostile text; each format escapes it for its
 * own markup.
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
