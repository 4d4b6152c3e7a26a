/*
 * route.c
 *	  Who is told of what.
 *
 * Routes add up: a message goes to every channel that one of them leads to, so
 * that a team's own route takes nothing away from those who watch everything.
 * Who wants only what nobody else takes has a route marked as fallback.
 */
#include "postgres.h"

#include "base/pattern.h"
#include "base/text.h"
#include "model/change.h"
#include "store/route.h"
#include "workflow/route.h"

/* A route with its pattern read; one that cannot be read any more takes everything. */
typedef struct Path
{
	const SdRoute *route;
	SdPattern  *pattern;		/* NULL = none */
} Path;

static List *
read_paths(const char *workflow)
{
	List	   *paths = NIL;
	ListCell   *cell;

	foreach(cell, sd_routes(workflow))
	{
		Path	   *path = palloc0(sizeof(Path));
		SdPatternProblem problem;

		path->route = lfirst(cell);
		if (path->route->pattern)
			path->pattern = sd_pattern_parse(path->route->pattern, &problem);
		paths = lappend(paths, path);
	}
	return paths;
}

/* Which condition does not hold, as a sentence; NULL = all hold. */
static const char *
find_obstacle(const Path *path, const SdRows *drifts, int r)
{
	const SdRoute *route = path->route;
	const char *owner = sd_rows_value(drifts, r, "owner");
	const char *class = sd_rows_value(drifts, r, "class");
	const char *severity = sd_rows_value(drifts, r, "severity");
	SdPatternSubject subject;
	SdSeverity	least;
	SdSeverity	its;

	subject.kind = sd_rows_value(drifts, r, "object_type");
	subject.class = class;
	subject.change = sd_rows_value(drifts, r, "change");
	subject.object = sd_rows_value(drifts, r, "object");
	subject.attribute = sd_rows_value(drifts, r, "attribute");
	if (route->owner && (owner == NULL || strcmp(owner, route->owner) != 0))
		return owner ? psprintf("its owner is %s, not %s", sd_display(owner, false), sd_display(route->owner, false)) :
			psprintf("it has no owner, not %s", sd_display(route->owner, false));
	if (route->class && strcmp(class, route->class) != 0)
		return psprintf("its class is %s, not %s", class, route->class);
	if (route->min_severity && sd_severity_parse(route->min_severity, &least) &&
		sd_severity_parse(severity, &its) && its < least)
		return psprintf("its severity is %s, below %s", severity, route->min_severity);
	if (path->pattern && !sd_pattern_matches(path->pattern, &subject))
		return psprintf("the pattern %s is not about it", sd_display(route->pattern, false));
	return NULL;
}

/* The route that takes the drift and is no fallback, NULL = none does. */
static const SdRoute *
first_taker(List *paths, const SdRows *drifts, int r)
{
	ListCell   *cell;

	foreach(cell, paths)
	{
		const Path *path = lfirst(cell);

		if (!path->route->fallback && path->route->enabled && find_obstacle(path, drifts, r) == NULL)
			return path->route;
	}
	return NULL;
}

static bool
takes_any(List *paths, const Path *path, const SdRows *drifts)
{
	int			r;

	for (r = 0; r < drifts->nrows; r++)
		if (find_obstacle(path, drifts, r) == NULL &&
			!(path->route->fallback && first_taker(paths, drifts, r)))
			return true;
	return false;
}

/* Routes come by channel, so its name is the last one where it is there already. */
static List *
add_channel(List *channels, const SdRoute *route)
{
	if (channels && strcmp(llast(channels), route->channel) == 0)
		return channels;
	return lappend(channels, pstrdup(route->channel));
}

List *
sd_route_channels(const char *workflow, const SdRows *drifts)
{
	List	   *paths = read_paths(workflow);
	List	   *channels = NIL;
	ListCell   *cell;

	foreach(cell, paths)
	{
		const Path *path = lfirst(cell);

		if (path->route->enabled && takes_any(paths, path, drifts))
			channels = add_channel(channels, path->route);
	}
	return channels;
}

List *
sd_route_channels_of_all(const char *workflow)
{
	List	   *channels = NIL;
	ListCell   *cell;

	foreach(cell, sd_routes(workflow))
	{
		const SdRoute *route = lfirst(cell);

		if (route->enabled && !route->fallback && !route->pattern && !route->class && !route->min_severity &&
			!route->owner)
			channels = add_channel(channels, route);
	}
	return channels;
}

static SdRouteAnswer *
explain_path(List *paths, const Path *path, const SdRows *drift)
{
	const SdRoute *route = path->route;
	const char *obstacle = find_obstacle(path, drift, 0);
	const SdRoute *other = route->fallback && obstacle == NULL ? first_taker(paths, drift, 0) : NULL;
	SdRouteAnswer *answer = palloc(sizeof(SdRouteAnswer));

	answer->id = route->id;
	answer->channel = route->channel;
	answer->matches = route->enabled && obstacle == NULL && other == NULL;
	if (!route->enabled)
		answer->reason = "its channel is switched off";
	else if (obstacle)
		answer->reason = obstacle;
	else if (other)
		answer->reason = psprintf("it is a fallback, and route " INT64_FORMAT " takes it", other->id);
	else if (route->fallback)
		answer->reason = "no other route takes it";
	else if (route->owner || route->class || route->min_severity || route->pattern)
		answer->reason = "all its conditions hold";
	else
		answer->reason = "it has no condition";
	return answer;
}

List *
sd_route_explain(const char *workflow, const SdRows *drift)
{
	List	   *paths = read_paths(workflow);
	List	   *answers = NIL;
	ListCell   *cell;

	foreach(cell, paths)
		answers = lappend(answers, explain_path(paths, lfirst(cell), drift));
	return answers;
}
