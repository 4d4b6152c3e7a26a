/*
 * drift.c
 *	  Drifts: one row for one difference for as long as it lasts.
 */
#include "postgres.h"

#include "base/digest.h"
#include "base/hash.h"
#include "base/spi.h"
#include "model/event.h"
#include "store/drift.h"
#include "store/ignore.h"

static const char *
or_empty(const char *text)
{
	return text ? text : "";
}

/* What makes two sightings the same drift, unchanged. */
static char *
content_digest(const SdItem *item)
{
	return sd_digest_text_hex(psprintf("%s\n%s\n%s\n%s\n%s\n%s", item->object_type, item->object,
									   or_empty(item->attribute), sd_change_name(item->change),
									   or_empty(item->expected),
									   or_empty(item->secret ? item->secret : item->actual)));
}

/* What makes two differences one drift, as one text. */
static char *
subject_key(const char *object_type, const char *object, const char *attribute)
{
	return psprintf("%s %s\n%s", object_type, object, or_empty(attribute));
}

typedef struct NumberEntry
{
	const char *key;			/* hash key, must be first */
	int			row;
} NumberEntry;

static bool
is_unattributed(const SdRows *rows, int r)
{
	return strcmp(sd_rows_value(rows, r, "class"), sd_class_name(SD_CLASS_UNATTRIBUTED)) == 0;
}

struct SdKnownDrifts
{
	SdRows	   *rows;
	HTAB	   *numbers;		/* NumberEntry */
};

static HTAB *
number_rows(const SdRows *rows)
{
	HTAB	   *numbers = sd_text_hash_create("schemadrift numbers", sizeof(NumberEntry), CurrentMemoryContext);
	int			r;

	for (r = 0; r < rows->nrows; r++)
	{
		const char *key = subject_key(sd_rows_value(rows, r, "object_type"), sd_rows_value(rows, r, "object"),
									  sd_rows_value(rows, r, "attribute"));

		((NumberEntry *) hash_search(numbers, &key, HASH_ENTER, NULL))->row = r;
	}
	return numbers;
}

/* The row about the same thing, -1 = there is none. */
static int
find_row(HTAB *numbers, const SdItem *item)
{
	const char *key = subject_key(item->object_type, item->object, item->attribute);
	NumberEntry *entry = hash_search(numbers, &key, HASH_FIND, NULL);

	return entry ? entry->row : -1;
}

SdKnownDrifts *
sd_drift_known(void)
{
	SdKnownDrifts *known = palloc(sizeof(SdKnownDrifts));

	known->rows = sd_spi_query("SELECT id, object_type, object, attribute, content_digest, class, severity,"
							   " finding, owner, cause_id, rule_id,"
							   " EXTRACT(epoch FROM pg_catalog.now() - first_seen)::pg_catalog.int8 AS age,"
							   " COALESCE(snoozed_until <= pg_catalog.now(), false) AS was_snoozed"
							   " FROM schemadrift.drift WHERE state IN ('open', 'ignored') AND target = 'live'",
							   0, NULL);
	known->numbers = number_rows(known->rows);
	return known;
}

static const char *
rule_number(const SdItem *item)
{
	return item->rule_id ? psprintf(INT64_FORMAT, item->rule_id) : NULL;
}

static int64
insert_drift(const SdItem *item, const char *digest)
{
	static const char sql[] =
		"INSERT INTO schemadrift.drift (object_type, object, attribute, change, class, severity,"
		" expected, actual, event_id, who, via, at, ddl, content_digest, finding, owner, state, rule_id,"
		" first_seen, last_seen)"
		" SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9::pg_catalog.int8, $10, $11,"
		" $12::pg_catalog.timestamptz, $13, $14, $15, $16, $17, $18::pg_catalog.int8, c, c"
		" FROM pg_catalog.clock_timestamp() AS c RETURNING id";
	SdRows	   *rows = sd_spi_queryv(sql, item->object_type, item->object, item->attribute,
									 sd_change_name(item->change), sd_class_name(item->class),
									 sd_severity_name(item->severity), item->expected, item->actual,
									 item->event_id ? psprintf(INT64_FORMAT, item->event_id) : NULL,
									 item->who, item->via, item->at, item->ddl, digest,
									 item->finding, item->owner, item->rule_id ? "ignored" : "open",
									 rule_number(item));

	return sd_rows_int(rows, 0, "id");
}

static void
update_drift(const char *id, const SdItem *item, const char *digest)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET change = $2, class = $3, severity = $4,"
					" expected = $5, actual = $6, event_id = COALESCE($7::pg_catalog.int8, event_id),"
					" who = COALESCE($8, who), via = COALESCE($9, via),"
					" at = COALESCE($10::pg_catalog.timestamptz, at), ddl = COALESCE($11, ddl),"
					" content_digest = $12, finding = $13, owner = $14, last_seen = pg_catalog.clock_timestamp()"
					" WHERE id = $1::pg_catalog.int8",
					id, sd_change_name(item->change), sd_class_name(item->class),
					sd_severity_name(item->severity), item->expected, item->actual,
					item->event_id ? psprintf(INT64_FORMAT, item->event_id) : NULL,
					item->who, item->via, item->at, item->ddl, digest, item->finding, item->owner);
}

static bool
same_text(const char *a, const char *b)
{
	return strcmp(or_empty(a), or_empty(b)) == 0;
}

/* Somebody changed what is grave, or who owns it: the drift is the same. */
static void
regrade_drift(const SdRows *rows, int r, const SdItem *item)
{
	if (same_text(sd_rows_value(rows, r, "class"), sd_class_name(item->class)) &&
		same_text(sd_rows_value(rows, r, "severity"), sd_severity_name(item->severity)) &&
		same_text(sd_rows_value(rows, r, "finding"), item->finding) &&
		same_text(sd_rows_value(rows, r, "owner"), item->owner))
		return;
	sd_spi_commandv("UPDATE schemadrift.drift SET class = $2, severity = $3, finding = $4, owner = $5"
					" WHERE id = $1::pg_catalog.int8",
					sd_rows_value(rows, r, "id"), sd_class_name(item->class), sd_severity_name(item->severity),
					item->finding, item->owner);
}

/*
 * Hidden, or no longer.  One that was hidden belongs to no incident that was
 * told meanwhile, so it comes to the next one.
 */
static void
set_rule(const char *id, const SdItem *item)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET rule_id = $2::pg_catalog.int8,"
					" state = CASE WHEN $2 IS NULL THEN 'open' ELSE 'ignored' END,"
					" incident_id = CASE WHEN $2 IS NULL THEN NULL ELSE incident_id END"
					" WHERE id = $1::pg_catalog.int8", id, rule_number(item));
}

/* What was said about it until a time counts no more: it is told again, though it is the same. */
static void
end_snooze(const char *id)
{
	sd_spi_commandv("WITH ended AS (UPDATE schemadrift.drift SET snoozed_until = NULL, told_digest = NULL"
					"  WHERE id = $1::pg_catalog.int8 RETURNING incident_id)"
					" UPDATE schemadrift.incident i SET told_digest = NULL FROM ended WHERE i.id = ended.incident_id",
					id);
}

static void
renew_drift(const SdRows *rows, int r, const SdItem *item, const char *digest)
{
	const char *id = sd_rows_value(rows, r, "id");
	bool		is_changed = !same_text(sd_rows_value(rows, r, "content_digest"), digest);
	bool		is_ruled_anew = sd_rows_int(rows, r, "rule_id") != item->rule_id;

	if (is_changed || is_ruled_anew)
		update_drift(id, item, digest);
	else
		regrade_drift(rows, r, item);
	if (is_ruled_anew)
		set_rule(id, item);
	if (item->rule_id > 0 && (is_changed || is_ruled_anew))
		sd_ignore_hit(item->rule_id);
	if (sd_rows_bool(rows, r, "was_snoozed"))
		end_snooze(id);
}

/*
 * What is known is loaded at once, not looked up item by item: in a storm
 * there are thousands, and nearly all of them are as they were.
 */
void
sd_drift_record(const SdKnownDrifts *known, SdItem *item)
{
	char	   *digest = content_digest(item);
	int			r = find_row(known->numbers, item);

	if (r >= 0)
	{
		item->id = sd_rows_int(known->rows, r, "id");
		renew_drift(known->rows, r, item, digest);
		return;
	}
	if (item->rule_id > 0)
		sd_ignore_hit(item->rule_id);
	item->id = insert_drift(item, digest);
}

bool
sd_drift_is_open(const SdKnownDrifts *known, const SdItem *item)
{
	int			r = find_row(known->numbers, item);

	return r >= 0 && sd_rows_int(known->rows, r, "rule_id") == 0;
}

int64
sd_drift_age(const SdKnownDrifts *known, const SdItem *item)
{
	int			r = find_row(known->numbers, item);

	return r < 0 ? 0 : sd_rows_int(known->rows, r, "age");
}

void
sd_drift_set_causes(const SdKnownDrifts *known, List *items)
{
	ListCell   *cell;

	foreach(cell, items)
	{
		const SdItem *item = lfirst(cell);
		int			r = find_row(known->numbers, item);
		int64		cause = item->cause ? item->cause->id : 0;

		if ((r < 0 ? 0 : sd_rows_int(known->rows, r, "cause_id")) != cause)
			sd_spi_commandv("UPDATE schemadrift.drift SET cause_id = $2::pg_catalog.int8"
							" WHERE id = $1::pg_catalog.int8",
							psprintf(INT64_FORMAT, item->id), cause ? psprintf(INT64_FORMAT, cause) : NULL);
	}
}

/* Commands that came later have not made what is as it was. */
void
sd_drift_keep_author(const SdKnownDrifts *known, SdItem *item)
{
	int			r = find_row(known->numbers, item);

	/* while somebody was still at work on it, the event was not there yet */
	if (r >= 0 && sd_rows_int(known->rows, r, "rule_id") >= 0 &&
		strcmp(sd_rows_value(known->rows, r, "content_digest"), content_digest(item)) == 0)
		item->unattributed = is_unattributed(known->rows, r);
}

/*
 * The item bears the drift's number and, as long as it is just what the check
 * saw, its author: commands that came later have not made it.
 */
static void
identify(SdItem *item, const SdRows *rows, int r)
{
	item->id = sd_rows_int(rows, r, "id");
	item->state = sd_rows_value(rows, r, "state");
	if (strcmp(sd_rows_value(rows, r, "content_digest"), content_digest(item)) != 0)
		return;
	item->unattributed = is_unattributed(rows, r);
	item->who = sd_rows_value(rows, r, "who");
	item->via = sd_rows_value(rows, r, "via");
	item->at = sd_rows_value(rows, r, "at");
	item->ddl = sd_rows_value(rows, r, "ddl");
	item->application = sd_rows_value(rows, r, "application");
	item->client = sd_rows_value(rows, r, "client");
	item->deploy = sd_rows_value(rows, r, "deploy");
	item->refused_claim = sd_rows_value(rows, r, "refused_claim");
}

void
sd_drift_identify(List *items)
{
	SdRows	   *rows = sd_spi_query("SELECT d.id, d.object_type, d.object, d.attribute, d.content_digest, d.class,"
									" d.who, d.via, d.at, d.ddl, " SD_DRIFT_STATE " AS state,"
									" NULLIF(e.application, '') AS application,"
									" e.client, e.deploy, e.refused_claim"
									" FROM schemadrift.drift d LEFT JOIN schemadrift.event e ON e.id = d.event_id"
									" WHERE d.state IN ('open', 'ignored') AND d.target = 'live'", 0, NULL);
	HTAB	   *numbers = number_rows(rows);
	ListCell   *cell;

	foreach(cell, items)
	{
		int			r = find_row(numbers, lfirst(cell));

		if (r >= 0)
			identify(lfirst(cell), rows, r);
	}
	hash_destroy(numbers);
}

uint64
sd_drift_close_others(const char *ids_json)
{
	return sd_spi_commandv("UPDATE schemadrift.drift SET state = 'gone', closed_at = pg_catalog.clock_timestamp(),"
						   " close_reason = 'no longer differs'"
						   " WHERE state IN ('open', 'ignored') AND id NOT IN (SELECT v::pg_catalog.int8"
						   " FROM pg_catalog.jsonb_array_elements_text($1::pg_catalog.jsonb) v)",
						   ids_json);
}

uint64
sd_drift_accept(int64 id, const char *by, const char *reason)
{
	return sd_spi_commandv("UPDATE schemadrift.drift SET state = 'accepted', closed_at = pg_catalog.clock_timestamp(),"
						   " closed_by = $2, close_reason = $3"
						   " WHERE state IN ('open', 'ignored')"
						   "   AND (($1 = '0' AND object_type <> 'capture') OR id = $1::pg_catalog.int8)",
						   psprintf(INT64_FORMAT, id), by, reason);
}

SdRows *
sd_drift_open(void)
{
	return sd_spi_query("SELECT " SD_DRIFT_ITEM_COLUMNS " FROM schemadrift.drift d"
						" WHERE d.state = 'open' ORDER BY d.id", 0, NULL);
}

SdRows *
sd_drift_standing(void)
{
	return sd_spi_query("SELECT " SD_DRIFT_ITEM_COLUMNS " FROM schemadrift.drift d"
						" WHERE d.state IN ('open', 'ignored') ORDER BY d.id", 0, NULL);
}

SdRows *
sd_drift_shown(void)
{
	return sd_spi_query("SELECT " SD_DRIFT_COLUMNS ", " SD_DRIFT_HINT
						" || CASE WHEN f.count > 0 THEN pg_catalog.format(' -- with %s that depended on it', f.count)"
						" ELSE '' END AS hint"
						" FROM schemadrift.drift d, LATERAL (SELECT pg_catalog.count(*) AS count"
						"  FROM schemadrift.drift g WHERE g.cause_id = d.id AND g.state = 'open') f"
						" WHERE d.state = 'open' AND NOT EXISTS (SELECT FROM schemadrift.drift c"
						"  WHERE c.id = d.cause_id AND c.state = 'open') ORDER BY d.id", 0, NULL);
}

SdRows *
sd_drift_folded(int64 cause)
{
	return sd_spi_queryv("SELECT " SD_DRIFT_ITEM_COLUMNS " FROM schemadrift.drift d"
						 " WHERE d.cause_id = $1::pg_catalog.int8 AND d.state = (SELECT c.state"
						 "  FROM schemadrift.drift c WHERE c.id = d.cause_id) ORDER BY d.id",
						 psprintf(INT64_FORMAT, cause));
}

SdRows *
sd_drift_one(int64 id)
{
	return sd_spi_queryv("SELECT " SD_DRIFT_ITEM_COLUMNS ", d.state IN ('open', 'ignored') AS is_standing,"
						 " d.event_id, d.incident_id, d.first_seen, d.content_digest, d.rule_id, d.snoozed_until,"
						 " d.finding, d.owner, d.cause_id,"
						 " d.closed_at, d.closed_by, d.close_reason"
						 " FROM schemadrift.drift d WHERE d.id = $1::pg_catalog.int8",
						 psprintf(INT64_FORMAT, id));
}

SdRows *
sd_drift_claims(const char *object_type, int64 horizon)
{
	return sd_spi_queryv(
		"WITH claimed AS ("
		"  SELECT pg_catalog.quote_ident(e.session_role) AS role, e.refused_claim AS label,"
		"         pg_catalog.max(e.id) AS event_id"
		"    FROM schemadrift.event AS e"
		"   WHERE e.id > $2::pg_catalog.int8 AND e.refused_claim IS NOT NULL"
		"     AND NOT pg_catalog.starts_with(e.refused_claim, '" SD_IN_FREEZE "')"
		"   GROUP BY e.session_role, e.refused_claim),"
		" known AS ("
		"  UPDATE schemadrift.drift AS d SET event_id = c.event_id"
		"    FROM claimed AS c"
		"   WHERE d.state IN ('open', 'ignored') AND d.object_type = $1 AND d.target = 'live'"
		"     AND d.object = c.role AND d.attribute = c.label AND d.event_id < c.event_id)"
		" SELECT COALESCE(c.role, d.object) AS role, COALESCE(c.label, d.attribute) AS label,"
		"        GREATEST(c.event_id, d.event_id) AS event_id"
		"   FROM claimed AS c"
		"   FULL JOIN (SELECT * FROM schemadrift.drift"
		"               WHERE state IN ('open', 'ignored') AND object_type = $1 AND target = 'live') AS d"
		"     ON d.object = c.role AND d.attribute = c.label"
		"  WHERE d.id IS NOT NULL"
		"     OR NOT EXISTS (SELECT FROM schemadrift.drift AS a"
		"                     WHERE a.state = 'accepted' AND a.object_type = $1 AND a.target = 'live'"
		"                       AND a.object = c.role AND a.attribute = c.label"
		"                       AND a.event_id >= c.event_id)"
		"  ORDER BY 3",
		object_type, psprintf(INT64_FORMAT, horizon));
}

#define WITH_FOLDED \
	" WHERE state = 'open' AND (id = $1::pg_catalog.int8 OR cause_id = $1::pg_catalog.int8)"

void
sd_drift_acknowledge(int64 id)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET acknowledged_digest = content_digest" WITH_FOLDED,
					psprintf(INT64_FORMAT, id));
}

void
sd_drift_snooze(int64 id, const char *until)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET snoozed_until = $2::pg_catalog.timestamptz" WITH_FOLDED,
					psprintf(INT64_FORMAT, id), until);
}

/* A snooze that ends now is what the next check looks for; one that lasts goes on. */
void
sd_drift_unacknowledge(int64 id)
{
	sd_spi_commandv("UPDATE schemadrift.drift SET acknowledged_digest = NULL,"
					" snoozed_until = GREATEST(snoozed_until, pg_catalog.now())" WITH_FOLDED,
					psprintf(INT64_FORMAT, id));
}

int64
sd_drift_count_ignored(int64 rule_id)
{
	return sd_rows_int(sd_spi_queryv("SELECT pg_catalog.count(*) AS n FROM schemadrift.drift"
									 " WHERE state = 'ignored' AND rule_id = $1::pg_catalog.int8",
									 psprintf(INT64_FORMAT, rule_id)), 0, "n");
}
