/*
 * incident.c
 *	  The life of an incident.
 *
 *		(none) ── a drift is open ──▶ open ── none is open any more ──▶ resolved
 *		                              │  ▲
 *		                              └──┘ drifts came, or changed: told again
 *
 * The dedup key is drawn when the incident is opened and never changes, so
 * every repeat of a message is the same message to the service.  Rows and
 * messages are written in the transaction that found the drift.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/spi.h"
#include "store/channel.h"
#include "store/delivery.h"
#include "store/drift.h"
#include "workflow/incident.h"

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
tell(const char *workflow, const char *purpose, int64 incident_id, const char *key, const char *payload)
{
	ListCell   *cell;

	foreach(cell, sd_channel_routed(workflow))
		(void) sd_delivery_enqueue(lfirst(cell), purpose, incident_id, key, payload);
}

static bool
any_open_drift(void)
{
	return sd_spi_query("SELECT FROM schemadrift.drift WHERE state = 'open' LIMIT 1", 0, NULL)->nrows > 0;
}

void
sd_incident_update(const char *workflow, bool news, const char *revert_sql)
{
	SdIncident *before = sd_incident_open();
	SdIncident *after;

	if (!any_open_drift())
	{
		if (before == NULL)
			return;
		sd_incident_resolve(before->id, "every drift is gone or accepted");
		tell(workflow, "resolve", before->id, before->dedup_key,
			 sd_incident_payload(before->id, NULL, "every drift is gone or accepted"));
		return;
	}
	if (before == NULL)
		before = sd_incident_create(new_dedup_key());
	sd_incident_adopt(before);
	after = sd_incident_refresh(before->id);
	if (news)
		tell(workflow, "trigger", after->id, after->dedup_key,
			 sd_incident_payload(after->id, revert_sql, NULL));
}

void
sd_incident_acknowledge(const char *workflow, int64 id)
{
	if (sd_incident_is_acknowledged(id))
		tell(workflow, "acknowledge", id, sd_incident_key(id),
			 sd_incident_payload(id, NULL, "every open drift is acknowledged"));
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
	sd_json_end(&payload, '}');
	tell(workflow, "change", 0, key, payload.data);
}
