/*
 * incident.h
 *	  The life of an incident: opened, told when it is time (tell.h), told again
 *	  when it grows or changes, resolved when all its drifts are gone, accepted or
 *	  ignored.
 */
#ifndef SD_WORKFLOW_INCIDENT_H
#define SD_WORKFLOW_INCIDENT_H

#include "postgres.h"

#include "workflow/check.h"

/*
 * Bring the incidents in line with the open drifts, which the check has just
 * recorded, and put what follows into the outbox of those whom the workflow
 * tells.
 */
extern void sd_incident_tell(const char *workflow, const SdCheck *check);

/*
 * The same after a decision: what is over is resolved; what there is to tell
 * besides waits for the next check, which is asked for.
 */
extern void sd_incident_update(const char *workflow);

/* Tell that people know of all of it, if somebody acknowledged every open drift of it. */
extern void sd_incident_acknowledge(int64 id);

/* Tell that a deploy's changes went into the baseline. */
extern void sd_incident_tell_absorbed(const char *workflow, const char *deploy, int version,
									  const char *items_json, int count);

#endif							/* SD_WORKFLOW_INCIDENT_H */
