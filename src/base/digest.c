/*
 * digest.c
 *	  SHA-256 by the server's own cryptohash interface.
 */
#include "postgres.h"

#include "common/cryptohash.h"
#include "common/sha2.h"

#include "base/digest.h"

struct SdDigest
{
	pg_cryptohash_ctx *context;
};

static void
check(int result)
{
	if (result < 0)
		elog(ERROR, "could not compute SHA-256 digest");
}

SdDigest *
sd_digest_begin(void)
{
	SdDigest   *digest = palloc(sizeof(SdDigest));

	digest->context = pg_cryptohash_create(PG_SHA256);
	if (digest->context == NULL)
		elog(ERROR, "could not create SHA-256 context");
	check(pg_cryptohash_init(digest->context));
	return digest;
}

void
sd_digest_add(SdDigest *digest, const void *data, size_t length)
{
	check(pg_cryptohash_update(digest->context, data, length));
}

void
sd_digest_finish(SdDigest *digest, uint8 *result)
{
	check(pg_cryptohash_final(digest->context, result, SD_DIGEST_LENGTH));
	sd_digest_free(digest);
}

void
sd_digest_result(SdDigest *digest, uint8 *result)
{
	check(pg_cryptohash_final(digest->context, result, SD_DIGEST_LENGTH));
	check(pg_cryptohash_init(digest->context));
}

void
sd_digest_free(SdDigest *digest)
{
	pg_cryptohash_free(digest->context);
	pfree(digest);
}

void
sd_digest_text(const char *text, uint8 *result)
{
	SdDigest   *digest = sd_digest_begin();

	sd_digest_add(digest, text, strlen(text));
	sd_digest_finish(digest, result);
}

char *
sd_digest_hex(const uint8 *digest)
{
	static const char digits[] = "0123456789abcdef";
	char	   *hex = palloc(SD_DIGEST_HEX_LENGTH + 1);
	int			i;

	for (i = 0; i < SD_DIGEST_LENGTH; i++)
	{
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	hex[SD_DIGEST_HEX_LENGTH] = '\0';
	return hex;
}

char *
sd_digest_text_hex(const char *text)
{
	uint8		result[SD_DIGEST_LENGTH];

	sd_digest_text(text, result);
	return sd_digest_hex(result);
}
