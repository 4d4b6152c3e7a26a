/*
 * route.c
 *	  Which channels a workflow tells, and of what.
 */
#include "postgres.h"

#include "base/spi.h"
#include "store/channel.h"
#include "store/route.h"

static SdRoute *
read_route(const SdRows *rows, int r)
{
	SdRoute    *route = palloc(sizeof(SdRoute));

	route->id = sd_rows_int(rows, r, "id");
	route->channel = sd_rows_value(rows, r, "channel");
	route->enabled = sd_rows_bool(rows, r, "enabled");
	route->pattern = sd_rows_value(rows, r, "pattern");
	route->class = sd_rows_value(rows, r, "class");
	route->min_severity = sd_rows_value(rows, r, "min_severity");
	route->owner = sd_rows_value(rows, r, "owner");
	route->fallback = sd_rows_bool(rows, r, "fallback");
	return route;
}

List *
sd_routes(const char *workflow)
{
	SdRows	   *rows = sd_spi_queryv("SELECT r.id, r.channel, c.enabled, r.pattern, r.class, r.min_severity, r.owner,"
									 " r.fallback FROM schemadrift.route r"
									 " JOIN schemadrift.channel c ON c.name OPERATOR(pg_catalog.=) r.channel"
									 " WHERE r.workflow OPERATOR(pg_catalog.=) $1"
									 " ORDER BY r.channel COLLATE \"C\", r.id", workflow);
	List	   *routes = NIL;
	int			r;

	for (r = 0; r < rows->nrows; r++)
		routes = lappend(routes, read_route(rows, r));
	return routes;
}

bool
sd_route_insert(const char *workflow, const SdRoute *route)
{
	uint64		inserted;

	inserted = sd_spi_commandv("INSERT INTO schemadrift.route (workflow, channel, pattern, class, min_severity,"
							   " owner, fallback)"
							   " SELECT $1, c.name, $3, $4, $5, $6, $7::pg_catalog.bool"
							   "   FROM schemadrift.channel c WHERE c.name OPERATOR(pg_catalog.=) $2"
							   "    FOR KEY SHARE"
							   " ON CONFLICT DO NOTHING",
							   workflow, route->channel, route->pattern, route->class, route->min_severity,
							   route->owner, route->fallback ? "t" : "f");
	/* dropped meanwhile? */
	if (inserted == 0)
		(void) sd_channel_find(route->channel);
	return inserted > 0;
}

bool
sd_route_delete(int64 id)
{
	return sd_spi_commandv("DELETE FROM schemadrift.route WHERE id = $1::pg_catalog.int8",
						   psprintf(INT64_FORMAT, id)) > 0;
}

bool
sd_route_delete_all(const char *workflow, const char *channel)
{
	return sd_spi_commandv("DELETE FROM schemadrift.route"
						   " WHERE workflow OPERATOR(pg_catalog.=) $1"
						   "   AND channel OPERATOR(pg_catalog.=) $2",
						   workflow, channel) > 0;
}
