/*
 * tool.h
 *	  schemadrift.tool: migration tools that are recognised by their history,
 *	  and schemadrift.recognised: the events that it showed to be deploys.
 */
#ifndef SD_STORE_TOOL_H
#define SD_STORE_TOOL_H

#include "postgres.h"

#include "base/rows.h"

/* Rows (tool, role, history_schema, history_name), by id. */
extern SdRows *sd_tool_list(void);

/* Rows (oid, name: quoted and qualified) of ordinary tables; schema NULL = any. */
extern SdRows *sd_tool_tables(const char *schema, const char *name);

/* Does somebody hold a table of that name in a lock that keeps other writers out? */
extern bool sd_tool_is_locked(const char *table);

/* From now on the event belongs to this deploy, or has this refused claim. */
extern void sd_tool_recognise(int64 event_id, const char *deploy, const char *refused_claim);

#endif							/* SD_STORE_TOOL_H */
