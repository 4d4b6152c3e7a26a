/*
 * channel_health.c
 *	  Which channels fail just now: a worker's circuit breaker.
 *
 * Only failures that speak of the service count, never those of one message.
 * A hold is shorter than the back-off of a message that has failed often, so
 * each try after a hold takes another message: one that always fails cannot
 * keep a channel held for good.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/json.h"
#include "base/settings.h"
#include "worker/channel_health.h"

/* Failures in a row after which a channel is held. */
#define HOLD_AFTER 3
/* Longest hold of our own choice, and longest one a service may ask for, ms. */
#define MAX_HOLD 60000
#define MAX_ASKED_HOLD 600000

typedef struct ChannelHealth
{
	char	   *name;
	int			failures;		/* in a row */
	TimestampTz held_until;		/* 0 = not held */
} ChannelHealth;

static List *failing = NIL;		/* ChannelHealth *, in TopMemoryContext */

static ChannelHealth *
find(const char *name)
{
	ListCell   *cell;

	foreach(cell, failing)
	{
		ChannelHealth *health = lfirst(cell);

		if (strcmp(health->name, name) == 0)
			return health;
	}
	return NULL;
}

void
sd_channel_works(const char *channel)
{
	ChannelHealth *health = find(channel);

	if (health == NULL)
		return;
	failing = list_delete_ptr(failing, health);
	pfree(health->name);
	pfree(health);
}

void
sd_channel_fails(const char *channel, int retry_after)
{
	ChannelHealth *health = find(channel);
	int64		hold = 0;

	if (health == NULL)
	{
		MemoryContext caller = MemoryContextSwitchTo(TopMemoryContext);

		health = palloc0(sizeof(ChannelHealth));
		health->name = pstrdup(channel);
		failing = lappend(failing, health);
		MemoryContextSwitchTo(caller);
	}
	health->failures++;
	if (health->failures >= HOLD_AFTER)
		hold = Min((int64) sd_retry_base << Min(health->failures - HOLD_AFTER, 16), MAX_HOLD);
	if (retry_after > 0)
		hold = Max(hold, Min((int64) retry_after * 1000, MAX_ASKED_HOLD));
	if (hold > 0)
		health->held_until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), hold);
}

static char *
names(bool held_only)
{
	TimestampTz now = GetCurrentTimestamp();
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	sd_json_begin(&buf, '[');
	foreach(cell, failing)
	{
		ChannelHealth *health = lfirst(cell);

		if (!held_only || health->held_until > now)
			sd_json_text(&buf, health->name);
	}
	sd_json_end(&buf, ']');
	return buf.data;
}

char *
sd_channels_failing(void)
{
	return names(false);
}

char *
sd_channels_held(void)
{
	return names(true);
}

int64
sd_channels_hold_ends(void)
{
	TimestampTz now = GetCurrentTimestamp();
	int64		wait = -1;
	ListCell   *cell;

	foreach(cell, failing)
	{
		ChannelHealth *health = lfirst(cell);
		int64		left;

		if (health->held_until <= now)
			continue;
		left = TimestampDifferenceMilliseconds(now, health->held_until);
		wait = wait < 0 ? left : Min(wait, left);
	}
	return wait;
}
