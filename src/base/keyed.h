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
 * "key:digest" in hex, palloc'd.  Scope (what the secret is of) keeps equal
 * secrets in two places from having equal digests.
 */
extern char *sd_keyed_digest(const char *scope, const char *secret);

/* Were both made under one key? */
extern bool sd_keyed_comparable(const char *a, const char *b);

#endif							/* SD_KEYED_H */
