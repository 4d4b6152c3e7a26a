/*
 * digest.h
 *	  SHA-256, in one call or piece by piece.
 */
#ifndef SD_DIGEST_H
#define SD_DIGEST_H

#include "postgres.h"

#define SD_DIGEST_LENGTH 32
#define SD_DIGEST_HEX_LENGTH 64

typedef struct SdDigest SdDigest;

/* Piece by piece; finish frees.  Raises internal errors only. */
extern SdDigest *sd_digest_begin(void);
extern void sd_digest_add(SdDigest *digest, const void *data, size_t length);
extern void sd_digest_finish(SdDigest *digest, uint8 *result);

/* The result, and begin anew with the same memory; free in the end. */
extern void sd_digest_result(SdDigest *digest, uint8 *result);
extern void sd_digest_free(SdDigest *digest);

/* The SHA-256 of a string: 32 bytes into result, or 64 hex digits palloc'd. */
extern void sd_digest_text(const char *text, uint8 *result);
extern char *sd_digest_text_hex(const char *text);
extern char *sd_digest_hex(const uint8 *digest);

#endif							/* SD_DIGEST_H */
