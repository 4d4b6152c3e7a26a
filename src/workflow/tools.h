/*
 * tools.h
 *	  Migration tools that are recognised by the history they keep.
 */
#ifndef SD_TOOLS_H
#define SD_TOOLS_H

#include "postgres.h"

#include "nodes/pg_list.h"

/*
 * Of the events beyond the horizon that belong to no deploy, look which ones a
 * tool's history shows to be its own, and note that.  Call it after the
 * snapshot was taken and before the events are loaded.
 */
extern void sd_tools_recognise(int64 horizon);

/* The table that a tool keeps by default; raises an error that lists the tools. */
extern const char *sd_tools_table(const char *tool);

#endif							/* SD_TOOLS_H */
