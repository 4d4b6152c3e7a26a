/*
 * selfcheck.c
 *	  What is wrong with the watch itself is drift, too.
 *
 * capture/problem.c finds it; here it becomes items, with the last event that
 * names what it is about.
 */
#include "postgres.h"

#include "base/json.h"
#include "base/spi.h"
#include "capture/problem.h"
#include "store/arming.h"
#include "store/event.h"
#include "workflow/attribute.h"
#include "workflow/selfcheck.h"

/* What somebody set for his session alone is not what a database or role has. */
static bool
names(const SdEvent *event, const char *subject)
{
	ListCell   *cell;

	foreach(cell, event->objects)
	{
		const SdEventObject *object = lfirst(cell);

		if (object->identity && strcmp(object->identity, subject) == 0 &&
			strcmp(object->type, SD_SESSION_SETTING) != 0)
			return true;
	}
	return false;
}

static const SdEvent *
find_event(List *events, const SdProblem *problem)
{
	const SdEvent *last = NULL;
	ListCell   *cell;

	if (problem->is_server_wide)
		return sd_event_last_about(SD_SERVER_SETTING, problem->subject);
	foreach(cell, problem->subject ? events : NIL)
		if (names(lfirst(cell), problem->subject))
			last = lfirst(cell);
	return last;
}

static SdItem *
make_item(const SdProblem *problem, const SdEvent *event)
{
	SdItem	   *item = palloc0(sizeof(SdItem));

	item->change = SD_CHANGE_CHANGED;
	item->class = SD_CLASS_SECURITY;
	item->severity = SD_SEVERITY_CRITICAL;
	item->finding = "capture_off";
	item->object_type = SD_CAPTURE_DRIFT;
	item->object = problem->object;
	item->property = -1;
	item->expected = problem->expected;
	item->actual = problem->actual;
	item->is_self = true;
	if (event)
		sd_attribute_item(item, event);
	return item;
}

List *
sd_selfcheck(int64 horizon)
{
	List	   *problems = sd_capture_problems();
	List	   *events = problems ? sd_event_load_since(horizon) : NIL;
	List	   *items = NIL;
	ListCell   *cell;

	foreach(cell, problems)
	{
		const SdProblem *problem = lfirst(cell);

		items = lappend(items, make_item(problem, find_event(events, problem)));
	}
	return items;
}

bool
sd_selfcheck_is_news(void)
{
	StringInfoData problems;
	SdRows	   *rows;
	ListCell   *cell;

	if (!sd_arming_is_watching())
		return false;
	initStringInfo(&problems);
	sd_json_begin(&problems, '[');
	foreach(cell, sd_capture_problems())
	{
		const SdProblem *problem = lfirst(cell);

		sd_json_begin(&problems, '[');
		sd_json_text(&problems, problem->object);
		sd_json_text(&problems, problem->actual);
		sd_json_end(&problems, ']');
	}
	sd_json_end(&problems, ']');
	rows = sd_spi_queryv("WITH d AS (SELECT object, actual FROM schemadrift.drift"
						 "   WHERE state = 'open' AND object_type = $2)"
						 " SELECT pg_catalog.jsonb_array_length($1::pg_catalog.jsonb) <>"
						 "       (SELECT pg_catalog.count(*) FROM d)"
						 "     OR EXISTS (SELECT FROM pg_catalog.jsonb_array_elements($1::pg_catalog.jsonb) p"
						 "                 WHERE (p ->> 0, p ->> 1) NOT IN (SELECT object, actual FROM d)) AS news",
						 problems.data, SD_CAPTURE_DRIFT);
	return sd_rows_bool(rows, 0, "news");
}
