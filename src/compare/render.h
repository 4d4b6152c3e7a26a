/*
 * render.h
 *	  A comparison as a report for people or programs.
 */
#ifndef SD_RENDER_H
#define SD_RENDER_H

#include "postgres.h"

#include "model/change.h"

typedef enum SdRenderFormat
{
	SD_RENDER_TEXT,
	SD_RENDER_MARKDOWN,
	SD_RENDER_JSON
} SdRenderFormat;

typedef struct SdReport
{
	const char *from;			/* the sides, as the user wrote them */
	const char *to;
	int			nobjects;		/* compared */
	List	   *items;			/* SdItem * */
	const char *plan;			/* the DDL that turns "to" back into "from" */
} SdReport;

/* Raises an error listing the formats for an unknown one. */
extern SdRenderFormat sd_render_format(const char *name);

extern char *sd_render(const SdReport *report, SdRenderFormat format);

#endif							/* SD_RENDER_H */
