/*
 * tell.h
 *	  When an incident is to be told.
 */
#ifndef SD_TELL_H
#define SD_TELL_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "store/incident.h"

/* What the moment and the configuration say; times are µs. */
typedef struct SdTellRules
{
	TimestampTz now;
	TimestampTz quiet_until;	/* end of the quiet window that is open, 0 = none is */
	int64		update_interval;	/* least time between two messages of a growing incident */
	int64		realert_interval;	/* 0 = never */
} SdTellRules;

typedef struct SdTellDecision
{
	bool		now;
	TimestampTz later;			/* if not now: when to decide again, 0 = when something changes */
} SdTellDecision;

extern SdTellDecision sd_tell_decide(const SdIncident *incident, const SdTellRules *rules);

#endif							/* SD_TELL_H */
