/*
 * selfcheck.c
 *	  What is wrong with the watch itself is drift, too.
 */
#include "postgres.h"

#include "capture/arm.h"
#include "store/event.h"
#include "workflow/selfcheck.h"

/* The last command about event triggers, for who switched capture off. */
const SdEvent *
sd_selfcheck_event(const SdCheck *check)
{
	const SdEvent *last = NULL;
	ListCell   *cell;

	foreach(cell, sd_event_load_since(check->stored->event_horizon))
	{
		const SdEvent *event = lfirst(cell);

		if (strstr(event->tag, "EVENT TRIGGER") || strcmp(event->tag, "DROP FUNCTION") == 0)
			last = event;
	}
	return last;
}

/*
 * Capture that is meant to be on and is not is a drift of its own, whoever
 * switched it off and during whatever deploy: what happens meanwhile would
 * have no author.
 */
SdItem *
sd_selfcheck_capture(void)
{
	char	   *problem = sd_capture_problem();
	SdItem	   *item;

	if (problem == NULL)
		return NULL;
	item = palloc0(sizeof(SdItem));
	item->change = SD_CHANGE_CHANGED;
	item->class = SD_CLASS_SECURITY;
	item->severity = SD_SEVERITY_CRITICAL;
	item->finding = "capture_off";
	item->object_type = SD_CAPTURE_DRIFT;
	item->object = "schemadrift";
	item->property = -1;
	item->is_self = true;
	item->expected = "DDL is captured";
	item->actual = problem;
	return item;
}
