/*
 * digest.c
 *	  SHA-256 by OpenSSL where the server has it, else by the server's own
 *	  cryptohash interface.
 *
 * That interface goes to OpenSSL too, but has it look up the algorithm by its
 * name for each digest, under locks, which for objects of a few hundred bytes
 * costs more than the digest.
 */
#include "postgres.h"

#ifdef SD_OPENSSL
#include <openssl/evp.h>
#else
#include "common/cryptohash.h"
#include "common/sha2.h"
#endif
#include "utils/memutils.h"

#include "base/digest.h"

static void
check(bool done)
{
	if (!done)
		elog(ERROR, "could not compute SHA-256 digest");
}

#ifdef SD_OPENSSL

/* In a memory context of its own, which frees what OpenSSL has of it. */
struct SdDigest
{
	MemoryContext own;
	EVP_MD_CTX *context;
	MemoryContextCallback release;
};

/* Found once in a process; NULL until then. */
static const EVP_MD *algorithm = NULL;

static const EVP_MD *
fetch(void)
{
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
	return EVP_MD_fetch(NULL, "SHA256", NULL);
#else
	return EVP_sha256();
#endif
}

static void
release(void *arg)
{
	EVP_MD_CTX_free(((SdDigest *) arg)->context);
}

SdDigest *
sd_digest_begin(void)
{
	MemoryContext own = AllocSetContextCreate(CurrentMemoryContext, "schemadrift digest", ALLOCSET_SMALL_SIZES);
	SdDigest   *digest = MemoryContextAllocZero(own, sizeof(SdDigest));

	if (algorithm == NULL)
		algorithm = fetch();
	digest->own = own;
	digest->release.func = release;
	digest->release.arg = digest;
	MemoryContextRegisterResetCallback(own, &digest->release);
	digest->context = EVP_MD_CTX_new();
	check(algorithm && digest->context && EVP_DigestInit_ex(digest->context, algorithm, NULL) == 1);
	return digest;
}

void
sd_digest_add(SdDigest *digest, const void *data, size_t length)
{
	check(EVP_DigestUpdate(digest->context, data, length) == 1);
}

void
sd_digest_result(SdDigest *digest, uint8 *result)
{
	check(EVP_DigestFinal_ex(digest->context, result, NULL) == 1 &&
		  EVP_DigestInit_ex(digest->context, algorithm, NULL) == 1);
}

void
sd_digest_free(SdDigest *digest)
{
	MemoryContextDelete(digest->own);
}

#else

struct SdDigest
{
	pg_cryptohash_ctx *context;
};

SdDigest *
sd_digest_begin(void)
{
	SdDigest   *digest = palloc(sizeof(SdDigest));

	digest->context = pg_cryptohash_create(PG_SHA256);
	check(digest->context && pg_cryptohash_init(digest->context) == 0);
	return digest;
}

void
sd_digest_add(SdDigest *digest, const void *data, size_t length)
{
	check(pg_cryptohash_update(digest->context, data, length) == 0);
}

void
sd_digest_result(SdDigest *digest, uint8 *result)
{
	check(pg_cryptohash_final(digest->context, result, SD_DIGEST_LENGTH) == 0 &&
		  pg_cryptohash_init(digest->context) == 0);
}

void
sd_digest_free(SdDigest *digest)
{
	pg_cryptohash_free(digest->context);
	pfree(digest);
}

#endif

void
sd_digest_finish(SdDigest *digest, uint8 *result)
{
	sd_digest_result(digest, result);
	sd_digest_free(digest);
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
