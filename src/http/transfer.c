/*
 * transfer.c
 *	  The options and callbacks of one transfer.
 *
 * Callbacks use memory of malloc() and report by return values: an error
 * raised there would jump over libcurl's frames.
 *
 * Not done, each on purpose: following redirects (one may carry headers and
 * body to another host), decompressing (a small answer may become a large
 * one), proxies, cookies and .netrc (the environment must not steer a server),
 * and verbose logging (it would print what is sent).
 */
#include "postgres.h"

#include <sys/socket.h>

#include "base/settings.h"
#include "http/transfer.h"

#define CONNECT_TIMEOUT_MS 5000
#define MAX_HEADER_BYTES (64 * 1024)
#define CONNECTION_MAX_IDLE_S 60
#define CONNECTION_MAX_LIFE_S 300

/* -- callbacks: no palloc, no ereport, no CHECK_FOR_INTERRUPTS ------------ */

/* Keep up to max_response bytes of the body; ask to stop when more come. */
static size_t
write_callback(char *data, size_t size, size_t nmemb, void *arg)
{
	SdTransfer *transfer = arg;
	size_t		length = size * nmemb;
	size_t		keep = Min(length, transfer->max_response - transfer->body_length);

	if (transfer->body_length + keep > transfer->body_size)
	{
		size_t		wanted = Min(Max(transfer->body_size * 2, transfer->body_length + keep),
								 transfer->max_response);
		char	   *larger = realloc(transfer->body, Max(wanted, 1));

		if (larger == NULL)
		{
			transfer->truncated = true;
			return 0;
		}
		transfer->body = larger;
		transfer->body_size = wanted;
	}
	if (keep > 0)
		memcpy(transfer->body + transfer->body_length, data, keep);
	transfer->body_length += keep;
	if (keep < length)
		transfer->truncated = true;
	return keep;
}

/* Keep the value of Retry-After of the last header block. */
static void
keep_retry_after(SdTransfer *transfer, const char *value, size_t length)
{
	while (length > 0 && (*value == ' ' || *value == '\t'))
		value++, length--;
	while (length > 0 && strchr(" \t\r\n", value[length - 1]) != NULL)
		length--;
	if (length >= sizeof(transfer->retry_after) || memchr(value, '\0', length) != NULL)
		length = 0;
	memcpy(transfer->retry_after, value, length);
	transfer->retry_after[length] = '\0';
}

static size_t
header_callback(char *data, size_t size, size_t nmemb, void *arg)
{
	static const char name[] = "retry-after:";
	SdTransfer *transfer = arg;
	size_t		length = size * nmemb;

	transfer->header_bytes += length;
	if (transfer->header_bytes > MAX_HEADER_BYTES)
	{
		transfer->truncated = true;
		return 0;
	}
	if (length > 5 && memcmp(data, "HTTP/", 5) == 0)
		transfer->retry_after[0] = '\0';
	else if (length >= sizeof(name) - 1 && pg_strncasecmp(data, name, sizeof(name) - 1) == 0)
		keep_retry_after(transfer, data + sizeof(name) - 1, length - (sizeof(name) - 1));
	return length;
}

/*
 * Make the socket for an address that policy allows.  Checked here, after the
 * name was resolved and for the very address that is connected to, a name that
 * resolves to something else a moment later gains nothing.
 */
static curl_socket_t
socket_callback(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	SdTransfer *transfer = arg;

	if (purpose != CURLSOCKTYPE_IPCXN ||
		(address->family != AF_INET && address->family != AF_INET6))
		return CURL_SOCKET_BAD;
	if (!transfer->private_allowed && !sd_address_is_public(&address->addr))
	{
		transfer->address_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* -- options -------------------------------------------------------------- */

/* Set one option of easy, or return from the function with the failure. */
#define SET(option, value) \
	do { \
		CURLcode	set_code = curl_easy_setopt(easy, (option), (value)); \
		if (set_code != CURLE_OK) \
			return set_code; \
	} while (0)

/* Where to, and what must hold on the way. */
static CURLcode
set_destination(SdTransfer *transfer, const SdHttpRequest *request, const SdUrl *url)
{
	CURL	   *easy = transfer->easy;

	SET(CURLOPT_URL, request->url);
	SET(CURLOPT_PROTOCOLS_STR, url->tls ? "https" : "http");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_REDIR_PROTOCOLS_STR, "https");
	SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	SET(CURLOPT_OPENSOCKETFUNCTION, socket_callback);
	SET(CURLOPT_OPENSOCKETDATA, transfer);
	/* an empty proxy also keeps libcurl from reading the environment */
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NOPROXY, "*");
	SET(CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
	if (sd_ca_file != NULL && sd_ca_file[0] != '\0')
	{
		SET(CURLOPT_CAINFO, sd_ca_file);
		SET(CURLOPT_CAPATH, NULL);
	}
	return CURLE_OK;
}

/* How long, how much, and what libcurl must not do in a server process. */
static CURLcode
set_limits(SdTransfer *transfer)
{
	CURL	   *easy = transfer->easy;

	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_QUICK_EXIT, 1L);
	SET(CURLOPT_TIMEOUT_MS, (long) sd_http_timeout);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long) Min(sd_http_timeout, CONNECT_TIMEOUT_MS));
	SET(CURLOPT_LOW_SPEED_LIMIT, 10L);
	SET(CURLOPT_LOW_SPEED_TIME, 10L);
	SET(CURLOPT_MAXAGE_CONN, (long) CONNECTION_MAX_IDLE_S);
	SET(CURLOPT_MAXLIFETIME_CONN, (long) CONNECTION_MAX_LIFE_S);
	SET(CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_HTTP09_ALLOWED, 0L);
	SET(CURLOPT_VERBOSE, 0L);
	SET(CURLOPT_NOPROGRESS, 1L);
	SET(CURLOPT_ERRORBUFFER, transfer->error);
	SET(CURLOPT_WRITEFUNCTION, write_callback);
	SET(CURLOPT_WRITEDATA, transfer);
	SET(CURLOPT_HEADERFUNCTION, header_callback);
	SET(CURLOPT_HEADERDATA, transfer);
	return CURLE_OK;
}

/* Add one header; a line break would start another one. */
static bool
add_header(SdTransfer *transfer, const char *header)
{
	struct curl_slist *longer;

	if (strpbrk(header, "\r\n") != NULL)
		return false;
	longer = curl_slist_append(transfer->headers, header);
	if (longer == NULL)
		return false;
	transfer->headers = longer;
	return true;
}

/* The message itself. */
static CURLcode
set_message(SdTransfer *transfer, const SdHttpRequest *request)
{
	CURL	   *easy = transfer->easy;
	ListCell   *cell;

	/* no "Expect: 100-continue": its extra round trip can stall */
	if (!add_header(transfer, "Expect:"))
		return CURLE_OUT_OF_MEMORY;
	foreach(cell, request->headers)
		if (!add_header(transfer, lfirst(cell)))
			return CURLE_BAD_FUNCTION_ARGUMENT;
	SET(CURLOPT_HTTPHEADER, transfer->headers);
	SET(CURLOPT_USERAGENT, "schemadrift/" SD_VERSION);
	if (request->body != NULL)
	{
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) request->body_length);
		SET(CURLOPT_POSTFIELDS, request->body);
	}
	else
		SET(CURLOPT_HTTPGET, 1L);
	SET(CURLOPT_CUSTOMREQUEST, request->method);
	return CURLE_OK;
}

CURLcode
sd_transfer_set_up(SdTransfer *transfer, const SdHttpRequest *request, const SdUrl *url)
{
	CURLcode	code = set_destination(transfer, request, url);

	if (code == CURLE_OK)
		code = set_limits(transfer);
	if (code == CURLE_OK)
		code = set_message(transfer, request);
	return code;
}
