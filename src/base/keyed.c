/*
 * keyed.c
 *	  Digests of secrets under a key of this cluster.
 *
 * The key comes from the nonce that initdb made for mock authentication.  It
 * serves the same end there, to derive what nobody must be able to foretell;
 * no SQL function shows it, and a dump does not hold it.  A physical copy of the cluster
 * has the same one, and so the same digests; after pg_upgrade it is another,
 * and digests of before are not compared any more.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "catalog/pg_control.h"
#include "common/hmac.h"
#include "common/sha2.h"

#include "base/digest.h"
#include "base/keyed.h"

/* Bytes of the key's own digest and of the secret's that are kept. */
#define SD_KEY_ID_LENGTH 4
#define SD_KEYED_LENGTH 16

static void
hmac(const uint8 *key, size_t key_length, const char *scope, const char *text, uint8 *result)
{
	pg_hmac_ctx *context = pg_hmac_create(PG_SHA256);

	if (context == NULL ||
		pg_hmac_init(context, key, key_length) < 0 ||
		/* with its zero byte, so that scope and text cannot run together */
		pg_hmac_update(context, (const uint8 *) scope, strlen(scope) + 1) < 0 ||
		pg_hmac_update(context, (const uint8 *) text, strlen(text)) < 0 ||
		pg_hmac_final(context, result, SD_DIGEST_LENGTH) < 0)
		elog(ERROR, "could not compute a keyed digest");
	pg_hmac_free(context);
}

static void
append_hex(char **end, const uint8 *bytes, int length)
{
	int			i;

	for (i = 0; i < length; i++)
		*end += sprintf(*end, "%02x", bytes[i]);
}

char *
sd_keyed_digest(const char *address, const char *name, const char *secret)
{
	uint8		key[SD_DIGEST_LENGTH];
	uint8		id[SD_DIGEST_LENGTH];
	uint8		by_address[SD_DIGEST_LENGTH];
	uint8		by_name[SD_DIGEST_LENGTH];
	char	   *text = palloc(2 * (SD_KEY_ID_LENGTH + 2 * SD_KEYED_LENGTH) + 3);
	char	   *end = text;

	hmac((const uint8 *) GetMockAuthenticationNonce(), MOCK_AUTH_NONCE_LEN,
		 "schemadrift", "secrets of schema objects", key);
	hmac(key, sizeof(key), "key", "", id);
	hmac(key, sizeof(key), address, secret, by_address);
	hmac(key, sizeof(key), name, secret, by_name);
	append_hex(&end, id, SD_KEY_ID_LENGTH);
	*end++ = ':';
	append_hex(&end, by_address, SD_KEYED_LENGTH);
	*end++ = ':';
	append_hex(&end, by_name, SD_KEYED_LENGTH);
	explicit_bzero(key, sizeof(key));
	return text;
}

bool
sd_keyed_comparable(const char *a, const char *b)
{
	return strncmp(a, b, 2 * SD_KEY_ID_LENGTH + 1) == 0;
}

/* Do both have the same in the first or second place after the key? */
static bool
same_part(const char *a, const char *b, int place)
{
	size_t		start = 2 * SD_KEY_ID_LENGTH + 1 + place * (2 * SD_KEYED_LENGTH + 1);

	return strlen(a) > start && strlen(b) > start && strncmp(a + start, b + start, 2 * SD_KEYED_LENGTH) == 0;
}

bool
sd_keyed_same(const char *a, const char *b)
{
	return same_part(a, b, 0) || same_part(a, b, 1);
}
