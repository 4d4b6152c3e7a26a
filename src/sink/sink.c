/*
 * sink.c
 *	  The registry of sinks and what all services have in common.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "nodes/pg_list.h"

#include "base/json.h"
#include "base/text.h"
#include "sink/sink.h"

#define SD_SINK(name) extern const SdSink sd_sink_##name;
#include "sink/sink_list.h"
#undef SD_SINK

#define SD_SINK(name) &sd_sink_##name,
const SdSink *const sd_sinks[] = {
#include "sink/sink_list.h"
};
#undef SD_SINK

const int	sd_nsinks = lengthof(sd_sinks);

const SdSink *
sd_sink_find(const char *name)
{
	List	   *names = NIL;
	int			i;

	for (i = 0; i < sd_nsinks; i++)
	{
		if (strcmp(sd_sinks[i]->name, name) == 0)
			return sd_sinks[i];
		names = lappend(names, unconstify(char *, sd_sinks[i]->name));
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("there is no kind of channel \"%s\"", sd_display(name, false)),
			 errhint("The kinds are: %s.", sd_join(names, ", "))));
}

/* The declaration of a setting, or NULL. */
static const SdSinkSetting *
find_setting(const SdSink *sink, const char *name)
{
	const SdSinkSetting *setting;

	for (setting = sink->settings; setting->name != NULL; setting++)
		if (strcmp(setting->name, name) == 0)
			return setting;
	return NULL;
}

const char *
sd_sink_setting(const SdSink *sink, const SdChannel *channel, const char *name)
{
	const SdSinkSetting *setting = find_setting(sink, name);
	char	   *value = channel->config ? sd_jsonb_text(channel->config, name) : NULL;

	if (setting == NULL)
		elog(ERROR, "sink \"%s\" has no setting \"%s\"", sink->name, name);
	return value ? value : setting->fallback;
}

/* The names of a sink's settings, for a hint. */
static char *
setting_names(const SdSink *sink)
{
	const SdSinkSetting *setting;
	List	   *names = NIL;

	for (setting = sink->settings; setting->name != NULL; setting++)
		names = lappend(names, unconstify(char *, setting->name));
	return sd_join(names, ", ");
}

/*
 * Each key of the config must be a setting, each value a scalar.  Values are
 * not repeated in messages: a secret may be there by mistake.
 */
static void
check_config_keys(const SdSink *sink, const SdChannel *channel)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	value;

	if (!JB_ROOT_IS_OBJECT(channel->config))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("config of channel \"%s\" is not a JSON object", channel->name)));
	iterator = JsonbIteratorInit(unconstify(JsonbContainer *, &channel->config->root));
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		char	   *key;

		if (token != WJB_KEY)
			continue;
		key = pnstrdup(value.val.string.val, value.val.string.len);
		if (find_setting(sink, key) == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("channels of kind %s have no setting \"%s\"", sink->name, sd_display(key, false)),
					 errhint("Its settings are: %s. A key or token goes into a file that the argument secret names.",
							 setting_names(sink)),
					 errhidestmt(true)));
		token = JsonbIteratorNext(&iterator, &value, true);
		if (value.type == jbvBinary || value.type == jbvArray || value.type == jbvObject)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("setting \"%s\" of channel \"%s\" is not a plain value", key, channel->name)));
	}
}

static void
check_required(const SdSink *sink, const SdChannel *channel)
{
	const SdSinkSetting *setting;

	for (setting = sink->settings; setting->name != NULL; setting++)
	{
		if (setting->required && sd_sink_setting(sink, channel, setting->name) == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("channels of kind %s need the setting \"%s\"", sink->name, setting->name),
					 errdetail_internal("%s", setting->description)));
	}
	if (sink->needs_secret && channel->secret_name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("channels of kind %s need a secret", sink->name),
				 errhint("Give the name of a file in schemadrift.secrets_directory as the argument secret.")));
}

void
sd_sink_check_channel(const SdSink *sink, const SdChannel *channel)
{
	char	   *problem;

	check_config_keys(sink, channel);
	check_required(sink, channel);
	problem = sink->check ? sink->check(channel) : NULL;
	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("channel \"%s\" cannot be used: %s", channel->name, problem)));
}

SdVerdict *
sd_sink_verdict(SdVerdictKind what, const char *reason)
{
	SdVerdict  *verdict = palloc0(sizeof(SdVerdict));

	verdict->what = what;
	verdict->reason = reason;
	verdict->retry_after = -1;
	return verdict;
}

SdVerdict *
sd_sink_common_verdict(const SdHttpResponse *response)
{
	SdVerdict  *verdict;
	int			status = response->status;

	if (status == 0)
		return sd_sink_verdict(response->refused ? SD_VERDICT_GIVE_UP : SD_VERDICT_RETRY,
							   psprintf("no answer: %s",
										response->error ? response->error : "unknown reason"));
	if (status >= 300 && status < 400)
		return sd_sink_verdict(SD_VERDICT_GIVE_UP,
							   psprintf("redirected (HTTP %d), which is never followed", status));
	if (status != 408 && status != 429 && (status < 500 || status > 599))
		return NULL;
	verdict = sd_sink_verdict(SD_VERDICT_RETRY,
							  psprintf("%s (HTTP %d)",
									   status == 429 ? "too many requests" :
									   status == 408 ? "the service timed out" :
									   "the service failed", status));
	verdict->retry_after = response->retry_after;
	return verdict;
}

/*
 * The text in UTF-8.  A database in SQL_ASCII may hold any bytes; those that
 * are no UTF-8 become question marks, for JSON has no other way to say them.
 */
static char *
to_utf8(const char *text)
{
	int			length = strlen(text);
	StringInfoData buf;
	const char *p = text;

	if (GetDatabaseEncoding() != PG_SQL_ASCII)
		return pg_server_to_any(text, length, PG_UTF8);
	initStringInfo(&buf);
	while (length > 0)
	{
		int			n = pg_encoding_verifymbchar(PG_UTF8, p, length);

		if (n > 0)
			appendBinaryStringInfo(&buf, p, n);
		else
			appendStringInfoChar(&buf, '?');
		p += Max(n, 1);
		length -= Max(n, 1);
	}
	return buf.data;
}

SdHttpRequest *
sd_sink_post_json(const char *url, const char *json)
{
	SdHttpRequest *request = palloc0(sizeof(SdHttpRequest));

	request->method = "POST";
	request->url = url;
	request->headers = list_make2(pstrdup("Content-Type: application/json"),
								  pstrdup("Accept: application/json"));
	request->body = to_utf8(json);
	request->body_length = strlen(request->body);
	return request;
}
