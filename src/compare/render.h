/*
 * render.h
 *	  A comparison as a report for people or programs.
 */
#ifndef SD_RENDER_H
#define SD_RENDER_H

#include "postgres.h"

#include "model/change.h"
#include "model/plan.h"
#include "model/snapshot.h"

typedef enum SdRenderFormat
{
	SD_RENDER_TEXT,
	SD_RENDER_MARKDOWN,
	SD_RENDER_HTML,
	SD_RENDER_JSON
} SdRenderFormat;

typedef struct SdReportSide
{
	const char *name;			/* as the user wrote it, secrets left out */
	const char *description;	/* what it is, for people */
	const char *taken;			/* when, as text */
	const SdSnapshot *snapshot;
} SdReportSide;

typedef struct SdReport
{
	SdReportSide from;
	SdReportSide to;
	List	   *items;			/* SdItem *, most severe class first */
	const SdPlan *plan;			/* turns "to" back into "from" */
	const char *script;			/* the same as a script for psql */
} SdReport;

/* Raises an error listing the formats for an unknown one. */
extern SdRenderFormat sd_render_format(const char *name);

extern char *sd_render(const SdReport *report, SdRenderFormat format);

#endif							/* SD_RENDER_H */
