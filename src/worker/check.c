/*
 * check.c
 *	  Runs the watch workflow when DDL was captured since the last time.
 *
 * What was seen last time is remembered as two numbers, which fit into shared
 * memory and so outlive this worker: an xmin, below which every transaction
 * had ended, and the count of events of transactions from there on.  Events
 * are only ever added there, so another count, or an event of a later
 * transaction, means news.  A plain "highest event id" would miss events of a
 * transaction that drew its ids early and committed late.
 *
 * A command that capture missed left no event either, but was counted, and
 * maybe before its transaction ended.  So checks go on until every transaction
 * that ran when the count was first seen has ended.
 *
 * The first look after a start of the server always checks: what happened
 * while nothing of ours was loaded left no event.  And where somebody watches,
 * a check is due when the last one that looked at everything is as old as
 * schemadrift.full_check_interval, whether anything was captured or not: what
 * no command tells of is found by then.  What keeps commands from being
 * captured is looked for each time.
 *
 * A check is due, too, when an incident is to be told: what waited for its
 * grace, quiet hours or re-alert interval may be over by now.  And when an
 * ignore rule or a snooze has ended: what it kept silent is to be told.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/rows.h"
#include "base/settings.h"
#include "base/spi.h"
#include "miscadmin.h"
#include "workflow/selfcheck.h"
#include "workflow/watch.h"
#include "worker/check.h"
#include "worker/deliver.h"
#include "worker/shared.h"
#include "worker/step.h"

/* A check of a huge schema may take this long, ms. */
#define CHECK_TIMEOUT 600000
#define LOOK_TIMEOUT 30000

typedef struct SdEventMark
{
	uint64		xmin;			/* 0 = never checked */
	uint64		count;
	uint64		misses;			/* commands that capture missed */
	uint64		open_until;		/* xid below which one may still run, 0 = none */
} SdEventMark;

/* Used where there is no shared memory, for the life of this worker. */
static SdEventMark own_mark = {0};

/* Failures in a row, and when to try again. */
static int	failures = 0;
static TimestampTz retry_at = 0;
static char last_error[256] = "";

static SdEventMark
get_mark(void)
{
	SdSlot	   *slot = sd_slot(MyDatabaseId, false);
	SdEventMark mark = own_mark;

	if (slot != NULL)
	{
		mark.xmin = pg_atomic_read_u64(&slot->checked_xmin);
		mark.count = pg_atomic_read_u64(&slot->checked_count);
		mark.misses = pg_atomic_read_u64(&slot->checked_misses);
		mark.open_until = pg_atomic_read_u64(&slot->checked_open_until);
	}
	return mark;
}

static void
set_mark(SdEventMark mark)
{
	SdSlot	   *slot = sd_slot(MyDatabaseId, false);

	own_mark = mark;
	if (slot != NULL)
	{
		pg_atomic_write_u64(&slot->checked_count, mark.count);
		pg_atomic_write_u64(&slot->checked_misses, mark.misses);
		pg_atomic_write_u64(&slot->checked_open_until, mark.open_until);
		pg_atomic_write_u64(&slot->checked_xmin, mark.xmin);
	}
}

typedef struct Look
{
	bool		due;
	SdEventMark mark;			/* as of this look */
} Look;

static void
look_step(void *arg)
{
	Look	   *look = arg;
	SdEventMark seen = get_mark();
	SdRows	   *rows;

	rows = sd_spi_queryv("SELECT pg_catalog.pg_snapshot_xmin(s.snapshot) AS xmin,"
						 "       pg_catalog.pg_snapshot_xmax(s.snapshot) AS xmax,"
						 "       (SELECT CASE WHEN is_called THEN last_value ELSE 0 END"
						 "          FROM schemadrift.capture_miss_seq) AS misses,"
						 "       (SELECT pg_catalog.count(*) FROM schemadrift.event"
						 "         WHERE xid >= pg_catalog.pg_snapshot_xmin(s.snapshot)) AS count,"
						 "       (SELECT pg_catalog.count(*) FROM schemadrift.event"
						 "         WHERE xid >= $1::pg_catalog.xid8) AS since,"
						 "       EXISTS (SELECT FROM schemadrift.baseline) AS watched,"
						 "       EXISTS (SELECT FROM schemadrift.arming WHERE watching)"
						 "       AND NOT EXISTS (SELECT FROM schemadrift.check_state WHERE full_at >"
						 "         pg_catalog.now() - $2::pg_catalog.int4 * '1 second'::pg_catalog.interval) AS late,"
						 "       EXISTS (SELECT FROM schemadrift.incident WHERE state = 'open'"
						 "         AND tell_at <= pg_catalog.now()) AS telling,"
						 "       EXISTS (SELECT FROM schemadrift.check_state WHERE due_at <= pg_catalog.now()) AS ended"
						 "  FROM (SELECT pg_catalog.pg_current_snapshot() AS snapshot) s",
						 psprintf(UINT64_FORMAT, seen.xmin), psprintf("%d", sd_full_check_interval));
	look->mark.xmin = strtoull(sd_rows_value(rows, 0, "xmin"), NULL, 10);
	look->mark.count = sd_rows_int(rows, 0, "count");
	look->mark.misses = (uint64) sd_rows_int(rows, 0, "misses");
	if (look->mark.misses != seen.misses)
		look->mark.open_until = strtoull(sd_rows_value(rows, 0, "xmax"), NULL, 10);
	else if (look->mark.xmin < seen.open_until)
		look->mark.open_until = seen.open_until;
	look->due = sd_rows_bool(rows, 0, "watched") &&
		(seen.xmin == 0 || (uint64) sd_rows_int(rows, 0, "since") != seen.count ||
		 look->mark.misses != seen.misses || seen.open_until != 0 || sd_rows_bool(rows, 0, "telling") ||
		 (sd_full_check_interval > 0 && (sd_rows_bool(rows, 0, "late") || sd_rows_bool(rows, 0, "ended"))) ||
		 sd_selfcheck_is_news());
}

static void
check_step(void *arg)
{
	sd_watch_run();
}

/* One line per kind of failure, however often it repeats. */
static void
note_failure(const char *error)
{
	failures++;
	retry_at = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
										   sd_deliver_backoff(failures, 1));
	if (strncmp(last_error, error, sizeof(last_error) - 1) == 0)
		return;
	strlcpy(last_error, error, sizeof(last_error));
	ereport(LOG, (errmsg("schemadrift could not check database: %s", error)));
}

bool
sd_check_if_due(void)
{
	Look		look = {0};
	char	   *error = NULL;
	SdStepResult result;

	if (retry_at > GetCurrentTimestamp())
		return true;
	result = sd_step("schemadrift: looking for events", LOOK_TIMEOUT, look_step, &look, &error);
	if (result == SD_STEP_DONE && look.due)
		result = sd_step("schemadrift: checking the schema", CHECK_TIMEOUT, check_step, NULL, &error);
	switch (result)
	{
		case SD_STEP_GONE:
			return false;
		case SD_STEP_FAILED:
			note_failure(error);
			break;
		case SD_STEP_DONE:
			failures = 0;
			retry_at = 0;
			last_error[0] = '\0';
			set_mark(look.mark);
			break;
	}
	return true;
}

/* Until an incident is to be told, or what silenced something ends, where there is a baseline to check with. */
static void
next_step(void *arg)
{
	SdRows	   *rows = sd_spi_queryv("SELECT pg_catalog.ceil(GREATEST(0, EXTRACT(EPOCH FROM pg_catalog.min(at)"
									 "         - pg_catalog.clock_timestamp()) * 1000))::pg_catalog.int8 AS wait"
									 "  FROM (SELECT tell_at AS at FROM schemadrift.incident WHERE state = 'open'"
									 "        UNION ALL"
									 "        SELECT due_at FROM schemadrift.check_state WHERE $1 <> '0') AS w"
									 " WHERE at IS NOT NULL"
									 "   AND EXISTS (SELECT FROM schemadrift.baseline)"
									 " HAVING pg_catalog.count(*) > 0", psprintf("%d", sd_full_check_interval));

	*((int64 *) arg) = rows->nrows > 0 ? sd_rows_int(rows, 0, "wait") : -1;
}

int64
sd_check_next_due(void)
{
	int64		wait = -1;

	if (retry_at != 0)
		return TimestampDifferenceMilliseconds(GetCurrentTimestamp(), retry_at);
	(void) sd_step("schemadrift: looking for incidents to tell", LOOK_TIMEOUT, next_step, &wait, NULL);
	return wait;
}
