/*
 * route.h
 *	  The only SQL on schemadrift.route: which channels a workflow tells, and
 *	  of what.
 */
#ifndef SD_STORE_ROUTE_H
#define SD_STORE_ROUTE_H

#include "postgres.h"

#include "nodes/pg_list.h"

/* A condition that is NULL holds for everything. */
typedef struct SdRoute
{
	int64		id;
	const char *channel;
	bool		enabled;		/* is its channel? */
	const char *pattern;		/* of objects, see base/pattern.h */
	const char *class;
	const char *min_severity;
	const char *owner;
	bool		fallback;		/* only for what no other route takes */
} SdRoute;

/* The routes of a workflow (SdRoute *), by channel and id. */
extern List *sd_routes(const char *workflow);

/* Add one; false when it was there before.  Its id is not looked at. */
extern bool sd_route_insert(const char *workflow, const SdRoute *route);

/* Remove one, or all between a workflow and a channel; false when there was none. */
extern bool sd_route_delete(int64 id);
extern bool sd_route_delete_all(const char *workflow, const char *channel);

#endif							/* SD_STORE_ROUTE_H */
