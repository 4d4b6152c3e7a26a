/*
 * deliver.c
 *	  Sends what is due in the outbox of this database, one message at a time.
 *
 *		claim, commit ▶ build, commit ▶ HTTP, nothing open ▶ read, record, commit
 *
 * The claim (one attempt more, a lease) is committed before anything is sent,
 * so a message that takes the process down is counted.  A crash between the
 * service's answer and the record repeats the message under the same
 * idempotency key; no order of steps can avoid that, and services that know
 * the key take it for the same message.
 *
 * Building and reading run in transactions because a database that is not in
 * UTF-8 needs the catalog to convert text; they write nothing.
 *
 * Whatever fails for one message is recorded with it and the next one follows.
 */
#include "postgres.h"

#include <math.h>

#include "common/pg_prng.h"
#include "utils/memutils.h"

#include "base/secret.h"
#include "base/settings.h"
#include "http/transport.h"
#include "sink/sink.h"
#include "store/delivery.h"
#include "worker/channel_health.h"
#include "worker/deliver.h"
#include "worker/step.h"

/* Longest wait of our own choice, and longest a service may ask for, ms. */
#define MAX_BACKOFF 900000
#define MAX_RETRY_AFTER 3600000

/* Time for one short transaction of ours. */
#define STEP_TIMEOUT 30000

/* One message on its way. */
typedef struct Attempt
{
	bool		tests_only;
	SdClaim    *claim;
	const SdSink *sink;
	SdHttpRequest *request;
	SdHttpResponse *response;
	SdVerdict  *verdict;
	char	   *refusal;		/* why the sink can build no request, ever */
} Attempt;

int64
sd_deliver_backoff(int attempts, int retry_after)
{
	double		limit = Min(ldexp(sd_retry_base, Min(attempts - 1, 30)), (double) MAX_BACKOFF);
	int64		wait = (int64) (pg_prng_double(&pg_global_prng_state) * limit);

	/* whoever asked for a time gets it; jitter only on top of it */
	if (retry_after >= 0)
		wait = Min((int64) retry_after * 1000 + wait / 10, MAX_RETRY_AFTER);
	return Max(wait, 1);
}

static void
claim_step(void *arg)
{
	Attempt    *attempt = arg;

	attempt->claim = sd_delivery_claim(sd_channels_held(), sd_channels_failing(),
									   attempt->tests_only);
}

static void
build_step(void *arg)
{
	Attempt    *attempt = arg;
	SdChannel  *channel = &attempt->claim->channel;

	attempt->sink = sd_sink_find(channel->kind);
	if (channel->secret_name != NULL)
		channel->secret = sd_secret_read(channel->secret_name);
	attempt->request = attempt->sink->build_request(channel, &attempt->claim->delivery,
													&attempt->refusal);
}

static void
read_step(void *arg)
{
	Attempt    *attempt = arg;

	attempt->verdict = sd_sink_common_verdict(attempt->response);
	if (attempt->verdict == NULL)
		attempt->verdict = attempt->sink->read_response(&attempt->claim->channel,
														&attempt->claim->delivery,
														attempt->response);
}

/* Put the verdict on the message into its row. */
static void
record_step(void *arg)
{
	Attempt    *attempt = arg;
	SdVerdict  *verdict = attempt->verdict;
	SdDelivery *delivery = &attempt->claim->delivery;

	switch (verdict->what)
	{
		case SD_VERDICT_DELIVERED:
			sd_delivery_delivered(delivery->id, verdict->external_id, verdict->external_url);
			break;
		case SD_VERDICT_NEXT_STEP:
			sd_delivery_next_step(delivery->id, verdict->step,
								  verdict->external_id, verdict->external_url);
			break;
		case SD_VERDICT_RETRY:
			if (delivery->attempts < sd_max_attempts)
				sd_delivery_retry(delivery->id,
								  sd_deliver_backoff(delivery->attempts, verdict->retry_after),
								  verdict->reason);
			else
				sd_delivery_dead(delivery->id,
								 psprintf("gave up after %d attempts; the last: %s",
										  delivery->attempts, verdict->reason));
			break;
		case SD_VERDICT_GIVE_UP:
			sd_delivery_dead(delivery->id, verdict->reason);
			break;
	}
}

static void
wipe_secret(Attempt *attempt)
{
	SdChannel  *channel = &attempt->claim->channel;

	if (channel->secret != NULL)
		explicit_bzero(unconstify(char *, channel->secret), strlen(channel->secret));
	channel->secret = NULL;
}

/* The one place where bytes leave.  Only a cancel raises here. */
static char *
perform(Attempt *attempt)
{
	MemoryContext caller = CurrentMemoryContext;
	char	   *volatile error = NULL;

	sd_step_idle("schemadrift: sending a message");
	PG_TRY();
	{
		attempt->response = sd_http_perform(attempt->request);
	}
	PG_CATCH();
	{
		ErrorData  *data;

		MemoryContextSwitchTo(caller);
		data = CopyErrorData();
		FlushErrorState();
		error = data->message;
	}
	PG_END_TRY();
	return error;
}

/* Build, send and read; the verdict may be ours when a step of it fails. */
static SdVerdict *
send_once(Attempt *attempt)
{
	char	   *error = NULL;

	attempt->verdict = NULL;
	attempt->response = NULL;
	if (sd_step("schemadrift: building a message", STEP_TIMEOUT, build_step, attempt, &error)
		!= SD_STEP_DONE)
	{
		wipe_secret(attempt);
		return sd_sink_verdict(SD_VERDICT_RETRY, error ? error : "the extension is being dropped");
	}
	if (attempt->request == NULL)
	{
		wipe_secret(attempt);
		return sd_sink_verdict(SD_VERDICT_GIVE_UP,
							   attempt->refusal ? attempt->refusal : "no request can be built");
	}
	error = perform(attempt);
	if (error != NULL)
		attempt->verdict = sd_sink_verdict(SD_VERDICT_RETRY, error);
	else if (sd_step("schemadrift: reading an answer", STEP_TIMEOUT, read_step, attempt, &error)
		!= SD_STEP_DONE || attempt->verdict == NULL)
		attempt->verdict = sd_sink_verdict(SD_VERDICT_RETRY, error ? error : "no verdict");
	if (attempt->verdict->reason == NULL)
		attempt->verdict->reason = "no reason given";
	wipe_secret(attempt);
	return attempt->verdict;
}

/* Does this failure speak of the service rather than of the message? */
static bool
blames_service(const Attempt *attempt)
{
	const SdHttpResponse *response = attempt->response;

	return response != NULL && attempt->verdict->what == SD_VERDICT_RETRY &&
		(response->status == 0 || response->status == 408 ||
		 response->status == 429 || response->status >= 500);
}

static void
note_channel(Attempt *attempt)
{
	const char *name = attempt->claim->channel.name;

	if (blames_service(attempt))
		sd_channel_fails(name, attempt->verdict->retry_after);
	else if (attempt->response != NULL && attempt->response->status > 0)
		sd_channel_works(name);
}

/* Decide about a claimed message, sending it unless that is pointless. */
static void
process(Attempt *attempt)
{
	SdClaim    *claim = attempt->claim;

	if (claim->channel.kind == NULL)
	{
		attempt->verdict = sd_sink_verdict(SD_VERDICT_GIVE_UP, "its channel no longer exists");
		return;
	}
	/* it was being sent when a worker was lost, each time */
	if (claim->delivery.attempts > sd_max_attempts)
	{
		attempt->verdict = sd_sink_verdict(SD_VERDICT_GIVE_UP,
									   psprintf("gave up after %d attempts without a result",
												claim->delivery.attempts - 1));
		return;
	}
	attempt->verdict = send_once(attempt);
	/* the secret may have been changed since: it is read anew each time */
	if (attempt->verdict->bad_credentials)
		attempt->verdict = send_once(attempt);
	note_channel(attempt);
}

static bool
deliver_one(bool tests_only)
{
	Attempt		attempt = {.tests_only = tests_only};
	char	   *error = NULL;

	switch (sd_step("schemadrift: claiming a message", STEP_TIMEOUT, claim_step, &attempt, &error))
	{
		case SD_STEP_GONE:
			return false;
		case SD_STEP_FAILED:
			ereport(LOG, (errmsg("schemadrift could not claim a message: %s", error)));
			return false;
		case SD_STEP_DONE:
			break;
	}
	if (attempt.claim == NULL)
		return false;
	process(&attempt);
	if (sd_step("schemadrift: recording an answer", STEP_TIMEOUT, record_step, &attempt, &error)
		== SD_STEP_FAILED)
	{
		/* the lease runs out and it is sent again under the same key */
		ereport(LOG, (errmsg("schemadrift could not record delivery " INT64_FORMAT ": %s",
							 attempt.claim->delivery.id, error)));
	}
	return true;
}

bool
sd_deliver_one(bool tests_only)
{
	MemoryContext item = AllocSetContextCreate(CurrentMemoryContext, "schemadrift delivery",
											   ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(item);
	bool		any = deliver_one(tests_only);

	MemoryContextSwitchTo(caller);
	MemoryContextDelete(item);
	return any;
}

typedef struct NextDue
{
	bool		tests_only;
	int64		wait;
} NextDue;

static void
next_due_step(void *arg)
{
	NextDue    *next = arg;

	next->wait = sd_delivery_next_due(sd_channels_held(), next->tests_only);
}

int64
sd_deliver_next_due(bool tests_only)
{
	NextDue		next = {.tests_only = tests_only, .wait = -1};
	int64		hold = sd_channels_hold_ends();

	sd_step("schemadrift: looking for messages", STEP_TIMEOUT, next_due_step, &next, NULL);
	if (hold >= 0)
		next.wait = next.wait < 0 ? hold : Min(next.wait, hold);
	return next.wait;
}
