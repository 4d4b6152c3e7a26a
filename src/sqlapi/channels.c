/*
 * channels.c
 *	  SQL functions on channels: who is told.  Routes are in routes.c.
 *
 * An argument may be a secret given by mistake, so errors about the argument
 * hide the statement from the server's log.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "commands/dbcommands.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "base/caller.h"
#include "base/error.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/settings.h"
#include "base/text.h"
#include "http/url.h"
#include "sink/sink.h"
#include "store/channel.h"
#include "store/delivery.h"
#include "store/delivery_read.h"
#include "store/drift.h"
#include "store/incident.h"

PG_FUNCTION_INFO_V1(sd_sql_channel_add);
PG_FUNCTION_INFO_V1(sd_sql_channel_drop);
PG_FUNCTION_INFO_V1(sd_sql_channel_enable);
PG_FUNCTION_INFO_V1(sd_sql_channel_problem);
PG_FUNCTION_INFO_V1(sd_sql_channel_test);
PG_FUNCTION_INFO_V1(sd_sql_preview);

/* A required text argument; NULL is an error that names it. */
static char *
required_text(FunctionCallInfo fcinfo, int i, const char *name)
{
	if (PG_ARGISNULL(i))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be NULL", name)));
	return text_to_cstring(PG_GETARG_TEXT_PP(i));
}

static void
check_channel_name(const char *name)
{
	if (name[0] == '\0' || strlen(name) >= NAMEDATALEN || strcmp(name, sd_display(name, false)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("\"%s\" cannot be the name of a channel", sd_display(name, false)),
				 errhint("Names have 1 to %d bytes and no control characters.", NAMEDATALEN - 1)));
}

/* Refuse what is no name of a secret, above all a secret itself. */
static void
check_secret_name(const char *secret)
{
	if (sd_secret_is_token(secret))
		ereport(ERROR,
				(errcode(ERRCODE_SD_SECRET),
				 errmsg("argument \"secret\" looks like a key or token instead of the name of a secret"),
				 errhint("Put the key into a file in schemadrift.secrets_directory and give the file's name. "
						 "Replace the key at the service: it may have been logged."),
				 errhidestmt(true), errhidecontext(true)));
	if (!sd_secret_is_name(secret))
		ereport(ERROR,
				(errcode(ERRCODE_SD_SECRET),
				 errmsg("argument \"secret\" is not the name of a secret"),
				 errhint("Names of secrets are names of files in schemadrift.secrets_directory: "
						 "letters, digits, \".\", \"_\" and \"-\", at most 128 of them."),
				 errhidestmt(true), errhidecontext(true)));
}

/* -- requests shown without being sent ------------------------------------ */

/* The message that tries a channel out. */
static char *
test_payload(void)
{
	char	   *database = get_database_name(MyDatabaseId);
	StringInfoData buf;

	initStringInfo(&buf);
	sd_json_begin(&buf, '{');
	sd_json_field(&buf, "title",
				  psprintf("Test message of schemadrift from database %s: nothing is wrong",
						   sd_display(database, false)));
	sd_json_field(&buf, "database", database);
	sd_json_field(&buf, "cluster", cluster_name[0] != '\0' ? cluster_name : NULL);
	sd_json_field(&buf, "severity", "info");
	sd_json_field(&buf, "class", "test");
	sd_json_field(&buf, "note", "Sent by drift_channel_test().");
	sd_json_field_int(&buf, "count", 0);
	sd_json_end(&buf, '}');
	return buf.data;
}

/* The request that a channel would make of a delivery; its secret, if any, masked. */
static SdHttpRequest *
masked_request(const SdChannel *channel, const SdDelivery *delivery)
{
	const SdSink *sink = sd_sink_find(channel->kind);
	SdChannel	masked = *channel;
	SdHttpRequest *request;
	char	   *reason = NULL;

	masked.secret = channel->secret_name ? SD_SINK_SECRET_MASK : NULL;
	request = sink->build_request(&masked, delivery, &reason);
	if (request == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("channel \"%s\" has no request for this delivery", channel->name),
				 errdetail_internal("%s.", reason)));
	return request;
}

/* What policy has against the URL that a channel sends to, or NULL. */
static char *
url_problem(const SdChannel *channel)
{
	SdDelivery	delivery = {0};

	delivery.idempotency_key = "schemadrift:test";
	delivery.purpose = "test";
	delivery.payload = sd_jsonb_parse(test_payload());
	return sd_url_problem(masked_request(channel, &delivery)->url, sd_allowed_hosts);
}

/*
 * Who may add channels could read every secret by sending it to a host of his
 * own; so where a secret goes is up to the service's sink, the configuration
 * file or a superuser.
 */
static void
check_secret_destination(const SdChannel *channel)
{
	char	   *text = channel->secret_name ? sd_jsonb_text(channel->config, "url") : NULL;
	SdUrl		url;

	if (text == NULL || superuser_arg(sd_caller()) || sd_url_parse(text, &url) != NULL ||
		sd_url_is_listed(&url, sd_allowed_hosts))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("only superusers may have a secret sent to host \"%s\"", url.host),
			 errhint("Hosts listed in schemadrift.allowed_hosts, in the server's configuration file, "
					 "may be given any.")));
}

/* -- channels ------------------------------------------------------------- */

static void
notice_secret_problem(const SdChannel *channel)
{
	char	   *problem = channel->secret_name ? sd_secret_problem(channel->secret_name) : NULL;

	if (problem != NULL)
		ereport(NOTICE,
				(errcode(ERRCODE_SD_SECRET),
				 errmsg("secret \"%s\" cannot be read yet; messages wait until it can", channel->secret_name),
				 errdetail_internal("%s", problem)));
}

Datum
sd_sql_channel_add(PG_FUNCTION_ARGS)
{
	SdChannel	channel = {0};
	const SdSink *sink;
	char	   *problem;

	channel.name = required_text(fcinfo, 0, "name");
	channel.kind = required_text(fcinfo, 1, "kind");
	channel.config = PG_ARGISNULL(2) ? sd_jsonb_parse("{}") : PG_GETARG_JSONB_P(2);
	channel.secret_name = PG_ARGISNULL(3) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(3));
	channel.enabled = true;

	check_channel_name(channel.name);
	sink = sd_sink_find(channel.kind);
	if (channel.secret_name != NULL)
		check_secret_name(channel.secret_name);
	sd_sink_check_channel(sink, &channel);
	problem = url_problem(&channel);
	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SD_HOST_REFUSED),
				 errmsg("the URL of channel \"%s\" is refused: %s", channel.name, problem),
				 errhint("Hosts that are private or without TLS must be listed in "
						 "schemadrift.allowed_hosts, in the server's configuration file.")));

	check_secret_destination(&channel);
	sd_channel_insert(&channel);
	notice_secret_problem(&channel);
	PG_RETURN_VOID();
}

Datum
sd_sql_channel_drop(PG_FUNCTION_ARGS)
{
	char	   *name = required_text(fcinfo, 0, "name");

	sd_channel_find(name);
	sd_channel_delete(name);
	PG_RETURN_VOID();
}

Datum
sd_sql_channel_enable(PG_FUNCTION_ARGS)
{
	char	   *name = required_text(fcinfo, 0, "name");
	bool		enabled = PG_ARGISNULL(1) ? true : PG_GETARG_BOOL(1);

	sd_channel_find(name);
	sd_channel_enable(name, enabled);
	/* what nobody could be told of meanwhile */
	if (enabled)
		sd_incident_recheck();
	PG_RETURN_VOID();
}

/* What keeps a channel from sending now, NULL = nothing known. */
Datum
sd_sql_channel_problem(PG_FUNCTION_ARGS)
{
	SdChannel  *channel = sd_channel_find(required_text(fcinfo, 0, "name"));
	char	   *problem = NULL;

	if (channel->secret_name != NULL)
		problem = sd_secret_problem(channel->secret_name);
	if (problem == NULL)
		problem = url_problem(channel);
	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem));
}

Datum
sd_sql_channel_test(PG_FUNCTION_ARGS)
{
	SdChannel  *channel = sd_channel_find(required_text(fcinfo, 0, "name"));
	char	   *key;

	/* unique among all clusters that may share the account */
	key = psprintf("schemadrift:test:" UINT64_FORMAT ":%u:" INT64_FORMAT,
				   GetSystemIdentifier(), MyDatabaseId, GetCurrentTimestamp());
	PG_RETURN_INT64(sd_delivery_enqueue(channel->name, "test", 0, key, test_payload()));
}

/* -- preview -------------------------------------------------------------- */

/* A request as JSON: method, url, headers, body (JSON where it is JSON). */
static Jsonb *
request_jsonb(const SdHttpRequest *request)
{
	char	   *body = request->body ? pg_any_to_server(request->body, (int) request->body_length,
														PG_UTF8) : NULL;
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	sd_json_begin(&buf, '{');
	sd_json_field(&buf, "method", request->method);
	sd_json_field(&buf, "url", request->url);
	sd_json_key(&buf, "headers");
	sd_json_begin(&buf, '[');
	foreach(cell, request->headers)
		sd_json_text(&buf, lfirst(cell));
	sd_json_end(&buf, ']');
	sd_json_key(&buf, "body");
	if (body != NULL && sd_jsonb_try_parse(body, strlen(body)) != NULL)
		sd_json_raw(&buf, body);
	else
		sd_json_text(&buf, body);
	sd_json_end(&buf, '}');
	return sd_jsonb_parse(buf.data);
}

/* A message about the incident as it is now, NULL when there is no such incident. */
static SdDelivery *
unsent_delivery(int64 incident_id)
{
	char	   *key = sd_incident_key(incident_id);
	SdDelivery *delivery;

	if (key == NULL)
		return NULL;
	delivery = palloc0(sizeof(SdDelivery));
	delivery->idempotency_key = key;
	delivery->purpose = "trigger";
	delivery->payload = sd_jsonb_parse(sd_incident_payload(incident_id, NULL, NULL, GetCurrentTimestamp()));
	return delivery;
}

/* Numbers of drifts are what users see most, so they are taken for those of incidents. */
static void
raise_no_incident(int64 id)
{
	SdRows	   *drift = sd_drift_one(id);
	const char *incident = drift->nrows > 0 ? sd_rows_value(drift, 0, "incident_id") : NULL;
	int64		newest = sd_incident_newest();

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("incident " INT64_FORMAT " does not exist", id),
			 incident ? errdetail("There is a drift " INT64_FORMAT "; it belongs to incident %s.", id, incident) : 0,
			 newest == 0 ? errhint("drift_check() opens an incident when it finds drift; there has been none yet.") :
			 errhint("The newest incident is " INT64_FORMAT ".", newest)));
}

Datum
sd_sql_preview(PG_FUNCTION_ARGS)
{
	int64		incident_id;
	SdChannel  *channel;
	SdDelivery *delivery;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be NULL", "incident_id")));
	incident_id = PG_GETARG_INT64(0);
	channel = sd_channel_find(required_text(fcinfo, 1, "channel"));
	delivery = sd_delivery_latest(incident_id);
	if (delivery == NULL)
		delivery = unsent_delivery(incident_id);
	if (delivery == NULL)
		raise_no_incident(incident_id);
	PG_RETURN_JSONB_P(request_jsonb(masked_request(channel, delivery)));
}
