/*
 * keyed.h
 *	  A digest of a secret that tells whether the secret changed and nothing
 *	  else.
 *
 * It is an HMAC under a key that only this cluster has, so that whoever reads
 * it (a baseline, an export, an alert) cannot try guesses on it.  Digests of
 * two clusters cannot be compared and say so.
 */
#ifndef SD_KEYED_H
#define SD_KEYED_H

#include "postgres.h"

/*
 * "key:digest:digest" in hex, palloc'd: one bound to the address of what the
 * secret is of, which stays when that is renamed, and one to its name, which
 * stays when it is made anew.  So equal secrets in two places have no equal
 * digests.
 */
extern char *sd_keyed_digest(const char *address, const char *name, const char *secret);

/* Of two that are comparable: are they of one secret in one place? */
extern bool sd_keyed_same(const char *a, const char *b);

/* Were both made under one key? */
extern bool sd_keyed_comparable(const char *a, const char *b);

#endif							/* SD_KEYED_H */
