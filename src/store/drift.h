/*
 * drift.h
 *	  The only SQL on schemadrift.drift and schemadrift.incident.
 */
#ifndef SD_STORE_DRIFT_H
#define SD_STORE_DRIFT_H

#include "postgres.h"

#include "base/rows.h"
#include "model/change.h"

/* The state of schemadrift.drift d as people see it: silent ones are listed as what they are. */
#define SD_DRIFT_STATE \
	"CASE WHEN d.state = 'open' AND d.acknowledged_digest = d.content_digest THEN 'acknowledged'" \
	" WHEN d.state = 'open' AND d.snoozed_until > pg_catalog.now() THEN 'snoozed' ELSE d.state END"

/* What drift_item has, in its order; for queries over schemadrift.drift d. */
#define SD_DRIFT_ITEM_COLUMNS \
	"d.id, d.severity, d.class, d.change, d.object_type, d.object, d.attribute," \
	" d.expected, d.actual, d.who, d.via, d.at, d.ddl, " SD_DRIFT_STATE " AS state," \
	" CASE WHEN d.state IN ('open', 'ignored') THEN pg_catalog.format('SELECT drift_explain(%s);', d.id) END AS hint"

/*
 * Nobody is to be told of the open schemadrift.drift d: somebody acknowledged
 * it as it is now, or let it rest for a while.
 */
#define SD_DRIFT_IS_SILENT \
	"(COALESCE(d.acknowledged_digest = d.content_digest, false)" \
	" OR COALESCE(d.snoozed_until > pg_catalog.now(), false))"

/*
 * Record one difference and the event behind it (0 = none), open or, where
 * item->rule_id says so, ignored.  Keeps the number of a drift that is there
 * already.  Returns its id; *news is true when it is to be told: new, no longer
 * the same, no longer hidden, or no longer snoozed; and nobody wants it silent.
 */
extern int64 sd_drift_record(const SdItem *item, int64 event_id, bool *news);

/* Give each item the number of the open drift about the same thing, if any. */
extern void sd_drift_identify(List *items);

/* Close the drifts, open or ignored, that are not among these ids: they are gone. */
extern uint64 sd_drift_close_others(const char *ids_json);

/* Close drifts, open or ignored (one, or 0 for all), as accepted. */
extern void sd_drift_accept(int64 id, const char *by, const char *reason);

/* Rows as drift_item: all open ones. */
extern SdRows *sd_drift_open(void);

/*
 * The same of one of any state, or no row, and: is_standing (open or ignored),
 * event_id, incident_id, first_seen, content_digest, rule_id, snoozed_until,
 * closed_at, closed_by, close_reason.
 */
extern SdRows *sd_drift_one(int64 id);

/*
 * Silence an open drift: as it is now, or until a time (text).  Taken back,
 * the latter by a snooze until "now", the next check tells it again.
 */
extern void sd_drift_acknowledge(int64 id);
extern void sd_drift_snooze(int64 id, const char *until);
extern void sd_drift_unacknowledge(int64 id);

/* How many open drifts a rule hides now. */
extern int64 sd_drift_count_ignored(int64 rule_id);

/* -- incidents ----------------------------------------------------------- */

typedef struct SdIncident
{
	int64		id;
	const char *dedup_key;
	const char *severity;
	const char *content_digest; /* of its open drifts when last told */
	int			open_drifts;
} SdIncident;

/* Has somebody acknowledged every open drift of the incident, as it is now? */
extern bool sd_incident_is_acknowledged(int64 id);

/* The open incident, or NULL; made with the key when create is asked for. */
extern SdIncident *sd_incident_open(void);
extern SdIncident *sd_incident_create(const char *dedup_key);

/* The key of an incident that has drifts, NULL when there is none; the newest's number, or 0. */
extern char *sd_incident_key(int64 id);
extern int64 sd_incident_newest(void);

/* Give every open drift without an incident to this one. */
extern void sd_incident_adopt(const SdIncident *incident);

/* Recompute severity, class and digest from its open drifts; what is stored. */
extern SdIncident *sd_incident_refresh(int64 id);

extern void sd_incident_resolve(int64 id, const char *reason);

/* The payload of a message about it (see sink/sink.h), as JSON text. */
extern char *sd_incident_payload(int64 id, const char *revert_sql, const char *note);

#endif							/* SD_STORE_DRIFT_H */
