/*
 * address.c
 *	  Tells public addresses from those inside.
 *
 * The list is of what is *not* public for IPv4 (IANA's special-purpose
 * registry) and of what *is* for IPv6 (2000::/3 without its special parts),
 * so that an IPv4 address in IPv6 clothes is never taken for a public one,
 * but for NAT64, where the IPv4 address inside decides.
 */
#include "postgres.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "http/url.h"

typedef struct AddressRange
{
	uint32		prefix;
	int			bits;
} AddressRange;

static const AddressRange inner_v4[] = {
	{0x00000000, 8},			/* this network */
	{0x0a000000, 8},			/* private */
	{0x64400000, 10},			/* carrier-grade NAT */
	{0x7f000000, 8},			/* loopback */
	{0xa9fe0000, 16},			/* link-local, cloud metadata */
	{0xac100000, 12},			/* private */
	{0xc0000000, 24},			/* protocol assignments */
	{0xc0000200, 24},			/* documentation */
	{0xc0586300, 24},			/* 6to4 relays */
	{0xc0a80000, 16},			/* private */
	{0xc6120000, 15},			/* benchmarks */
	{0xc6336400, 24},			/* documentation */
	{0xcb007100, 24},			/* documentation */
	{0xe0000000, 4},			/* multicast */
	{0xf0000000, 4},			/* reserved, broadcast */
};

/* First 32 bits, inside 2000::/3, that are no public unicast. */
static const AddressRange inner_v6[] = {
	{0x20010000, 23},			/* protocol assignments, Teredo */
	{0x20010db8, 32},			/* documentation */
	{0x20020000, 16},			/* 6to4 */
	{0x3fff0000, 20},			/* documentation */
};

static bool
is_within(uint32 address, const AddressRange *ranges, int nranges)
{
	int			i;

	for (i = 0; i < nranges; i++)
		if ((address ^ ranges[i].prefix) >> (32 - ranges[i].bits) == 0)
			return true;
	return false;
}

static uint32
read_uint32(const uint8 *bytes)
{
	return ((uint32) bytes[0] << 24) | ((uint32) bytes[1] << 16) |
		((uint32) bytes[2] << 8) | (uint32) bytes[3];
}

static bool
is_public_v4(uint32 address)
{
	return !is_within(address, inner_v4, lengthof(inner_v4));
}

static bool
is_public_v6(const uint8 *bytes)
{
	static const uint8 nat64[12] = {0x00, 0x64, 0xff, 0x9b};
	uint32		first = read_uint32(bytes);

	if (memcmp(bytes, nat64, sizeof(nat64)) == 0)
		return is_public_v4(read_uint32(bytes + 12));
	return (first >> 29) == 1 && !is_within(first, inner_v6, lengthof(inner_v6));
}

/* Called from a callback of libcurl: no palloc, no ereport. */
bool
sd_address_is_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return is_public_v4(ntohl(((const struct sockaddr_in *) address)->sin_addr.s_addr));
	if (address->sa_family == AF_INET6)
		return is_public_v6(((const struct sockaddr_in6 *) address)->sin6_addr.s6_addr);
	return false;
}

bool
sd_address_text_is_public(const char *text)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, text, &v4) == 1)
		return is_public_v4(ntohl(v4.s_addr));
	if (inet_pton(AF_INET6, text, &v6) == 1)
		return is_public_v6(v6.s6_addr);
	return false;
}
