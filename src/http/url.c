/*
 * url.c
 *	  Reads URLs strictly and decides which may be talked to.
 *
 * Two parsers that disagree about a URL's host are how requests end up where
 * they should not (user@host, backslashes, 0x7f.1, 2130706433).  Whatever a
 * lenient parser could read in another way is therefore no URL here.
 */
#include "postgres.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>

#include "lib/stringinfo.h"

#include "http/url.h"

#define SD_URL_MAX_LENGTH 2000
#define SD_HOST_MAX_LENGTH 253

static const char host_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
static const char path_chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
"-._~:/?[]@!$&'()*+,;=%";

/* Is the last label of a name numeric, as only addresses have it? */
static bool
looks_numeric(const char *host)
{
	const char *label = strrchr(host, '.');

	label = label ? label + 1 : host;
	return isdigit((unsigned char) label[0]);
}

/* NULL or what is wrong with a host, already in lower case. */
static char *
host_problem(const char *host, bool bracketed)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (bracketed)
		return inet_pton(AF_INET6, host, &v6) == 1 ? NULL :
			pstrdup("what its brackets hold is not an IPv6 address");
	if (host[0] == '\0')
		return pstrdup("it has no host");
	if (strlen(host) > SD_HOST_MAX_LENGTH)
		return pstrdup("its host is too long");
	if (strspn(host, host_chars) != strlen(host) || host[0] == '.' || host[0] == '-' ||
		host[strlen(host) - 1] == '.' || strstr(host, "..") != NULL)
		return pstrdup("its host is not a plain name or address");
	if (looks_numeric(host) && inet_pton(AF_INET, host, &v4) != 1)
		return pstrdup("its host looks like an address but is none in plain form");
	return NULL;
}

/* The port in text (digits up to the end), or -1. */
static int
read_port(const char *text)
{
	int			port;

	if (text[0] == '\0' || strlen(text) > 5 || strspn(text, "0123456789") != strlen(text))
		return -1;
	port = atoi(text);
	return port >= 1 && port <= 65535 ? port : -1;
}

/*
 * Take "host", "host:port" or "[v6]:port" apart; port stays as it is when none
 * is written.  Returns NULL or what is wrong.
 */
static char *
read_authority(const char *text, char **host, int *port)
{
	bool		bracketed = text[0] == '[';
	const char *start = bracketed ? text + 1 : text;
	size_t		length = strcspn(start, bracketed ? "]" : ":");
	const char *rest = start + length;
	char	   *p;

	*host = pnstrdup(start, length);
	for (p = *host; *p != '\0'; p++)
		*p = pg_ascii_tolower((unsigned char) *p);
	if (bracketed)
	{
		if (*rest != ']')
			return pstrdup("its host has an opening bracket only");
		rest++;
	}
	if (*rest == ':')
	{
		*port = read_port(rest + 1);
		if (*port < 0)
			return pstrdup("its port is not a number from 1 to 65535");
	}
	else if (*rest != '\0')
		return pstrdup("something follows its host's brackets");
	return host_problem(*host, bracketed);
}

char *
sd_url_parse(const char *url, SdUrl *parsed)
{
	const char *authority;
	size_t		length;

	if (strlen(url) > SD_URL_MAX_LENGTH)
		return psprintf("it is longer than %d bytes", SD_URL_MAX_LENGTH);
	if (pg_strncasecmp(url, "https://", 8) == 0)
		parsed->tls = true;
	else if (pg_strncasecmp(url, "http://", 7) == 0)
		parsed->tls = false;
	else
		return pstrdup("it does not start with https://");

	authority = url + (parsed->tls ? 8 : 7);
	parsed->port = parsed->tls ? 443 : 80;
	length = strcspn(authority, "/?#");
	if (memchr(authority, '@', length) != NULL)
		return pstrdup("it names a user");
	if (strspn(authority + length, path_chars) != strlen(authority + length))
		return pstrdup("it holds a fragment or characters that a URL may not hold as they are");
	return read_authority(pnstrdup(authority, length), &parsed->host, &parsed->port);
}

bool
sd_url_is_listed(const SdUrl *url, const char *allowed_hosts)
{
	char	   *list = pstrdup(allowed_hosts ? allowed_hosts : "");
	char	   *position = NULL;
	char	   *item;

	for (item = strtok_r(list, ", \t\r\n\"", &position); item != NULL;
		 item = strtok_r(NULL, ", \t\r\n\"", &position))
	{
		char	   *host;
		int			port = url->port;

		if (read_authority(item, &host, &port) == NULL &&
			strcmp(host, url->host) == 0 && port == url->port)
			return true;
	}
	return false;
}

char *
sd_url_problem(const char *url, const char *allowed_hosts)
{
	SdUrl		parsed;
	struct in_addr v4;
	struct in6_addr v6;
	char	   *problem = sd_url_parse(url, &parsed);

	if (problem != NULL)
		return problem;
	if (sd_url_is_listed(&parsed, allowed_hosts))
		return NULL;
	if (!parsed.tls)
		return psprintf("it is without TLS and host \"%s\" is not in schemadrift.allowed_hosts",
						parsed.host);
	if ((inet_pton(AF_INET, parsed.host, &v4) == 1 || inet_pton(AF_INET6, parsed.host, &v6) == 1) &&
		!sd_address_text_is_public(parsed.host))
		return psprintf("address %s is not a public one and is not in schemadrift.allowed_hosts",
						parsed.host);
	return NULL;
}
