/*
 * incident.h
 *	  The life of an incident: opened, told again when it grows or changes,
 *	  resolved when all its drifts are gone or accepted.
 */
#ifndef SD_WORKFLOW_INCIDENT_H
#define SD_WORKFLOW_INCIDENT_H

#include "postgres.h"

/*
 * Bring the open incident in line with the open drifts and put what follows
 * into the outbox of every channel that the workflow tells.  news: a drift is
 * new or has changed, which is told again; fewer drifts are not.  revert_sql
 * is the DDL that takes the drifts back.
 */
extern void sd_incident_update(const char *workflow, bool news, const char *revert_sql);

/* Tell that people know of all of it, if somebody acknowledged every open drift of it. */
extern void sd_incident_acknowledge(const char *workflow, int64 id);

/* Tell that a deploy's changes went into the baseline. */
extern void sd_incident_tell_absorbed(const char *workflow, const char *deploy, int version,
									  const char *items_json, int count);

#endif							/* SD_WORKFLOW_INCIDENT_H */
