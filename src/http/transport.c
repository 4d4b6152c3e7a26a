/*
 * transport.c
 *	  Performs requests through libcurl, in background workers only.
 *
 * What this rests on:
 *
 * - libcurl resolves names in threads.  A thread inherits the mask of blocked
 *	 signals, and a signal handler of the server must never run in it, so all
 *	 signals are blocked around each call that can start one.
 * - No interrupt is acted upon while libcurl or OpenSSL is on the stack; it is
 *	 looked at between slices of at most 100 ms.  A signal also ends the wait
 *	 of the running slice.  DROP DATABASE anywhere in the cluster waits for us
 *	 to look, hence the short slices.
 * - Without CURLOPT_QUICK_EXIT an abandoned lookup is waited for, however long
 *	 the resolver takes.
 * - Callbacks use memory of malloc() and report by return values; an error
 *	 raised there would jump over libcurl's frames.
 *
 * What it does not do: retry (the outbox does), follow redirects (a redirect
 * may carry headers and body to another host), decompress, use proxies,
 * cookies or .netrc, or log what it sends.
 */
#include "postgres.h"

#include <curl/curl.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "miscadmin.h"
#include "pgstat.h"
#include "portability/instr_time.h"
#include "utils/wait_event.h"

#include "base/settings.h"
#include "http/retry_after.h"
#include "http/transport.h"
#include "http/url.h"

#define SLICE_MS 100
#define CONNECT_TIMEOUT_MS 5000
#define GRACE_MS 1000			/* past the total, should libcurl not stop */
#define DEFAULT_MAX_RESPONSE (256 * 1024)
#define MAX_HEADER_BYTES (64 * 1024)
#define MAX_IDLE_CONNECTIONS 4
#define CONNECTION_MAX_IDLE_S 60
#define CONNECTION_MAX_LIFE_S 300

/* One request on its way; callbacks fill the lower part. */
typedef struct Transfer
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
} Transfer;

/* Lives as long as the process; holds the kept-alive connections. */
static CURLM *multi = NULL;
static bool initialized = false;

/* The settings that kept-alive connections were made under. */
static char *used_hosts = NULL;
static char *used_ca_file = NULL;

/* Before a call into libcurl: no interrupts, and no signals in its threads. */
static void
enter_curl(sigset_t *saved)
{
	sigset_t	all;

	sigfillset(&all);
	/* blocking these would only turn a fault into an unexplained kill */
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGILL);
	HOLD_INTERRUPTS();
	sigprocmask(SIG_SETMASK, &all, saved);
}

static void
leave_curl(const sigset_t *saved)
{
	sigprocmask(SIG_SETMASK, saved, NULL);
	RESUME_INTERRUPTS();
}

/* -- callbacks: no palloc, no ereport, no CHECK_FOR_INTERRUPTS ------------ */

/* Keep up to max_response bytes of the body; ask to stop when more come. */
static size_t
write_callback(char *data, size_t size, size_t nmemb, void *arg)
{
	Transfer   *transfer = arg;
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
keep_retry_after(Transfer *transfer, const char *value, size_t length)
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
	Transfer   *transfer = arg;
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
	Transfer   *transfer = arg;

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

/* -- setting up ----------------------------------------------------------- */

/* Initialize libcurl in this process, once; false when it cannot be. */
static bool
initialize(void)
{
	if (!initialized)
	{
		/* libcurl would write every session's keys into that file */
		unsetenv("SSLKEYLOGFILE");
		if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
			return false;
		initialized = true;
	}
	if (multi == NULL)
	{
		multi = curl_multi_init();
		if (multi == NULL)
			return false;
		curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long) MAX_IDLE_CONNECTIONS);
		curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long) CURLPIPE_NOTHING);
	}
	return true;
}

static bool
is_same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static void
close_connections(void)
{
	if (multi != NULL)
		curl_multi_cleanup(multi);
	multi = NULL;
}

/*
 * Drop kept-alive connections that were made under other settings, for no new
 * check is made when one is used again.
 */
static void
forget_outdated_connections(void)
{
	if (used_hosts != NULL && is_same(used_hosts, sd_allowed_hosts) &&
		is_same(used_ca_file, sd_ca_file))
		return;
	close_connections();
	free(used_hosts);
	free(used_ca_file);
	used_hosts = strdup(sd_allowed_hosts ? sd_allowed_hosts : "");
	used_ca_file = strdup(sd_ca_file ? sd_ca_file : "");
}

/* Where to, and what must hold on the way. */
static CURLcode
set_destination(Transfer *transfer, const SdHttpRequest *request, const SdUrl *url)
{
	CURL	   *easy = transfer->easy;
	CURLcode	code;

#define SET(option, value) \
	do { \
		code = curl_easy_setopt(easy, (option), (value)); \
		if (code != CURLE_OK) \
			return code; \
	} while (0)

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
set_limits(Transfer *transfer)
{
	CURL	   *easy = transfer->easy;
	CURLcode	code;

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
add_header(Transfer *transfer, const char *header)
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
set_message(Transfer *transfer, const SdHttpRequest *request)
{
	CURL	   *easy = transfer->easy;
	CURLcode	code;
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
#undef SET
}

/* Set the transfer up and hand it to the multi handle. */
static CURLcode
start_transfer(Transfer *transfer, const SdHttpRequest *request, const SdUrl *url)
{
	CURLcode	code;

	forget_outdated_connections();
	if (!initialize() || (transfer->easy = curl_easy_init()) == NULL)
		return CURLE_FAILED_INIT;
	if ((code = set_destination(transfer, request, url)) != CURLE_OK ||
		(code = set_limits(transfer)) != CURLE_OK ||
		(code = set_message(transfer, request)) != CURLE_OK)
		return code;
	if (curl_multi_add_handle(multi, transfer->easy) != CURLM_OK)
		return CURLE_FAILED_INIT;
	transfer->attached = true;
	return CURLE_OK;
}

/* Let go of everything; runs on errors too. */
static void
free_transfer(Transfer *transfer)
{
	sigset_t	saved;

	enter_curl(&saved);
	if (transfer->attached)
		curl_multi_remove_handle(multi, transfer->easy);
	if (transfer->easy != NULL)
		curl_easy_cleanup(transfer->easy);
	curl_slist_free_all(transfer->headers);
	free(transfer->body);
	leave_curl(&saved);
}

/* -- running -------------------------------------------------------------- */

/* Do what can be done now; true when the transfer has ended with *code. */
static bool
advance(CURLcode *code)
{
	sigset_t	saved;
	CURLMcode	mcode;
	CURLMsg    *message;
	int			running;
	int			left;
	bool		ended = false;

	enter_curl(&saved);
	mcode = curl_multi_perform(multi, &running);
	if (mcode != CURLM_OK)
	{
		*code = CURLE_FAILED_INIT;
		ended = true;
	}
	while ((message = curl_multi_info_read(multi, &left)) != NULL)
	{
		if (message->msg == CURLMSG_DONE)
		{
			*code = message->data.result;
			ended = true;
		}
	}
	leave_curl(&saved);
	return ended;
}

/*
 * Wait for the network, at most a slice.  Signals stay enabled: one ends the
 * wait early, its handler sets flags only, and no thread is started here.  The
 * latch is left as it is for the caller's own loop.
 */
static void
wait_slice(void)
{
	HOLD_INTERRUPTS();
	pgstat_report_wait_start(PG_WAIT_EXTENSION);
	(void) curl_multi_poll(multi, NULL, 0, SLICE_MS, NULL);
	pgstat_report_wait_end();
	RESUME_INTERRUPTS();
}

/* Drive the transfer to its end; raises only what an interrupt raises. */
static CURLcode
run_transfer(void)
{
	CURLcode	code = CURLE_OK;
	instr_time	start;

	INSTR_TIME_SET_CURRENT(start);
	while (!advance(&code))
	{
		instr_time	now;

		wait_slice();
		CHECK_FOR_INTERRUPTS();
		INSTR_TIME_SET_CURRENT(now);
		INSTR_TIME_SUBTRACT(now, start);
		if (INSTR_TIME_GET_MILLISEC(now) > (double) sd_http_timeout + GRACE_MS)
			return CURLE_OPERATION_TIMEDOUT;
	}
	return code;
}

/* -- reading the outcome -------------------------------------------------- */

/*
 * What went wrong, for people.  libcurl's own text is used only for failures
 * below HTTP, where it speaks of names, addresses and certificates; it may
 * quote the peer, so nothing but printable ASCII passes.
 */
static char *
describe_failure(const Transfer *transfer, CURLcode code, const SdUrl *url)
{
	bool		detailed = transfer->error[0] != '\0' &&
		(code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
		 code == CURLE_OPERATION_TIMEDOUT || code == CURLE_SSL_CONNECT_ERROR ||
		 code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
		 code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR);
	char	   *text;
	char	   *p;

	if (transfer->address_refused && code == CURLE_COULDNT_CONNECT)
		return psprintf("host \"%s\" has no public address and is not in schemadrift.allowed_hosts",
						url->host);
	text = psprintf("%.200s", detailed ? transfer->error : curl_easy_strerror(code));
	for (p = text; *p != '\0'; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = '?';
	return text;
}

/* Could the service have the whole request although it did not answer? */
static bool
may_have_arrived(const Transfer *transfer)
{
	long		request_bytes = 0;
	curl_off_t	body_bytes = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &request_bytes);
	curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_UPLOAD_T, &body_bytes);
	return request_bytes > 0 || body_bytes > 0;
}

/*
 * Once a final status has come, the answer counts, whatever cut its rest off:
 * the service has decided, and asking again would only do it twice.
 */
static void
read_outcome(SdHttpResponse *response, const Transfer *transfer, CURLcode code,
			 const SdUrl *url)
{
	long		status = 0;

	if (transfer->easy != NULL)
		curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status < 200)
	{
		response->error = describe_failure(transfer, code == CURLE_OK ? CURLE_GOT_NOTHING : code, url);
		response->may_have_arrived = transfer->easy != NULL && may_have_arrived(transfer);
		return;
	}
	response->status = (int) status;
	response->truncated = transfer->truncated || code != CURLE_OK;
	response->retry_after = sd_retry_after(transfer->retry_after, time(NULL));
	response->may_have_arrived = true;
	if (transfer->body_length > 0)
	{
		char	   *body = MemoryContextAllocHuge(CurrentMemoryContext, transfer->body_length);

		memcpy(body, transfer->body, transfer->body_length);
		response->body = body;
		response->body_length = transfer->body_length;
	}
}

SdHttpResponse *
sd_http_perform(const SdHttpRequest *request)
{
	SdHttpResponse *response = palloc0(sizeof(SdHttpResponse));
	Transfer   *transfer = palloc0(sizeof(Transfer));
	SdUrl		url;
	char	   *problem = sd_url_problem(request->url, sd_allowed_hosts);

	response->retry_after = -1;
	response->body = "";
	if (problem != NULL)
	{
		response->error = psprintf("the URL is refused: %s", problem);
		response->refused = true;
		return response;
	}
	sd_url_parse(request->url, &url);
	transfer->private_allowed = sd_url_is_listed(&url, sd_allowed_hosts);
	transfer->max_response = request->max_response > 0 ? request->max_response : DEFAULT_MAX_RESPONSE;

	PG_TRY();
	{
		sigset_t	saved;
		CURLcode	code;

		enter_curl(&saved);
		code = start_transfer(transfer, request, &url);
		leave_curl(&saved);
		if (code == CURLE_OK)
			code = run_transfer();
		read_outcome(response, transfer, code, &url);
	}
	PG_FINALLY();
	{
		free_transfer(transfer);
	}
	PG_END_TRY();
	return response;
}

void
sd_http_shutdown(void)
{
	sigset_t	saved;

	enter_curl(&saved);
	close_connections();
	if (initialized)
	{
		curl_global_cleanup();
		initialized = false;
	}
	leave_curl(&saved);
}
