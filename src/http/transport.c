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
 * It does not retry; the outbox does.  What a single transfer may and may not
 * do is said in transfer.c.
 */
#include "postgres.h"

#include <curl/curl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "miscadmin.h"
#include "pgstat.h"
#include "portability/instr_time.h"
#include "utils/wait_event.h"

#include "base/settings.h"
#include "http/retry_after.h"
#include "http/transfer.h"
#include "http/transport.h"
#include "http/url.h"

#define SLICE_MS 100
#define GRACE_MS 1000			/* past the total, should libcurl not stop */
#define DEFAULT_MAX_RESPONSE (256 * 1024)
#define MAX_IDLE_CONNECTIONS 4

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

/* Set the transfer up and hand it to the multi handle. */
static CURLcode
start_transfer(SdTransfer *transfer, const SdHttpRequest *request, const SdUrl *url)
{
	CURLcode	code;

	forget_outdated_connections();
	if (!initialize() || (transfer->easy = curl_easy_init()) == NULL)
		return CURLE_FAILED_INIT;
	code = sd_transfer_set_up(transfer, request, url);
	if (code != CURLE_OK)
		return code;
	if (curl_multi_add_handle(multi, transfer->easy) != CURLM_OK)
		return CURLE_FAILED_INIT;
	transfer->attached = true;
	return CURLE_OK;
}

/* Let go of everything; runs on errors too. */
static void
free_transfer(SdTransfer *transfer)
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
describe_failure(const SdTransfer *transfer, CURLcode code, const SdUrl *url)
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
	if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY)
		return pstrdup("the answer is not HTTP");
	text = psprintf("%.200s", detailed ? transfer->error : curl_easy_strerror(code));
	for (p = text; *p != '\0'; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = '?';
	return text;
}

/* Could the service have the whole request although it did not answer? */
static bool
may_have_arrived(const SdTransfer *transfer)
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
read_outcome(SdHttpResponse *response, const SdTransfer *transfer, CURLcode code,
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
	SdTransfer *transfer = palloc0(sizeof(SdTransfer));
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
