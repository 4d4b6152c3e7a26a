/*
 * url.h
 *	  Which URLs and addresses may be talked to.
 *
 * A URL is read strictly: scheme, host, port, path and query in the plain
 * characters of RFC 3986, no user, no fragment, no spelling of an address but
 * the canonical one, so that no second parser can see another host in it.
 *
 * Hosts listed in an allow list ("host, host:port, [v6]:port") may be reached
 * without TLS and at private addresses; all others need https and a public
 * address.  Everything here is pure.
 */
#ifndef SD_URL_H
#define SD_URL_H

#include "postgres.h"

#include <sys/socket.h>

typedef struct SdUrl
{
	bool		tls;			/* https, else http */
	char	   *host;			/* lower case; an IPv6 address without brackets */
	int			port;			/* the scheme's own when none is written */
} SdUrl;

/* Take a URL apart; NULL, or what is wrong with it (never quoting it). */
extern char *sd_url_parse(const char *url, SdUrl *parsed);

/* Does the allow list hold this host, with any port or this one? */
extern bool sd_url_is_listed(const SdUrl *url, const char *allowed_hosts);

/* NULL when policy allows the URL, else why not (never quoting path or query). */
extern char *sd_url_problem(const char *url, const char *allowed_hosts);

/* Is this a public unicast address? */
extern bool sd_address_is_public(const struct sockaddr *address);

/* The same for an address as text; false for what is no address. */
extern bool sd_address_text_is_public(const char *text);

#endif							/* SD_URL_H */
