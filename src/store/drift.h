/*
 * drift.h
 *	  The only SQL on schemadrift.drift; incidents are in incident.h.
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
#define SD_DRIFT_ITEM_COLUMNS SD_DRIFT_COLUMNS ", " SD_DRIFT_HINT " AS hint"
#define SD_DRIFT_COLUMNS \
	"d.id, d.severity, d.class, d.change, d.object_type, d.object, d.attribute," \
	" d.expected, d.actual, d.who, d.via, d.at, d.ddl, " SD_DRIFT_STATE " AS state"
#define SD_DRIFT_HINT \
	"CASE WHEN d.state IN ('open', 'ignored') THEN pg_catalog.format('SELECT drift_explain(%s);', d.id) END"

/*
 * Nobody is to be told of the open schemadrift.drift d: somebody acknowledged
 * it as it is now, or let it rest for a while.
 */
#define SD_DRIFT_IS_SILENT \
	"(COALESCE(d.acknowledged_digest = d.content_digest, false)" \
	" OR COALESCE(d.snoozed_until > pg_catalog.now(), false))"

/* The drifts that are open or ignored, by what they are about. */
typedef struct SdKnownDrifts SdKnownDrifts;
extern SdKnownDrifts *sd_drift_known(void);

/* An item that is just what its drift recorded is as (un)attributed as that. */
extern void sd_drift_keep_author(const SdKnownDrifts *known, SdItem *item);

/*
 * Record one difference, open or, where item->rule_id says so, ignored: one
 * that is known keeps its number, which is put into the item.  What it is
 * called, how grave it is and who owns it follow the item: that is no other drift.
 */
extern void sd_drift_record(const SdKnownDrifts *known, SdItem *item);

/* Was it open, and not ignored, before this check? */
extern bool sd_drift_is_open(const SdKnownDrifts *known, const SdItem *item);

/* For how many seconds it has been known, 0 = it is new. */
extern int64 sd_drift_age(const SdKnownDrifts *known, const SdItem *item);

/* Keep which drifts were brought about by another one; all items have numbers. */
extern void sd_drift_set_causes(const SdKnownDrifts *known, List *items);

/*
 * Give each item the number of the open drift about the same thing, if any, and
 * its author; how grave it is has to be found anew.
 */
extern void sd_drift_identify(List *items);

/* Close the drifts, open or ignored, that are not among these ids: they are gone. */
extern uint64 sd_drift_close_others(const char *ids_json);

/* Close drifts, open or ignored (one, or 0 for all but those about capture), as accepted; how many they were. */
extern uint64 sd_drift_accept(int64 id, const char *by, const char *reason);

/* Rows as drift_item: all open ones. */
extern SdRows *sd_drift_open(void);

/* The same of those that are open or ignored. */
extern SdRows *sd_drift_standing(void);

/*
 * The open ones as people are shown them: what another one brought about stands
 * under that (sd_drift_folded()), and is only counted in its hint.
 */
extern SdRows *sd_drift_shown(void);
extern SdRows *sd_drift_folded(int64 cause);

/*
 * The same of one of any state, or no row, and: is_standing (open or ignored),
 * event_id, incident_id, first_seen, content_digest, rule_id, snoozed_until,
 * finding, owner, cause_id, closed_at, closed_by, close_reason.
 */
extern SdRows *sd_drift_one(int64 id);

/*
 * Refused claims of roles that may not deploy, of events beyond the horizon or
 * in an open drift of that type, and that nobody accepted since: rows (role,
 * quoted; label; event_id, the last that made it).  The open drifts get to
 * know their last event.
 */
extern SdRows *sd_drift_claims(const char *object_type, int64 horizon);
/*
 * Silence an open drift and what it brought about: as they are now, or until a time (text).  Taken back,
 * the latter by a snooze until "now", the next check tells it again.
 */
extern void sd_drift_acknowledge(int64 id);
extern void sd_drift_snooze(int64 id, const char *until);
extern void sd_drift_unacknowledge(int64 id);

/* How many open drifts a rule hides now. */
extern int64 sd_drift_count_ignored(int64 rule_id);

#endif							/* SD_STORE_DRIFT_H */
