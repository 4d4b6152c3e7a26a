/*
 * health.c
 *	  drift_health() and drift_metrics().
 *
 * A check is a function that adds one row or several; it reads, it repairs
 * nothing.  Whatever it shows must be true without a launcher too.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "base/secret.h"
#include "base/settings.h"
#include "base/text.h"
#include "capture/arm.h"
#include "capture/problem.h"
#include "capture/miss.h"
#include "store/arming.h"
#include "store/baseline.h"
#include "store/deploy.h"
#include "store/event_seal.h"
#include "store/stats.h"
#include "worker/cron.h"
#include "worker/pool.h"
#include "worker/shared.h"

PG_FUNCTION_INFO_V1(sd_sql_health);
PG_FUNCTION_INFO_V1(sd_sql_metrics);

/* Seconds after which a waiting message or run is late. */
#define LATE 300

/* Events of the log that are compared with their seals; drift_verify_log() compares all. */
#define NEWEST_EVENTS 10000

/* Seconds that the first worker may take after drift_watch(). */
#define STARTING 60

typedef enum Health
{
	HEALTH_OK,
	HEALTH_WARNING,
	HEALTH_ERROR
} Health;

static void
put(ReturnSetInfo *out, const char *check, Health status, const char *detail, const char *hint)
{
	static const char *const names[] = {"ok", "warning", "error"};
	Datum		values[4] = {0};
	bool		nulls[4] = {false, false, false, status == HEALTH_OK || hint == NULL};

	values[0] = CStringGetTextDatum(check);
	values[1] = CStringGetTextDatum(names[status]);
	values[2] = CStringGetTextDatum(detail);
	if (!nulls[3])
		values[3] = CStringGetTextDatum(hint);
	tuplestore_putvalues(out->setResult, out->setDesc, values, nulls);
}

static void
check_version(ReturnSetInfo *out)
{
	char	   *version = sd_stats_extension_version();

	put(out, "version", version && strcmp(version, SD_VERSION) == 0 ? HEALTH_OK : HEALTH_ERROR,
		psprintf("library %s, extension %s", SD_VERSION, version ? version : "not installed"),
		"ALTER EXTENSION schemadrift UPDATE, and restart the server where the library is preloaded.");
}

static void
check_launcher(ReturnSetInfo *out)
{
	SdShared   *shared = sd_shared();
	uint32		pid;

	if (shared == NULL)
	{
		put(out, "launcher", HEALTH_WARNING,
			"the library is not preloaded: workers start on demand, and not by themselves after a restart",
			"In postgresql.conf: shared_preload_libraries = 'schemadrift', added to what is there; "
			"then restart the server.");
		return;
	}
	pid = pg_atomic_read_u32(&shared->launcher_pid);
	if (pid == 0)
		put(out, "launcher", HEALTH_ERROR, "the launcher is not running",
			"It is restarted within seconds; if this lasts, the server log says why.");
	else
		put(out, "launcher", HEALTH_OK, psprintf("running as process %u", pid), NULL);
	if (pg_atomic_read_u32(&shared->no_worker_slot) > 0)
		put(out, "worker slots", HEALTH_WARNING,
			psprintf("the server refused to start a worker %u times",
					 pg_atomic_read_u32(&shared->no_worker_slot)),
			"Increase max_worker_processes and restart the server.");
}

static void
check_worker(ReturnSetInfo *out)
{
	SdSlot	   *slot = sd_slot(MyDatabaseId, false);
	TimestampTz last = slot ? (TimestampTz) pg_atomic_read_u64(&slot->last_drain) : 0;
	const char *attached;
	bool		late;

	attached = sd_worker_attached() != 0 ? "a worker is attached" : "no worker is attached now";
	if (sd_shared() == NULL)
		put(out, "worker", HEALTH_OK, attached, NULL);
	else if (last == 0 && sd_arming_is_fresh(STARTING))
		put(out, "worker", HEALTH_OK, psprintf("starting; %s", attached), NULL);
	else if (last == 0)
		put(out, "worker", HEALTH_WARNING,
			psprintf("%s; none has finished here since the server started", attached),
			"SELECT drift_worker_start() has one look now.");
	else
	{
		late = TimestampDifferenceExceeds(last, GetCurrentTimestamp(),
										  Max(sd_poll_interval, 1000) / 1000 * 1000 + LATE * 1000);
		put(out, "worker", late ? HEALTH_WARNING : HEALTH_OK,
			psprintf("%s; the last look ended at %s", attached, timestamptz_to_str(last)),
			"SELECT drift_worker_start() has one look now; the server log says what failed.");
	}
}

/*
 * A check in a transaction that goes on holds up all others; one that fails
 * each time leaves the worker as lively as ever.
 */
static void
check_checks(ReturnSetInfo *out)
{
	SdRows	   *unchecked = sd_stats_unchecked();
	char	   *pid = sd_rows_value(unchecked, 0, "pid");

	if (sd_rows_int(unchecked, 0, "age") <= LATE)
		return;
	put(out, "checks", HEALTH_ERROR,
		psprintf("what was run since %s is not checked yet%s", sd_rows_value(unchecked, 0, "since"),
				 pid ? psprintf("; process %s holds the check in its transaction of %s", pid,
								sd_rows_value(unchecked, 0, "xact_start")) : ""),
		pid ? "Have that transaction ended: a check lasts until its transaction does." :
		"SELECT * FROM drift_check() shows what keeps a check from its end.");
}

static void
check_baseline(ReturnSetInfo *out)
{
	SdBaseline *baseline = sd_baseline_latest(SD_DEFAULT_BASELINE);

	if (baseline == NULL)
		put(out, "baseline", HEALTH_WARNING, "there is no baseline yet to compare with",
			"SELECT drift_watch() or the first drift_check() records the schema as it is.");
	else
		put(out, "baseline", HEALTH_OK, psprintf("version %d", baseline->version), NULL);
}

static void
check_capture(ReturnSetInfo *out)
{
	List	   *problems = sd_capture_problems();
	int64		misses = sd_capture_misses();
	ListCell   *cell;

	if (problems && !sd_arming_is_watching() && !sd_capture_is_armed())
	{
		put(out, "capture", HEALTH_WARNING,
			"this database is not watched: drift_check() compares, but who changes what is not recorded",
			"SELECT drift_watch() records it and checks as soon as DDL commits.");
		problems = NIL;
	}
	else if (problems == NIL)
		put(out, "capture", HEALTH_OK, "DDL is captured", NULL);
	foreach(cell, problems)
		put(out, "capture", HEALTH_WARNING, ((SdProblem *) lfirst(cell))->actual,
			"Take it back; SELECT drift_watch() mends the event triggers.");
	if (!sd_enabled)
		put(out, "capture switch", HEALTH_WARNING, "schemadrift.enabled is off", "Set it on.");
	put(out, "capture misses", misses > 0 ? HEALTH_WARNING : HEALTH_OK,
		psprintf(INT64_FORMAT " DDL commands could not be captured", misses),
		"The next check finds what they changed, as unattributed; the server log says why.");
}

/* "event 7 was removed", or what is wrong with a seal; NULL = nothing */
static char *
log_problem(void)
{
	SdRows	   *rows = sd_event_seal_verify(NEWEST_EVENTS);
	const char *event = rows->nrows > 0 ? sd_rows_value(rows, 0, "event_id") : NULL;
	const char *more = rows->nrows > 1 ? psprintf(", and %d more", rows->nrows - 1) : "";

	if (rows->nrows == 0)
		return NULL;
	return event ? psprintf("event %s was %s after it was sealed%s", event, sd_rows_value(rows, 0, "problem"), more) :
		psprintf("%s%s", sd_rows_value(rows, 0, "problem"), more);
}

static void
check_log(ReturnSetInfo *out)
{
	char	   *head = sd_event_seal_head();
	SdRows	   *unsealed = sd_event_unsealed();
	int64		count = sd_rows_int(unsealed, 0, "count");
	char	   *problem = log_problem();

	put(out, "log", problem ? HEALTH_ERROR : HEALTH_OK,
		psprintf("%s%s%s%s", problem ? psprintf("%s; ", problem) : "",
				 head ? "sealed up to head " : "not sealed yet", head ? head : "",
				 count > 0 ? psprintf("; " INT64_FORMAT " events wait for the next check", count) : ""),
		"SELECT * FROM drift_verify_log() tells all that was altered; a superuser or the tables' owner did.");
}

/* A window that nobody ended hid longer than was meant what its role did. */
static void
check_deploys(ReturnSetInfo *out)
{
	SdRows	   *stats = sd_deploy_stats();
	int64		left_open = sd_rows_int(stats, 0, "left_open");
	int64		open = sd_rows_int(stats, 0, "open");
	char	   *label = sd_rows_value(stats, 0, "label");

	put(out, "deploys", left_open > 0 ? HEALTH_WARNING : HEALTH_OK,
		left_open == 0 ? psprintf(INT64_FORMAT " open", open) :
		psprintf(INT64_FORMAT " open; " INT64_FORMAT " left open in the last day,"
				 " the last of them \"%s\" until it expired at %s",
				 open, left_open, sd_display(label, false), sd_rows_value(stats, 0, "closed_at")),
		"SELECT * FROM drift_deploys(); whoever begins a deploy ends it with drift_deploy_end().");
}

static void
check_fence(ReturnSetInfo *out)
{
	char	   *problem;

	switch (sd_arming_state(&problem))
	{
		case SD_ARMED:
		case SD_ARMED_MOVED:
			put(out, "fence", HEALTH_OK, "armed here", NULL);
			break;
		case SD_UNARMED:
			put(out, "fence", HEALTH_WARNING, "not armed: only the messages of drift_channel_test() are sent from here",
				"SELECT drift_watch() arms it.");
			break;
		case SD_QUARANTINED:
			put(out, "fence", HEALTH_ERROR, psprintf("quarantined, nothing is sent: %s", problem),
				"If this database is meant to send: SELECT drift_watch()");
			break;
	}
	if (!sd_delivery)
		put(out, "delivery switch", HEALTH_WARNING, "schemadrift.delivery is off: nothing is sent",
			"Set it on and reload the configuration.");
}

static void
check_outbox(ReturnSetInfo *out)
{
	SdOutboxStats *stats = sd_stats_outbox();
	const char *why = stats->last_error ? psprintf("; last error: %s", stats->last_error) : "";

	put(out, "outbox",
		stats->pending > 0 && stats->oldest > LATE ? HEALTH_ERROR :
		stats->failing > 0 ? HEALTH_WARNING : HEALTH_OK,
		stats->pending == 0 ? "no message waits" :
		psprintf(INT64_FORMAT " pending, of these " INT64_FORMAT " failed before; the oldest waits "
				 INT64_FORMAT " s%s", stats->pending, stats->failing, stats->oldest, why),
		"SELECT * FROM drift_deliveries WHERE state IN ('pending', 'sending')");
	put(out, "dead letters", stats->dead > 0 ? HEALTH_ERROR : HEALTH_OK,
		psprintf(INT64_FORMAT " messages were given up%s", stats->dead, stats->dead > 0 ? why : ""),
		"SELECT * FROM drift_deliveries WHERE state = 'dead'; drift_redeliver(id) sends one again.");
	put(out, "queued runs",
		stats->runs_queued > 0 && stats->oldest_run > LATE ? HEALTH_WARNING : HEALTH_OK,
		stats->runs_queued == 0 ? "no run waits" :
		psprintf(INT64_FORMAT " wait; the oldest for " INT64_FORMAT " s",
				 stats->runs_queued, stats->oldest_run),
		"SELECT drift_worker_start()");
}

static void
check_secrets(ReturnSetInfo *out)
{
	SdRows	   *channels = sd_stats_secrets();
	int			i;

	for (i = 0; i < channels->nrows; i++)
	{
		char	   *problem = sd_secret_problem(sd_rows_value(channels, i, "secret"));

		put(out, psprintf("secret of channel %s", quote_identifier(sd_rows_value(channels, i, "name"))),
			problem ? HEALTH_ERROR : HEALTH_OK, problem ? problem : "readable",
			"The file must be in schemadrift.secrets_directory, belong to the server's user "
			"and have mode 0600 or 0400.");
	}
}

static void
check_schedules(ReturnSetInfo *out)
{
	char	   *jobless;
	char	   *failed;

	if (sd_stats_schedules() == 0)
		return;
	jobless = sd_stats_jobless();
	failed = sd_stats_failed_runs();
	if (sd_cron_database() == NULL)
		put(out, "schedules", HEALTH_ERROR, "there are schedules, but pg_cron is not loaded",
			"Add pg_cron to shared_preload_libraries and restart the server.");
	else if (jobless != NULL)
		put(out, "schedules", HEALTH_ERROR, psprintf("pg_cron has no active job for: %s", jobless),
			"Call drift_schedule() again for them.");
	else if (failed != NULL)
		put(out, "schedules", HEALTH_WARNING, psprintf("the last run failed of: %s", failed),
			"SELECT * FROM drift_schedules");
	else
		put(out, "schedules", HEALTH_OK,
			psprintf(INT64_FORMAT " schedules", sd_stats_schedules()), NULL);
}

Datum
sd_sql_health(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *out = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	check_version(out);
	if (RecoveryInProgress())
	{
		put(out, "standby", HEALTH_OK, "this is a standby: its primary captures and sends", NULL);
		return (Datum) 0;
	}
	check_launcher(out);
	check_worker(out);
	check_checks(out);
	check_baseline(out);
	check_capture(out);
	check_log(out);
	check_deploys(out);
	check_fence(out);
	check_outbox(out);
	check_secrets(out);
	check_schedules(out);
	return (Datum) 0;
}

static void
measure(ReturnSetInfo *out, const char *name, double value, const char *help)
{
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	values[0] = CStringGetTextDatum(name);
	values[1] = Float8GetDatum(value);
	values[2] = CStringGetTextDatum(help);
	tuplestore_putvalues(out->setResult, out->setDesc, values, nulls);
}

Datum
sd_sql_metrics(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *out = (ReturnSetInfo *) fcinfo->resultinfo;
	SdOutboxStats *stats = sd_stats_outbox();
	SdSlot	   *slot = sd_slot(MyDatabaseId, false);
	TimestampTz last = slot ? (TimestampTz) pg_atomic_read_u64(&slot->last_drain) : 0;

	InitMaterializedSRF(fcinfo, 0);
	measure(out, "deliveries_pending", stats->pending, "messages that wait or are being sent");
	measure(out, "deliveries_failing", stats->failing, "of these, messages with a failed attempt");
	measure(out, "delivery_oldest_seconds", stats->oldest, "time for which the oldest of these waits");
	measure(out, "deliveries_dead", stats->dead, "dead letters");
	measure(out, "deliveries_delivered", stats->delivered, "messages delivered in the last 30 days");
	measure(out, "runs_queued", stats->runs_queued, "scheduled runs that wait");
	measure(out, "capture_misses", sd_capture_misses(), "DDL commands that could not be captured");
	measure(out, "launcher_running",
			sd_shared() && pg_atomic_read_u32(&sd_shared()->launcher_pid) != 0,
			"1 when the launcher runs");
	measure(out, "armed", !RecoveryInProgress() && sd_arming_problem() == NULL,
			"1 when this database may send");
	if (last != 0)
		measure(out, "last_drain_seconds",
				TimestampDifferenceMilliseconds(last, GetCurrentTimestamp()) / 1000.0,
				"time since a worker last found nothing more to do");
	return (Datum) 0;
}
