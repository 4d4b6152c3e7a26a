/*
 * request.h
 *	  One HTTP request and its response, as plain values.
 *
 * Sinks build requests and read responses without ever touching the network;
 * http/transport.c alone performs them.
 */
#ifndef SD_REQUEST_H
#define SD_REQUEST_H

#include "postgres.h"

#include "nodes/pg_list.h"

typedef struct SdHttpRequest
{
	const char *method;			/* POST, GET, … */
	const char *url;			/* https://… */
	List	   *headers;		/* char *, "Name: value", no line breaks */
	const char *body;			/* NULL = none */
	size_t		body_length;
	size_t		max_response;	/* bytes kept of the answer; 0 = 256 kB */
} SdHttpRequest;

typedef struct SdHttpResponse
{
	int			status;			/* 0 = no response */
	const char *body;			/* not NUL-terminated text: bytes */
	size_t		body_length;
	bool		truncated;		/* the answer was longer than max_response */
	int			retry_after;	/* seconds asked for by Retry-After, -1 = none */
	const char *error;			/* why there was no response; no secrets */
	bool		refused;		/* policy does not allow the URL: permanent
								 * until somebody changes it or the policy */
	bool		may_have_arrived;	/* the request may have been processed
									 * although no response came */
} SdHttpResponse;

#endif							/* SD_REQUEST_H */
