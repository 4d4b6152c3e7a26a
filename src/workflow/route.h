/*
 * route.h
 *	  Who is told of what.
 */
#ifndef SD_WORKFLOW_ROUTE_H
#define SD_WORKFLOW_ROUTE_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/rows.h"

/*
 * Names (char *) of the enabled channels that a workflow tells of these drifts
 * (rows as of sd_incident_ripe()): those with a route whose conditions all
 * hold for one of them.
 */
extern List *sd_route_channels(const char *workflow, const SdRows *drifts);

/* The same of what is no drift: channels with a route that has no condition. */
extern List *sd_route_channels_of_all(const char *workflow);

typedef struct SdRouteAnswer
{
	int64		id;
	const char *channel;
	bool		matches;
	const char *reason;			/* a sentence */
} SdRouteAnswer;

/* For each route of the workflow (SdRouteAnswer *), whether it takes the only drift in the rows, and why. */
extern List *sd_route_explain(const char *workflow, const SdRows *drift);

#endif							/* SD_WORKFLOW_ROUTE_H */
