/*
 * sinks.c
 *	  The pure parts of http/ and sink/ as internal SQL functions, for tests.
 *
 * Nothing here touches a table or the network.
 */
#include "postgres.h"

#include <time.h>

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "base/json.h"
#include "base/secret.h"
#include "http/retry_after.h"
#include "http/url.h"
#include "sink/sink.h"

PG_FUNCTION_INFO_V1(sd_sql_sink_request);
PG_FUNCTION_INFO_V1(sd_sql_sink_verdict);
PG_FUNCTION_INFO_V1(sd_sql_url_problem);
PG_FUNCTION_INFO_V1(sd_sql_address_is_public);
PG_FUNCTION_INFO_V1(sd_sql_retry_after);
PG_FUNCTION_INFO_V1(sd_sql_secret_problem);

static const char *
text_or(const Jsonb *object, const char *key, const char *fallback)
{
	char	   *text = sd_jsonb_text(object, key);

	return text ? text : fallback;
}

static int
int_or(const Jsonb *object, const char *key, int fallback)
{
	char	   *text = sd_jsonb_text(object, key);

	return text ? atoi(text) : fallback;
}

static bool
bool_of(const Jsonb *object, const char *key)
{
	return strcmp(text_or(object, key, "false"), "true") == 0;
}

/* {name, kind, config, secret} */
static SdChannel *
read_channel(const Jsonb *object)
{
	SdChannel  *channel = palloc0(sizeof(SdChannel));

	channel->name = text_or(object, "name", "test");
	channel->kind = text_or(object, "kind", "");
	channel->config = sd_jsonb_parse(text_or(object, "config", "{}"));
	channel->secret = text_or(object, "secret", NULL);
	channel->secret_name = "test";
	channel->enabled = true;
	return channel;
}

/* {purpose, key, payload, step, attempts} */
static SdDelivery *
read_delivery(const Jsonb *object)
{
	SdDelivery *delivery = palloc0(sizeof(SdDelivery));

	delivery->id = 1;
	delivery->purpose = text_or(object, "purpose", "trigger");
	delivery->idempotency_key = text_or(object, "key", "");
	delivery->payload = sd_jsonb_parse(text_or(object, "payload", "{}"));
	delivery->step = int_or(object, "step", 0);
	delivery->attempts = int_or(object, "attempts", 1);
	return delivery;
}

/* {status, body, retry_after, error, refused, truncated} */
static SdHttpResponse *
read_http_response(const Jsonb *object)
{
	SdHttpResponse *response = palloc0(sizeof(SdHttpResponse));

	response->status = int_or(object, "status", 0);
	response->body = text_or(object, "body", "");
	response->body_length = strlen(response->body);
	response->retry_after = int_or(object, "retry_after", -1);
	response->error = text_or(object, "error", NULL);
	response->refused = bool_of(object, "refused");
	response->truncated = bool_of(object, "truncated");
	return response;
}

Datum
sd_sql_sink_request(PG_FUNCTION_ARGS)
{
	SdChannel  *channel = read_channel(PG_GETARG_JSONB_P(0));
	const SdSink *sink = sd_sink_find(channel->kind);
	char	   *reason = NULL;
	SdHttpRequest *request;
	StringInfoData buf;
	ListCell   *cell;

	sd_sink_check_channel(sink, channel);
	request = sink->build_request(channel, read_delivery(PG_GETARG_JSONB_P(1)), &reason);
	initStringInfo(&buf);
	sd_json_begin(&buf, '{');
	if (request == NULL)
		sd_json_field(&buf, "reason", reason);
	else
	{
		sd_json_field(&buf, "method", request->method);
		sd_json_field(&buf, "url", request->url);
		sd_json_key(&buf, "headers");
		sd_json_begin(&buf, '[');
		foreach(cell, request->headers)
			sd_json_text(&buf, lfirst(cell));
		sd_json_end(&buf, ']');
		sd_json_field(&buf, "body", request->body ?
					  pg_any_to_server(request->body, (int) request->body_length, PG_UTF8) : NULL);
	}
	sd_json_end(&buf, '}');
	PG_RETURN_JSONB_P(sd_jsonb_parse(buf.data));
}

Datum
sd_sql_sink_verdict(PG_FUNCTION_ARGS)
{
	static const char *const words[] = {"delivered", "next step", "retry", "give up"};
	SdChannel  *channel = read_channel(PG_GETARG_JSONB_P(0));
	const SdSink *sink = sd_sink_find(channel->kind);
	SdVerdict  *verdict = sink->read_response(channel, read_delivery(PG_GETARG_JSONB_P(1)),
											  read_http_response(PG_GETARG_JSONB_P(2)));
	StringInfoData buf;

	initStringInfo(&buf);
	sd_json_begin(&buf, '{');
	sd_json_field(&buf, "verdict", words[verdict->what]);
	if (verdict->what == SD_VERDICT_NEXT_STEP)
		sd_json_field_int(&buf, "step", verdict->step);
	if (verdict->retry_after >= 0)
		sd_json_field_int(&buf, "retry_after", verdict->retry_after);
	if (verdict->bad_credentials)
		sd_json_field_bool(&buf, "bad_credentials", true);
	sd_json_field(&buf, "reason", verdict->reason);
	if (verdict->external_id != NULL)
		sd_json_field(&buf, "external_id", verdict->external_id);
	if (verdict->external_url != NULL)
		sd_json_field(&buf, "external_url", verdict->external_url);
	sd_json_end(&buf, '}');
	PG_RETURN_JSONB_P(sd_jsonb_parse(buf.data));
}

Datum
sd_sql_url_problem(PG_FUNCTION_ARGS)
{
	char	   *problem = sd_url_problem(text_to_cstring(PG_GETARG_TEXT_PP(0)),
										 text_to_cstring(PG_GETARG_TEXT_PP(1)));

	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem));
}

Datum
sd_sql_address_is_public(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(sd_address_text_is_public(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}

Datum
sd_sql_retry_after(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(sd_retry_after(text_to_cstring(PG_GETARG_TEXT_PP(0)),
								   (time_t) PG_GETARG_INT64(1)));
}

Datum
sd_sql_secret_problem(PG_FUNCTION_ARGS)
{
	char	   *problem = sd_secret_problem(text_to_cstring(PG_GETARG_TEXT_PP(0)));

	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem));
}
