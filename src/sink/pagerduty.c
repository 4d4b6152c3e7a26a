/*
 * pagerduty.c
 *	  PagerDuty, Events API v2.
 *
 * The key of the integration travels in the body (routing_key), so the body as
 * a whole is secret: no reason of a verdict repeats what was sent or answered.
 * The delivery's idempotency key is the dedup_key; a repeated trigger joins
 * the open alert and a repeated resolve does nothing.  An acknowledge, too, needs
 * no more than the key, and does nothing where no alert is open.
 *
 * Limits: a summary of 1024 characters, a dedup_key of 255, a body of 512 kB.
 * A body too large loses its SQL first, then the texts of its items, then the
 * items; what was left out is said in its place.
 */
#include "postgres.h"

#include <ctype.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "http/url.h"
#include "sink/payload.h"
#include "sink/sink.h"

#define PD_MAX_BODY 512000
#define PD_MAX_SUMMARY 1024
#define PD_MAX_DEDUP_KEY 255
#define PD_KEY_LENGTH 32

extern const SdSink sd_sink_pagerduty;

/* How much of the details a body carries; each level leaves more out. */
typedef enum DetailLevel
{
	DETAIL_ALL,
	DETAIL_NO_SQL,
	DETAIL_NO_TEXTS,
	DETAIL_NO_ITEMS
} DetailLevel;

static const char *const level_notes[] = {
	NULL,
	"The SQL that reverts is left out for its size; drift_sql() gives it.",
	"The SQL and the texts of the items are left out for their size; drift_check() gives them.",
	"All details are left out for their size; drift_check() gives them.",
};

static const SdSinkSetting settings[] = {
	{"url", false, "https://events.pagerduty.com",
	"Base URL of the Events API; https://events.eu.pagerduty.com for accounts in the EU."},
	{"client", false, "schemadrift", "Name of the sender as the alert shows it."},
	{"client_url", false, NULL, "Page that the alert links to as the sender's."},
	{NULL}
};

/* -- the channel ---------------------------------------------------------- */

static char *
check_channel(const SdChannel *channel)
{
	const char *url = sd_sink_setting(&sd_sink_pagerduty, channel, "url");
	const char *client_url = sd_sink_setting(&sd_sink_pagerduty, channel, "client_url");
	SdUrl		parsed;
	char	   *problem = sd_url_parse(url, &parsed);

	if (problem == NULL && strpbrk(url, "?#") != NULL)
		problem = "it holds a query";
	if (problem != NULL)
		return psprintf("its url is refused: %s", problem);
	problem = client_url ? sd_url_parse(client_url, &parsed) : NULL;
	return problem ? psprintf("its client_url is refused: %s", problem) : NULL;
}

/* Is this the shape of an integration key, or the mask that stands for one? */
static bool
is_routing_key(const char *key)
{
	int			i;

	if (strcmp(key, SD_SINK_SECRET_MASK) == 0)
		return true;
	for (i = 0; key[i] != '\0'; i++)
		if (!isalnum((unsigned char) key[i]))
			return false;
	return i == PD_KEY_LENGTH;
}

/* -- the body ------------------------------------------------------------- */

static void
append_items(StringInfo buf, const JsonbContainer *items, DetailLevel level)
{
	static const char *const short_fields[] = {
		"severity", "class", "change", "object_type", "object", "attribute", "who", "via", "at",
	};
	static const char *const long_fields[] = {"expected", "actual", "ddl"};
	int			i;
	int			f;

	sd_json_key(buf, "items");
	sd_json_begin(buf, '[');
	for (i = 0; i < sd_container_length(items); i++)
	{
		const JsonbContainer *item = sd_container_item(items, i);

		if (item == NULL)
			continue;
		sd_json_begin(buf, '{');
		sd_payload_append_count(buf, item, "id");
		for (f = 0; f < lengthof(short_fields); f++)
			sd_payload_append(buf, item, short_fields[f]);
		if (level < DETAIL_NO_TEXTS)
			for (f = 0; f < lengthof(long_fields); f++)
				sd_payload_append_long(buf, item, long_fields[f]);
		sd_json_end(buf, '}');
	}
	sd_json_end(buf, ']');
}

static void
append_details(StringInfo buf, const JsonbContainer *payload, DetailLevel level)
{
	static const char *const fields[] = {"database", "cluster", "class", "deploy", "note", "log_head"};
	const JsonbContainer *items = sd_container_field(payload, "items");
	int			i;

	sd_json_key(buf, "custom_details");
	sd_json_begin(buf, '{');
	sd_payload_append_count(buf, payload, "incident");
	sd_payload_append_count(buf, payload, "count");
	for (i = 0; i < lengthof(fields); i++)
		sd_payload_append(buf, payload, fields[i]);
	if (level_notes[level] != NULL)
		sd_json_field(buf, "left_out", level_notes[level]);
	if (level < DETAIL_NO_ITEMS && sd_container_length(items) > 0)
		append_items(buf, items, level);
	if (level < DETAIL_NO_SQL)
		sd_payload_append_long(buf, payload, "sql");
	sd_json_end(buf, '}');
}

/* One line that says it all; never empty. */
static char *
summary(const JsonbContainer *payload)
{
	char	   *title = sd_payload_text(payload, "title", PD_MAX_SUMMARY, false);
	char	   *database = sd_payload_text(payload, "database", SD_PAYLOAD_MAX_FIELD - 64, false);

	if (title != NULL)
		return title;
	return database ? psprintf("Schema drift in %s", database) : pstrdup("Schema drift");
}

/* The unique place that the alert is about; never empty. */
static char *
source(const JsonbContainer *payload)
{
	char	   *cluster = sd_payload_text(payload, "cluster", SD_PAYLOAD_MAX_FIELD / 2, false);
	char	   *database = sd_payload_text(payload, "database", SD_PAYLOAD_MAX_FIELD / 2, false);

	if (cluster != NULL && database != NULL)
		return psprintf("%s/%s", cluster, database);
	return cluster ? cluster : database ? database : pstrdup("schemadrift");
}

/* PagerDuty takes four words and refuses the event for any other. */
static const char *
severity(const JsonbContainer *payload)
{
	static const char *const words[] = {"info", "warning", "error", "critical"};
	char	   *given = sd_container_text(payload, "severity");
	int			i;

	for (i = 0; given != NULL && i < lengthof(words); i++)
		if (strcmp(given, words[i]) == 0)
			return words[i];
	return "error";
}

static void
append_timestamp(StringInfo buf, const JsonbContainer *payload)
{
	char	   *at = sd_container_text(payload, "at");

	if (at != NULL && sd_is_timestamp(at))
		sd_json_field(buf, "timestamp", at);
}

static void
append_payload(StringInfo buf, const JsonbContainer *payload, bool is_alert, DetailLevel level)
{
	const JsonbContainer *first = sd_container_item(sd_container_field(payload, "items"), 0);
	char	   *component = first ? sd_payload_text(first, "object", SD_PAYLOAD_MAX_FIELD, false) : NULL;
	char	   *group = sd_payload_text(payload, "database", SD_PAYLOAD_MAX_FIELD, false);
	char	   *class = sd_payload_text(payload, "class", SD_PAYLOAD_MAX_FIELD, false);

	sd_json_key(buf, "payload");
	sd_json_begin(buf, '{');
	sd_json_field(buf, "summary", summary(payload));
	sd_json_field(buf, "source", source(payload));
	append_timestamp(buf, payload);
	if (is_alert)
	{
		sd_json_field(buf, "severity", severity(payload));
		if (component != NULL)
			sd_json_field(buf, "component", component);
		if (group != NULL)
			sd_json_field(buf, "group", group);
		if (class != NULL)
			sd_json_field(buf, "class", class);
	}
	append_details(buf, payload, level);
	sd_json_end(buf, '}');
}

/* -- the request ---------------------------------------------------------- */

/* The delivery's key, or its digest where PagerDuty would refuse the length. */
static char *
dedup_key(const SdDelivery *delivery)
{
	if (strlen(delivery->idempotency_key) <= PD_MAX_DEDUP_KEY)
		return pstrdup(delivery->idempotency_key);
	return psprintf("schemadrift:%s", sd_digest_text_hex(delivery->idempotency_key));
}

/* A test is two steps: an alert, then its resolution. */
static const char *
event_action(const SdDelivery *delivery)
{
	if (strcmp(delivery->purpose, "resolve") == 0 ||
		(strcmp(delivery->purpose, "test") == 0 && delivery->step > 0))
		return "resolve";
	if (strcmp(delivery->purpose, "acknowledge") == 0)
		return "acknowledge";
	return "trigger";
}

static char *
alert_body(const SdChannel *channel, const SdDelivery *delivery, DetailLevel level)
{
	const char *client_url = sd_sink_setting(&sd_sink_pagerduty, channel, "client_url");
	const char *action = event_action(delivery);
	StringInfoData buf;

	initStringInfo(&buf);
	sd_json_begin(&buf, '{');
	sd_json_field(&buf, "routing_key", channel->secret);
	sd_json_field(&buf, "event_action", action);
	sd_json_field(&buf, "dedup_key", dedup_key(delivery));
	if (strcmp(action, "trigger") == 0)
	{
		append_payload(&buf, &delivery->payload->root, true, level);
		sd_json_field(&buf, "client", sd_sink_setting(&sd_sink_pagerduty, channel, "client"));
		if (client_url != NULL)
			sd_json_field(&buf, "client_url", client_url);
	}
	sd_json_end(&buf, '}');
	return buf.data;
}

static char *
change_body(const SdChannel *channel, const SdDelivery *delivery, DetailLevel level)
{
	StringInfoData buf;

	initStringInfo(&buf);
	sd_json_begin(&buf, '{');
	sd_json_field(&buf, "routing_key", channel->secret);
	append_payload(&buf, &delivery->payload->root, false, level);
	sd_json_end(&buf, '}');
	return buf.data;
}

/* Why nothing can be sent, or NULL. */
static char *
refusal(const SdChannel *channel, const SdDelivery *delivery)
{
	static const char *const purposes[] = {"trigger", "acknowledge", "resolve", "change", "test"};
	int			i;

	if (channel->secret == NULL || !is_routing_key(channel->secret))
		return pstrdup("the secret is not an integration key of PagerDuty (32 letters and digits)");
	if (delivery->idempotency_key == NULL || delivery->idempotency_key[0] == '\0')
		return pstrdup("the delivery has no idempotency key");
	if (strcmp(delivery->purpose, "change") == 0 && channel->secret[0] == 'R')
		return pstrdup("the integration key belongs to a ruleset, which takes no change events");
	for (i = 0; i < lengthof(purposes); i++)
		if (strcmp(delivery->purpose, purposes[i]) == 0)
			return NULL;
	return psprintf("PagerDuty has no message of purpose \"%s\"", delivery->purpose);
}

static SdHttpRequest *
build_request(const SdChannel *channel, const SdDelivery *delivery, char **reason)
{
	bool		is_change = strcmp(delivery->purpose, "change") == 0;
	char	   *base;
	size_t		length;
	int			level;

	*reason = refusal(channel, delivery);
	if (*reason != NULL)
		return NULL;
	base = pstrdup(sd_sink_setting(&sd_sink_pagerduty, channel, "url"));
	for (length = strlen(base); length > 0 && base[length - 1] == '/'; length--)
		base[length - 1] = '\0';

	for (level = DETAIL_ALL; level <= DETAIL_NO_ITEMS; level++)
	{
		SdHttpRequest *request =
			sd_sink_post_json(psprintf("%s/v2/%s", base, is_change ? "change/enqueue" : "enqueue"),
							  is_change ? change_body(channel, delivery, level) :
							  alert_body(channel, delivery, level));

		if (request->body_length <= PD_MAX_BODY)
			return request;
	}
	*reason = pstrdup("the message is larger than PagerDuty takes");
	return NULL;
}

/* -- the response --------------------------------------------------------- */

/* The text in lower case, for words to be looked up in. */
static char *
lower_body(const SdHttpResponse *response)
{
	size_t		length = Min(response->body_length, 8192);
	char	   *text = palloc(length + 1);
	size_t		i;

	for (i = 0; i < length; i++)
		text[i] = response->body[i] ? pg_ascii_tolower((unsigned char) response->body[i]) : ' ';
	text[length] = '\0';
	return text;
}

/*
 * 400: the answer is JSON with a list of errors, or plain text.  It may quote
 * what was sent, so it only tells which of our own words to use.
 */
static SdVerdict *
read_refusal(const SdHttpResponse *response)
{
	static const char *const fields[] = {
		"summary", "dedup_key", "severity", "timestamp", "source", "custom_details",
		"event_action", "client_url", "payload",
	};
	char	   *body = lower_body(response);
	SdVerdict  *verdict;
	int			i;

	if (strstr(body, "routing_key") != NULL || strstr(body, "routing key") != NULL)
	{
		verdict = sd_sink_verdict(SD_VERDICT_GIVE_UP, "PagerDuty refused the integration key (HTTP 400)");
		verdict->bad_credentials = true;
		return verdict;
	}
	for (i = 0; i < lengthof(fields); i++)
		if (strstr(body, fields[i]) != NULL)
			return sd_sink_verdict(SD_VERDICT_GIVE_UP,
								   psprintf("PagerDuty refused the event's %s (HTTP 400)", fields[i]));
	return sd_sink_verdict(SD_VERDICT_GIVE_UP, "PagerDuty refused the event (HTTP 400)");
}

static SdVerdict *
read_accepted(const SdDelivery *delivery)
{
	SdVerdict  *verdict = sd_sink_verdict(SD_VERDICT_DELIVERED, "accepted");

	if (strcmp(delivery->purpose, "test") == 0 && delivery->step == 0)
	{
		verdict->what = SD_VERDICT_NEXT_STEP;
		verdict->step = 1;
	}
	if (strcmp(delivery->purpose, "change") != 0)
		verdict->external_id = dedup_key(delivery);
	return verdict;
}

static SdVerdict *
read_response(const SdChannel *channel, const SdDelivery *delivery, const SdHttpResponse *response)
{
	SdVerdict  *verdict = sd_sink_common_verdict(response);

	if (verdict != NULL)
		return verdict;
	switch (response->status)
	{
		case 202:
			return read_accepted(delivery);
		case 400:
			return read_refusal(response);
		case 413:
			return sd_sink_verdict(SD_VERDICT_GIVE_UP, "PagerDuty found the event too large (HTTP 413)");
		case 401:
		case 403:
			verdict = sd_sink_verdict(SD_VERDICT_GIVE_UP,
									  psprintf("PagerDuty refused access (HTTP %d)", response->status));
			verdict->bad_credentials = true;
			return verdict;
		default:
			break;
	}
	/* a page that answers 200 is not the Events API, whoever it is */
	if (response->status >= 200 && response->status < 300)
		return sd_sink_verdict(SD_VERDICT_RETRY,
							   psprintf("expected HTTP 202 and got %d", response->status));
	return sd_sink_verdict(SD_VERDICT_GIVE_UP,
						   psprintf("PagerDuty refused the event (HTTP %d)", response->status));
}

const SdSink sd_sink_pagerduty = {
	.name = "pagerduty",
	.description = "PagerDuty alerts and change events (Events API v2)",
	.needs_secret = true,
	.settings = settings,
	.check = check_channel,
	.build_request = build_request,
	.read_response = read_response,
};
