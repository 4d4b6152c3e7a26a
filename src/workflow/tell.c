/*
 * tell.c
 *	  When an incident is to be told.  Pure: the moment comes in as an argument.
 *
 *		something ripe and loud?	no ─▶ when the next one gets ripe or wakes
 *		worse than when told?		yes ─▶ now, whatever the hour
 *		new, or news?				yes ─▶ now, but an update waits for its interval
 *									no ─▶ at the re-alert interval, if there is one
 *		lesser, in quiet hours?		yes ─▶ at their end
 */
#include "postgres.h"

#include "workflow/tell.h"

/* The earlier of two times of which either may be none. */
static TimestampTz
earlier(TimestampTz a, TimestampTz b)
{
	return a == 0 ? b : b == 0 ? a : Min(a, b);
}

SdTellDecision
sd_tell_decide(const SdIncident *incident, const SdTellRules *rules)
{
	SdTellDecision decision = {false, earlier(incident->ripe_at, incident->wake_at)};
	bool		told = incident->told_at != 0;
	bool		worse = told && incident->nripe > 0 && incident->severity > incident->told_severity;
	bool		news = !told || (incident->has_news &&
								 (incident->told_digest == NULL ||
								  strcmp(incident->digest, incident->told_digest) != 0));
	TimestampTz due = rules->now;

	if (incident->nripe == 0)
		return decision;
	if (!worse && !news)
	{
		if (rules->realert_interval == 0)
			return decision;
		due = incident->told_at + rules->realert_interval;
	}
	else if (told && !worse)
		due = Max(due, incident->told_at + rules->update_interval);
	if (!worse && incident->severity < SD_SEVERITY_ERROR && rules->quiet_until > due)
		due = rules->quiet_until;
	decision.now = due <= rules->now;
	if (!decision.now)
		decision.later = earlier(decision.later, due);
	return decision;
}
