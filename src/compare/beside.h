/*
 * beside.h
 *	  A snapshot of another database that has the extension too, beside one at
 *	  hand.
 *
 * Its server collects the snapshot, which takes a third of what the queries do,
 * and tells the digests of its buckets; objects of equal ones are taken from
 * the snapshot at hand, the others come in their stored form.
 */
#ifndef SD_BESIDE_H
#define SD_BESIDE_H

#include "postgres.h"

#include "model/snapshot.h"
#include "source/source.h"

/*
 * Add all objects, if asked for with what they depend on, which the snapshot at
 * hand has then too.  False, with nothing added, where the
 * other database does not answer in the same form: the extension is missing, of
 * another version, or not for this user.
 */
extern bool sd_beside_read(SdSource *source, SdSnapshot *snapshot, const SdSnapshot *beside,
						   bool with_needs);

#endif							/* SD_BESIDE_H */
