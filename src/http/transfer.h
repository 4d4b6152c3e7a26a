/*
 * transfer.h
 *	  One transfer of libcurl: its options and callbacks.  Private to http/.
 */
#ifndef SD_TRANSFER_H
#define SD_TRANSFER_H

#include "postgres.h"

#include <curl/curl.h>

#include "http/request.h"
#include "http/url.h"

/* One request on its way; callbacks fill the lower part. */
typedef struct SdTransfer
{
	CURL	   *easy;
	struct curl_slist *headers;
	bool		attached;		/* easy belongs to the multi handle */
	bool		private_allowed;	/* host is in the allow list */
	char		error[CURL_ERROR_SIZE];

	char	   *body;			/* malloc'd */
	size_t		body_length;
	size_t		body_size;
	size_t		max_response;
	size_t		header_bytes;
	bool		truncated;
	bool		address_refused;
	char		retry_after[64];
} SdTransfer;

/*
 * Set every option of transfer->easy for a request whose URL policy allows.
 * Must run with signals blocked (see transport.c).  Raises nothing.
 */
extern CURLcode sd_transfer_set_up(SdTransfer *transfer, const SdHttpRequest *request,
								   const SdUrl *url);

#endif							/* SD_TRANSFER_H */
