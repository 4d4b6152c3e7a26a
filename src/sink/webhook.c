/*
 * webhook.c
 *	  Any service that takes JSON: the message is posted to a URL as it is.
 *
 *		{"purpose": "trigger", "key": "schemadrift:…", "payload": {…}}
 *
 * purpose is trigger, acknowledge, resolve, change or test; key is the same for all messages
 * about one incident; payload is what payload.h describes.  The header
 * Idempotency-Key tells messages apart, not incidents: a receiver that drops
 * what it knows must not take a resolve for its trigger sent twice.
 *
 * The secret travels in one header.  No reason of a verdict repeats what was
 * sent or answered, nor the URL, which may hold a token too.
 */
#include "postgres.h"

#include <ctype.h>

#include "base/digest.h"
#include "base/json.h"
#include "http/url.h"
#include "sink/sink.h"

#define MAX_HEADER_NAME 64
#define MAX_HEADER_VALUE 8192
#define MAX_KEY 255

extern const SdSink sd_sink_webhook;

static const SdSinkSetting settings[] = {
	{"url", true, NULL, "Where messages are posted to; not secret, so a token belongs into the secret."},
	{"header", false, "Authorization", "Name of the header that carries the secret."},
	{"prefix", false, "", "What comes before the secret in its header, such as \"Bearer \"."},
	{NULL}
};

/* -- the channel ---------------------------------------------------------- */

/* A token of RFC 9110, so that nothing can follow the name. */
static bool
is_header_name(const char *name)
{
	const char *p;

	for (p = name; *p; p++)
		if (!isalnum((unsigned char) *p) && strchr("!#$%&'*+-.^_`|~", *p) == NULL)
			return false;
	return p > name && p - name <= MAX_HEADER_NAME;
}

/* Printable ASCII: what every server takes, and nothing that ends a line. */
static bool
is_header_text(const char *text)
{
	const char *p;

	for (p = text; *p; p++)
		if (*p < ' ' || *p > '~')
			return false;
	return p - text <= MAX_HEADER_VALUE;
}

/* Headers that say how the message is to be read are not for a secret. */
static bool
is_taken(const char *name)
{
	static const char *const taken[] = {
		"Accept", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Expect", "Host",
		"Idempotency-Key", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent",
	};
	int			i;

	for (i = 0; i < lengthof(taken); i++)
		if (pg_strcasecmp(taken[i], name) == 0)
			return true;
	return false;
}

static char *
check_channel(const SdChannel *channel)
{
	const char *header = sd_sink_setting(&sd_sink_webhook, channel, "header");
	SdUrl		parsed;
	char	   *problem = sd_url_parse(sd_sink_setting(&sd_sink_webhook, channel, "url"), &parsed);

	if (problem != NULL)
		return psprintf("its url is refused: %s", problem);
	if (!is_header_name(header))
		return pstrdup("its header is not the name of a header");
	if (is_taken(header))
		return psprintf("its header %s has another meaning", header);
	if (!is_header_text(sd_sink_setting(&sd_sink_webhook, channel, "prefix")))
		return pstrdup("its prefix holds something else than printable ASCII");
	return NULL;
}

/* -- the request ---------------------------------------------------------- */

static char *
idempotency_header(const SdDelivery *delivery)
{
	const char *key = delivery->idempotency_key;

	if (strlen(key) > MAX_KEY || !is_header_text(key))
		key = sd_digest_text_hex(key);
	return psprintf("Idempotency-Key: %s:%s:" INT64_FORMAT, key, delivery->purpose, delivery->id);
}

/* Why nothing can be sent, or NULL. */
static char *
refusal(const SdChannel *channel, const SdDelivery *delivery)
{
	if (channel->secret != NULL && (channel->secret[0] == '\0' || !is_header_text(channel->secret)))
		return psprintf("the secret is empty, longer than %d bytes, or holds something else than printable ASCII",
						MAX_HEADER_VALUE);
	if (delivery->idempotency_key == NULL || delivery->idempotency_key[0] == '\0')
		return pstrdup("the delivery has no idempotency key");
	if (delivery->purpose[0] == '\0' || strspn(delivery->purpose, "abcdefghijklmnopqrstuvwxyz_") !=
		strlen(delivery->purpose))
		return pstrdup("the delivery has no purpose");
	return NULL;
}

static SdHttpRequest *
build_request(const SdChannel *channel, const SdDelivery *delivery, char **reason)
{
	SdHttpRequest *request;
	StringInfoData body;

	*reason = refusal(channel, delivery);
	if (*reason != NULL)
		return NULL;
	initStringInfo(&body);
	sd_json_begin(&body, '{');
	sd_json_field(&body, "purpose", delivery->purpose);
	sd_json_field(&body, "key", delivery->idempotency_key);
	sd_json_key(&body, "payload");
	sd_json_raw(&body, JsonbToCString(NULL, unconstify(JsonbContainer *, &delivery->payload->root),
									  VARSIZE(delivery->payload)));
	sd_json_end(&body, '}');

	request = sd_sink_post_json(sd_sink_setting(&sd_sink_webhook, channel, "url"), body.data);
	request->headers = lappend(request->headers, idempotency_header(delivery));
	if (channel->secret != NULL)
		request->headers = lappend(request->headers,
								   psprintf("%s: %s%s", sd_sink_setting(&sd_sink_webhook, channel, "header"),
											sd_sink_setting(&sd_sink_webhook, channel, "prefix"),
											channel->secret));
	return request;
}

/* -- the response --------------------------------------------------------- */

static SdVerdict *
read_response(const SdChannel *channel, const SdDelivery *delivery, const SdHttpResponse *response)
{
	SdVerdict  *verdict = sd_sink_common_verdict(response);
	int			status = response->status;

	if (verdict != NULL)
		return verdict;
	if (status >= 200 && status < 300)
		return sd_sink_verdict(SD_VERDICT_DELIVERED, "accepted");

	/* the same key is being worked on, by the attempt before this one */
	if (status == 409)
		return sd_sink_verdict(SD_VERDICT_RETRY, "the message is being processed already (HTTP 409)");
	if (status == 401 || status == 403)
	{
		verdict = sd_sink_verdict(SD_VERDICT_GIVE_UP, psprintf("the webhook refused access (HTTP %d)", status));
		verdict->bad_credentials = true;
		return verdict;
	}
	return sd_sink_verdict(SD_VERDICT_GIVE_UP, psprintf("the webhook refused the message (HTTP %d)", status));
}

const SdSink sd_sink_webhook = {
	.name = "webhook",
	.description = "JSON posted to any URL",
	.needs_secret = false,
	.settings = settings,
	.check = check_channel,
	.build_request = build_request,
	.read_response = read_response,
};
