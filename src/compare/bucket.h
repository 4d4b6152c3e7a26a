/*
 * bucket.h
 *	  The objects of a snapshot by a hash of their keys, each bucket with one
 *	  digest of all there is to know about its objects.
 *
 * Two databases that are alike find out by some kilobytes where they differ.
 */
#ifndef SD_BUCKET_H
#define SD_BUCKET_H

#include "postgres.h"

#include "base/digest.h"
#include "model/snapshot.h"

/* Some objects of a large schema in each; the digests of all take 256 kB. */
#define SD_BUCKETS 4096

typedef struct SdBuckets
{
	SdObject  **objects;		/* bucket after bucket, in canonical order */
	int			start[SD_BUCKETS + 1];	/* where each begins */
	char	   *digests;		/* in hex, SD_DIGEST_HEX_LENGTH of each */
} SdBuckets;

extern int	sd_bucket_of(const char *key);

/*
 * In the current memory context.  The digests cover what objects are compared
 * by and what only helps their DDL, not their secrets; if asked for, what they
 * need and their addresses.
 */
extern SdBuckets *sd_buckets(const SdSnapshot *snapshot, bool with_needs, bool with_addresses);

/*
 * The word that both sides must share for their digests to mean the same: the
 * version of the forms, and the encoding.
 */
extern const char *sd_buckets_form(void);

#endif							/* SD_BUCKET_H */
