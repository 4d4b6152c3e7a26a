/*
 * incident.c
 *	  The life of an incident.
 *
 *		(none) ── a drift is open ──▶ open ── none is open any more ──▶ resolved
 *		                              │  ▲
 *		                              └──┘ drifts came, or changed: told again
 *
 * Drifts of one burst and owner are one incident; what comes later is another.
 * The dedup key is drawn when the incident is opened and never changes, so
 * every repeat of a message is the same message to the service.  Rows and
 * messages are written in the transaction that found the drift.
 *
 * Beyond schemadrift.storm_pages messages an hour incidents are held back, and
 * one message says how many; as the hour goes by they are told after all, if
 * they are open still.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/spi.h"
#include "base/text.h"
#include "base/wake.h"
#include "capture/window.h"
#include "compare/diff.h"
#include "compare/merge.h"
#include "compare/plan.h"
#include "store/delivery.h"
#include "store/event_seal.h"
#include "store/incident.h"
#include "workflow/incident.h"
#include "workflow/route.h"
#include "workflow/tell.h"

/* Of more differences nobody reads the script, and making it costs more than telling them. */
#define SD_MOST_REVERTED 1000
/* Of several incidents each one's own is made; looking for it takes time for each drift. */
#define SD_MOST_REVERTED_APART 200

#define OVER "every drift is gone, accepted or ignored"
#define NO_SQL "The SQL that reverts is left out for its length; drift_sql() gives it."

/* schemadrift:<cluster>-<database>:<64 hex digits>, under 120 characters */
static char *
make_key(const char *what)
{
	return psprintf("schemadrift:" UINT64_FORMAT "-%u:%s", GetSystemIdentifier(), MyDatabaseId,
					sd_digest_text_hex(what));
}

/* Something that no other incident of this database ever was. */
static char *
new_dedup_key(void)
{
	SdRows	   *rows = sd_spi_query("SELECT pg_catalog.gen_random_uuid() AS uuid", 0, NULL);

	return make_key(sd_rows_value(rows, 0, "uuid"));
}

static void
enqueue(List *channels, const char *purpose, int64 incident_id, const char *key, const char *payload)
{
	ListCell   *cell;

	foreach(cell, channels)
		(void) sd_delivery_enqueue(lfirst(cell), purpose, incident_id, key, payload);
}

/* -- one incident -------------------------------------------------------------- */

typedef struct Telling
{
	const char *workflow;
	const SdCheck *check;		/* NULL: nothing is told now */
	SdTellRules rules;
	bool		only_one;		/* there is one open incident */
	int			pages;			/* of the last hour */
	TimestampTz room_at;		/* when there is room for another one, if there is none */
	int			held;			/* incidents that wait for it */
	List	   *held_channels;	/* who would have been told of them */
} Telling;

/* The DDL that takes the drifts of one incident back; NULL where there is none, or too much. */
static char *
revert_sql(const SdCheck *check, const SdRows *drifts, bool only_one)
{
	SdSnapshot *without = check->live;
	List	   *of_incident = NIL;
	int			r;

	if (check->changes == NIL || list_length(check->changes) > SD_MOST_REVERTED)
		return NULL;
	if (!only_one)
	{
		if (drifts->nrows > SD_MOST_REVERTED_APART)
			return NULL;
		for (r = 0; r < drifts->nrows; r++)
			of_incident = list_concat(of_incident,
									  sd_check_find(check->changes, sd_rows_value(drifts, r, "object_type"),
													sd_rows_value(drifts, r, "object"),
													sd_rows_value(drifts, r, "attribute"), false));
		if (of_incident == NIL)
			return NULL;
		/* the same as accepting every other drift and then going back */
		without = sd_merge(check->baseline, check->live, of_incident, CurrentMemoryContext);
	}
	return sd_plan_script(sd_plan(without, check->baseline, sd_diff(without, check->baseline)));
}

static void
send_trigger(const Telling *telling, const SdIncident *incident, const SdRows *drifts, List *channels)
{
	char	   *sql = revert_sql(telling->check, drifts, telling->only_one);
	char	   *payload = sd_incident_payload(incident->id, sql, sql || telling->check->changes == NIL ?
											  NULL : NO_SQL, telling->rules.now);
	ListCell   *cell;

	foreach(cell, channels)
		if (!sd_delivery_replace(lfirst(cell), incident->id, payload))
			(void) sd_delivery_enqueue(lfirst(cell), "trigger", incident->id, incident->dedup_key, payload);
}

/*
 * Tell it, or hold it back; when to look at it again.  Nobody is told where no
 * route leads to: it stays untold, for routes to come.
 */
static TimestampTz
tell_incident(Telling *telling, const SdIncident *incident)
{
	SdRows	   *drifts = sd_incident_ripe(incident->id, telling->rules.now);
	List	   *channels = sd_route_channels(telling->workflow, drifts);
	SdIncident	after = *incident;
	ListCell   *cell;

	if (channels == NIL)
		return 0;
	if (sd_storm_pages > 0 && telling->pages >= sd_storm_pages)
	{
		telling->held++;
		foreach(cell, channels)
			telling->held_channels = list_append_unique(telling->held_channels, makeString(lfirst(cell)));
		return telling->room_at;
	}
	send_trigger(telling, incident, drifts, channels);
	telling->pages++;
	sd_incident_told(incident, channels, telling->rules.now);
	after.told_at = telling->rules.now;
	after.told_severity = incident->severity;
	after.told_digest = incident->digest;
	after.has_news = false;
	return sd_tell_decide(&after, &telling->rules).later;
}

/* Told everywhere where it was told that it is open. */
static void
resolve(const SdIncident *incident)
{
	List	   *channels = sd_incident_channels(incident->id);

	sd_incident_resolve(incident->id, OVER);
	if (channels)
		enqueue(channels, "resolve", incident->id, incident->dedup_key,
				sd_incident_payload(incident->id, NULL, OVER, GetCurrentTimestamp()));
}

static void
settle(Telling *telling, const SdIncident *incident)
{
	SdTellDecision decision = sd_tell_decide(incident, &telling->rules);

	sd_incident_refresh(incident->id);
	if (decision.now && telling->check)
		decision.later = tell_incident(telling, incident);
	else if (decision.now)
	{
		decision.later = telling->rules.now;
		sd_wake_request();
	}
	if (decision.later != incident->tell_at)
		sd_incident_tell_later(incident->id, decision.later);
}

/* -- storms ---------------------------------------------------------------------- */

static char *
storm_payload(const Telling *telling)
{
	char	   *database = get_database_name(MyDatabaseId);
	StringInfoData buf;

	initStringInfo(&buf);
	sd_json_begin(&buf, '{');
	sd_json_field(&buf, "title", psprintf("Schema drift in %s: %d more incident%s", database, telling->held,
										  telling->held == 1 ? "" : "s"));
	sd_json_field(&buf, "database", database);
	sd_json_field(&buf, "severity", "critical");
	sd_json_field_int(&buf, "count", telling->held);
	sd_json_field(&buf, "note", psprintf("%d messages went out within an hour, which is schemadrift.storm_pages."
										 " More incidents are held back until there is room, at %s the first;"
										 " drift_incidents() lists them now.", telling->pages,
										 timestamptz_to_str(telling->room_at)));
	sd_json_end(&buf, '}');
	return buf.data;
}

static void
settle_storm(const Telling *telling)
{
	char	   *key = sd_storm_key();
	List	   *channels = NIL;
	ListCell   *cell;

	if (telling->held > 0 && key == NULL)
	{
		key = new_dedup_key();
		foreach(cell, telling->held_channels)
			channels = lappend(channels, strVal(lfirst(cell)));
		sd_storm_begin(key, channels);
		enqueue(channels, "trigger", 0, key, storm_payload(telling));
	}
	else if (telling->held == 0 && key != NULL)
	{
		enqueue(sd_storm_end(), "resolve", 0, key,
				"{\"note\": \"All incidents that were held back are told or over.\"}");
	}
}

/* -- all of them ------------------------------------------------------------------ */

static void
update_all(const char *workflow, const SdCheck *check)
{
	Telling		telling = {.workflow = workflow, .check = check};
	SdOpenWindow window;
	List	   *incidents;
	ListCell   *cell;

	sd_incident_adopt(new_dedup_key);
	telling.rules.now = GetCurrentTimestamp();
	incidents = sd_incidents_open(telling.rules.now);
	if (incidents == NIL && sd_storm_key() == NULL)
		return;
	telling.rules.update_interval = (int64) sd_update_interval * USECS_PER_SEC;
	telling.rules.realert_interval = (int64) sd_realert_interval * USECS_PER_SEC;
	if (sd_window_is_open(SD_WINDOW_QUIET, InvalidOid, telling.rules.now, &window))
		telling.rules.quiet_until = window.closes_at;
	telling.pages = sd_storm_count(&telling.room_at);
	telling.only_one = list_length(incidents) == 1;
	foreach(cell, incidents)
	{
		const SdIncident *incident = lfirst(cell);

		if (incident->nopen == 0)
			resolve(incident);
		else
			settle(&telling, incident);
	}
	if (check)
		settle_storm(&telling);
}

void
sd_incident_tell(const char *workflow, const SdCheck *check)
{
	update_all(workflow, check);
}

void
sd_incident_update(const char *workflow)
{
	update_all(workflow, NULL);
}

void
sd_incident_acknowledge(int64 id)
{
	const char *key = sd_incident_is_acknowledged(id) ? sd_incident_key(id) : NULL;
	List	   *channels = key ? sd_incident_channels(id) : NIL;

	if (channels)
		enqueue(channels, "acknowledge", id, key,
				sd_incident_payload(id, NULL, "every open drift is acknowledged", GetCurrentTimestamp()));
}

/* Where and when: database, cluster, at. */
static const char place_sql[] =
"SELECT pg_catalog.current_database() AS database,"
" COALESCE(NULLIF(pg_catalog.current_setting('cluster_name'), ''),"
" (SELECT system_identifier::pg_catalog.text FROM pg_catalog.pg_control_system())) AS cluster,"
" pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS at";

void
sd_incident_tell_absorbed(const char *workflow, const char *deploy, int version,
						  const char *items_json, int count)
{
	char	   *key = make_key(psprintf("baseline %d", version));
	char	   *head = sd_event_seal_head();
	StringInfoData payload;
	SdRows	   *rows = sd_spi_query(place_sql, 0, NULL);

	initStringInfo(&payload);
	sd_json_begin(&payload, '{');
	sd_json_field(&payload, "title", psprintf("Deploy %s changed %d object%s in %s", deploy, count,
											  count == 1 ? "" : "s",
											  sd_rows_value(rows, 0, "database")));
	sd_json_field(&payload, "database", sd_rows_value(rows, 0, "database"));
	sd_json_field(&payload, "cluster", sd_rows_value(rows, 0, "cluster"));
	sd_json_field(&payload, "severity", "info");
	sd_json_field(&payload, "at", sd_rows_value(rows, 0, "at"));
	sd_json_field(&payload, "deploy", deploy);
	sd_json_field_int(&payload, "count", count);
	sd_json_key(&payload, "items");
	sd_json_raw(&payload, items_json);
	if (head)
		sd_json_field(&payload, "log_head", head);
	sd_json_end(&payload, '}');
	enqueue(sd_route_channels_of_all(workflow), "change", 0, key, payload.data);
}
