/*
 * window.c
 *	  Is a recurring window open?
 *
 * A window is open from each minute that its schedule names until its duration
 * has passed, and not before it was added.  One that cannot be read any more (a time zone that the system
 * lost) is never open: its reading must not make a command's capture fail.
 */
#include "postgres.h"

#include "base/caller.h"
#include "base/cron_expression.h"
#include "capture/window.h"
#include "store/time_window.h"

static bool
is_open(const SdTimeWindow *window, TimestampTz at, TimestampTz *opened_at)
{
	SdCron		cron;
	const char *problem;
	pg_tz	   *zone = sd_cron_zone(window->timezone);

	if (at < window->added_at || zone == NULL || !sd_cron_parse(window->schedule, &cron, &problem))
		return false;
	return sd_cron_last(&cron, zone, at, at - window->duration + 1, opened_at);
}

bool
sd_window_any_open(List *windows, const char *mode, Oid role, TimestampTz at, SdOpenWindow *which)
{
	bool		any = false;
	SdOpenWindow latest = {0};
	ListCell   *cell;

	foreach(cell, windows)
	{
		const SdTimeWindow *window = lfirst(cell);
		TimestampTz opened_at;

		if (strcmp(window->mode, mode) != 0 ||
			(window->role && !(OidIsValid(role) && sd_is_member_of(role, window->role))) ||
			!is_open(window, at, &opened_at) ||
			(any && opened_at + window->duration <= latest.closes_at))
			continue;
		any = true;
		latest.id = window->id;
		latest.label = window->label;
		latest.opened_at = opened_at;
		latest.closes_at = opened_at + window->duration;
	}
	if (which)
		*which = latest;
	return any;
}

bool
sd_window_is_open(const char *mode, Oid role, TimestampTz at, SdOpenWindow *which)
{
	return sd_window_any_open(sd_time_window_scan(), mode, role, at, which);
}
