/*
 * transport.h
 *	  Performs requests through libcurl; the only user of it.
 *
 * For background workers only: never call from an ordinary backend.
 */
#ifndef SD_TRANSPORT_H
#define SD_TRANSPORT_H

#include "postgres.h"

#include "http/request.h"

/*
 * Perform one request and wait for its end in slices of at most 200 ms, each
 * followed by CHECK_FOR_INTERRUPTS().  No transaction may be open.  Network
 * failures and refused addresses come back in response->error (status 0);
 * raises only what an interrupt raises.  Everything in the response is
 * palloc'd in the current memory context.
 */
extern SdHttpResponse *sd_http_perform(const SdHttpRequest *request);

/* Close kept-alive connections and free libcurl; safe to call twice. */
extern void sd_http_shutdown(void);

#endif							/* SD_TRANSPORT_H */
