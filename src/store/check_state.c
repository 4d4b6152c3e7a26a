/*
 * check_state.c
 *	  What the last check compared and found.
 *
 * A fresh session pays about a millisecond for each statement that it plans,
 * and an unchanged schema costs little more than that, so what a check has to
 * know before it can tell comes in one statement.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "miscadmin.h"
#include "utils/jsonb.h"

#include "base/json.h"
#include "base/spi.h"
#include "store/check_state.h"
#include "store/event_seal.h"

static char *
system_identifier(void)
{
	return psprintf(INT64_FORMAT, (int64) GetSystemIdentifier());
}

/* The texts of a JSON array. */
static List *
read_texts(const char *json)
{
	Jsonb	   *array = json ? sd_jsonb_parse(json) : NULL;
	uint32		n = array ? JsonContainerSize(&array->root) : 0;
	List	   *texts = NIL;
	uint32		i;

	for (i = 0; i < n; i++)
	{
		JsonbValue *value = getIthJsonbValueFromContainer(&array->root, i);

		texts = lappend(texts, pnstrdup(value->val.string.val, value->val.string.len));
	}
	return texts;
}

/* The newest baseline and all that a check's outcome depends on besides. */
#define NOW_SQL \
	" FROM (SELECT version, form, fingerprint, local_fingerprint, database, event_horizon" \
	"         FROM schemadrift.baseline" \
	"        WHERE name = 'default' ORDER BY version DESC LIMIT 1) b," \
	" LATERAL (SELECT COALESCE(pg_catalog.max(id), 0) AS last, pg_catalog.count(*) AS count," \
	"                 pg_catalog.count(refused_claim) > 0 AS claims" \
	"            FROM schemadrift.event WHERE id > b.event_horizon) e," \
	" (SELECT COALESCE(pg_catalog.bool_or(watching), false) AS watching FROM schemadrift.arming) a," \
	" (SELECT pg_catalog.count(*) FILTER (WHERE state = 'open') AS count, pg_catalog.count(*) AS standing," \
	"         COALESCE(pg_catalog.bool_or(object_type = 'capture'), false) AS capture," \
	"         LEAST(pg_catalog.min(snoozed_until)," \
	"               CASE WHEN pg_catalog.bool_or(rule_id < 0) THEN pg_catalog.now() + '5 minutes' END) AS roused_at," \
	"         COALESCE(pg_catalog.bool_or(rule_id < 0), false) AS noisy," \
	"         COALESCE(pg_catalog.string_agg(pg_catalog.concat(id, ' ', content_digest), ' '" \
	"                                        ORDER BY id), '') AS ids" \
	"    FROM schemadrift.drift WHERE state IN ('open', 'ignored')) d," \
	" (SELECT COALESCE(pg_catalog.string_agg(id::pg_catalog.text, ' ' ORDER BY id), '') AS ids," \
	"         pg_catalog.min(until) AS ends_at" \
	"    FROM schemadrift.ignore_rule WHERE removed_at IS NULL AND until > pg_catalog.now()) r"

SdCheckState *
sd_check_state_load(const char *form, int full_interval)
{
	SdCheckState *state;
	SdRows	   *rows = sd_spi_queryv(
		"SELECT b.version, b.form AS baseline_form, b.fingerprint, b.local_fingerprint,"
		" b.database AS baseline_database, b.event_horizon,"
		" e.last, e.claims, a.watching, d.count AS nopen, d.standing, d.capture,"
		" COALESCE(s.form = $1 AND s.system_identifier = $2::pg_catalog.int8"
		"          AND s.database = $3::pg_catalog.oid, false) AS known,"
		" s.full_at BETWEEN pg_catalog.now() - $4::pg_catalog.int4 * '1 second'::pg_catalog.interval"
		"               AND pg_catalog.now() AS recent,"
		" s.baseline_version = b.version AND s.baseline_fingerprint = b.fingerprint AS same_baseline,"
		" s.open_drifts = d.ids AS same_drifts, s.open_addresses, s.open_keys,"
		" s.rules = r.ids AND COALESCE(d.roused_at > pg_catalog.now(), true)"
		" AND NOT d.noisy AS same_rules,"
		" s.last_event = e.last AND s.events = e.count AND s.watching = a.watching AS same_events,"
		" " SD_EVENT_UNSEALED_SQL " AS unsealed"
		NOW_SQL
		" LEFT JOIN schemadrift.check_state s ON true",
		form, system_identifier(), psprintf("%u", MyDatabaseId), psprintf("%d", full_interval));

	if (rows->nrows == 0)
		return NULL;
	state = palloc0(sizeof(SdCheckState));
	state->baseline = palloc0(sizeof(SdBaseline));
	state->baseline->name = SD_DEFAULT_BASELINE;
	state->baseline->version = (int) sd_rows_int(rows, 0, "version");
	state->baseline->fingerprint = sd_rows_value(rows, 0, "fingerprint");
	state->baseline->local_fingerprint = sd_rows_value(rows, 0, "local_fingerprint");
	state->baseline->database = sd_rows_value(rows, 0, "baseline_database");
	state->baseline->event_horizon = sd_rows_int(rows, 0, "event_horizon");
	state->baseline->form = (int) sd_rows_int(rows, 0, "baseline_form");
	state->is_known = sd_rows_bool(rows, 0, "known");
	state->is_recent = sd_rows_bool(rows, 0, "recent");
	state->same_baseline = sd_rows_bool(rows, 0, "same_baseline");
	state->same_drifts = sd_rows_bool(rows, 0, "same_drifts");
	state->same_events = sd_rows_bool(rows, 0, "same_events");
	state->is_unsealed = sd_rows_bool(rows, 0, "unsealed");
	state->is_watching = sd_rows_bool(rows, 0, "watching");
	state->has_claims = sd_rows_bool(rows, 0, "claims");
	state->same_rules = sd_rows_bool(rows, 0, "same_rules");
	state->nstanding = (int) sd_rows_int(rows, 0, "standing");
	state->nopen = (int) sd_rows_int(rows, 0, "nopen");
	state->is_capture_open = sd_rows_bool(rows, 0, "capture");
	state->open_addresses = sd_rows_value(rows, 0, "open_addresses");
	state->open_keys = read_texts(sd_rows_value(rows, 0, "open_keys"));
	state->last_event = sd_rows_int(rows, 0, "last");
	return state;
}

void
sd_check_state_save(const char *form, bool full, const char *open_addresses, const char *open_keys)
{
	sd_spi_commandv("INSERT INTO schemadrift.check_state (form, system_identifier, database, baseline_version,"
					" baseline_fingerprint, watching, last_event, events, open_drifts,"
					" open_addresses, open_keys, rules, due_at, full_at)"
					" SELECT $1, $2::pg_catalog.int8, $3::pg_catalog.oid, b.version, b.fingerprint,"
					" a.watching, e.last, e.count, d.ids, $5, $6::pg_catalog.jsonb,"
					" r.ids, LEAST(r.ends_at, d.roused_at), pg_catalog.now()"
					NOW_SQL
					" ON CONFLICT (only_row) DO UPDATE SET form = EXCLUDED.form,"
					" system_identifier = EXCLUDED.system_identifier, database = EXCLUDED.database,"
					" baseline_version = EXCLUDED.baseline_version,"
					" baseline_fingerprint = EXCLUDED.baseline_fingerprint, watching = EXCLUDED.watching,"
					" last_event = EXCLUDED.last_event, events = EXCLUDED.events,"
					" open_drifts = EXCLUDED.open_drifts,"
					" open_addresses = EXCLUDED.open_addresses, open_keys = EXCLUDED.open_keys,"
					" rules = EXCLUDED.rules, due_at = EXCLUDED.due_at,"
					" full_at = CASE WHEN $4 = 'full' THEN EXCLUDED.full_at ELSE check_state.full_at END",
					form, system_identifier(), psprintf("%u", MyDatabaseId), full ? "full" : "part",
					open_addresses, open_keys);
}

void
sd_check_state_forget(void)
{
	sd_spi_command("DELETE FROM schemadrift.check_state", 0, NULL);
}
