/*
 * sink.h
 *	  sink: the code for one service; delivery in, request out, response in,
 *	  verdict out.  No I/O, no clock, no settings.
 *
 * A new service is one file, one line in sink_list.h and one test pair.
 */
#ifndef SD_SINK_H
#define SD_SINK_H

#include "postgres.h"

#include "http/request.h"
#include "model/delivery.h"

/* One key of a channel's config. */
typedef struct SdSinkSetting
{
	const char *name;
	bool		required;
	const char *fallback;		/* value when absent, NULL = none */
	const char *description;
} SdSinkSetting;

typedef enum SdVerdictKind
{
	SD_VERDICT_DELIVERED,
	SD_VERDICT_NEXT_STEP,		/* ask build_request again with step */
	SD_VERDICT_RETRY,			/* transient; wait retry_after or back off */
	SD_VERDICT_GIVE_UP			/* permanent: dead letter */
} SdVerdictKind;

typedef struct SdVerdict
{
	SdVerdictKind what;
	int			step;			/* of NEXT_STEP */
	int			retry_after;	/* seconds, -1 = ordinary back-off */
	bool		bad_credentials;	/* the service refused the secret: read it
									 * again once, then give up */
	const char *reason;			/* for people; never holds a secret */
	const char *external_id;	/* to keep with the delivery, NULL = as it was */
	const char *external_url;
} SdVerdict;

typedef struct SdSink
{
	const char *name;			/* pagerduty */
	const char *description;
	bool		needs_secret;
	const SdSinkSetting *settings;	/* ends with name NULL */

	/* NULL when the channel is usable, else what is wrong with it (besides
	 * unknown and missing settings, which the registry checks). */
	char	   *(*check) (const SdChannel *channel);

	/* channel->secret is set in workers; in drift_preview() it is
	 * SD_SINK_SECRET_MASK, which every sink takes for a well-formed secret;
	 * in both it is NULL where the channel has none.
	 * NULL with *reason set when no request can be built from these, now or
	 * ever: the delivery is a dead letter. */
	SdHttpRequest *(*build_request) (const SdChannel *channel, const SdDelivery *delivery,
									 char **reason);
	SdVerdict  *(*read_response) (const SdChannel *channel, const SdDelivery *delivery,
								  const SdHttpResponse *response);
} SdSink;

/* What stands for a secret where a request is only shown. */
#define SD_SINK_SECRET_MASK "********************************"

extern const SdSink *const sd_sinks[];
extern const int sd_nsinks;

/* The sink of that name; raises an error with a hint listing the right ones. */
extern const SdSink *sd_sink_find(const char *name);

/* A setting of a channel's config, or its fallback. */
extern const char *sd_sink_setting(const SdSink *sink, const SdChannel *channel, const char *name);

/* Check a channel's config against its sink; raises a clear error. */
extern void sd_sink_check_channel(const SdSink *sink, const SdChannel *channel);

/* The verdict that every service shares for failures without an answer, 3xx,
 * 408, 429 and 5xx; NULL when the response is for the sink to read. */
extern SdVerdict *sd_sink_common_verdict(const SdHttpResponse *response);

/* A verdict with no wait of its own. */
extern SdVerdict *sd_sink_verdict(SdVerdictKind what, const char *reason);

/* A POST of JSON, converted to UTF-8 whatever the database's encoding. */
extern SdHttpRequest *sd_sink_post_json(const char *url, const char *json);

#endif							/* SD_SINK_H */
