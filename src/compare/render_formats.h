/*
 * render_formats.h
 *	  The formats of a report, one file each; for render.c alone.
 */
#ifndef SD_RENDER_FORMATS_H
#define SD_RENDER_FORMATS_H

#include "postgres.h"

#include "compare/render.h"

extern char *sd_render_text(const SdReport *report);
extern char *sd_render_markdown(const SdReport *report);
extern char *sd_render_html(const SdReport *report);
extern char *sd_render_json(const SdReport *report);

#endif							/* SD_RENDER_FORMATS_H */
