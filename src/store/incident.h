/*
 * incident.h
 *	  The only SQL on schemadrift.incident: drifts that are told about together.
 */
#ifndef SD_STORE_INCIDENT_H
#define SD_STORE_INCIDENT_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "nodes/pg_list.h"

#include "base/rows.h"
#include "model/change.h"

/*
 * An open incident with what its open drifts come to.  A drift is loud unless
 * somebody acknowledged or snoozed it, and ripe once schemadrift.alert_grace is
 * over or it was told.  Drifts that another one brought about count with that.
 * Times are 0 where there is none.
 */
typedef struct SdIncident
{
	int64		id;
	const char *dedup_key;
	int			nopen;			/* open drifts, silent ones and all */
	int			nripe;			/* ripe loud ones */
	SdSeverity	severity;		/* the worst of those */
	const char *digest;			/* of their contents; "" = of none */
	bool		has_news;		/* one of them was never told as it is now */
	TimestampTz ripe_at;		/* when the next loud one gets ripe */
	TimestampTz wake_at;		/* when the next snooze ends */
	TimestampTz told_at;
	SdSeverity	told_severity;
	const char *told_digest;
	TimestampTz tell_at;
} SdIncident;

/* The open ones (SdIncident *), the gravest first. */
extern List *sd_incidents_open(TimestampTz now);

/* Has somebody acknowledged every open drift of the incident, as it is now? */
extern bool sd_incident_is_acknowledged(int64 id);

/* Is one of them due to be told? */
extern bool sd_incident_is_due(void);

/* Has somebody acknowledged every open drift of the incident, as it is now? */
extern bool sd_incident_is_acknowledged(int64 id);

/* Let the next check look at what is open again, and tell what follows from it. */
extern void sd_incident_recheck(void);

/*
 * Give every open drift that belongs to no open incident to one: of its owner,
 * and of the same burst or the same transaction, or else new.  make_key gives
 * a key that no other incident ever had.
 */
extern void sd_incident_adopt(char *(*make_key) (void));

/* Keep severity, class and digest as they are now. */
extern void sd_incident_refresh(int64 id);

/* It was told these channels (char *), or is to be told then (0 = when something changes). */
extern void sd_incident_told(const SdIncident *incident, List *channels, TimestampTz now);
extern void sd_incident_tell_later(int64 id, TimestampTz at);

/*
 * Messages of it were given up unsent since they were old: it counts as never
 * told, and is due.
 */
extern uint64 sd_incident_tell_parked(void);

extern void sd_incident_resolve(int64 id, const char *reason);

/* Names (char *) of the channels that it was told. */
extern List *sd_incident_channels(int64 id);

/* Has somebody acknowledged every open drift of the incident, as it is now? */
extern bool sd_incident_is_acknowledged(int64 id);

/* The key of an incident that has drifts, NULL when there is none; the newest's number, or 0. */
extern char *sd_incident_key(int64 id);
extern int64 sd_incident_newest(void);

/* What of it is ripe and loud: rows of kind, object, attribute, change, class, severity, owner. */
extern SdRows *sd_incident_ripe(int64 id, TimestampTz now);

/* The payload of a message about it (see sink/sink.h), as JSON text. */
extern char *sd_incident_payload(int64 id, const char *revert_sql, const char *note, TimestampTz now);

/* -- storms ---------------------------------------------------------------- */

/* Pages of the last hour, and when the oldest of them is an hour old. */
extern int	sd_storm_count(TimestampTz *oldest_ends);

/* The key of the storm that goes on, NULL = none; begin and end one. */
extern char *sd_storm_key(void);
extern void sd_storm_begin(const char *key, List *channels);

/* Who was told of it. */
extern List *sd_storm_end(void);

#endif							/* SD_STORE_INCIDENT_H */
