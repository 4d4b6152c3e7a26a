/*
 * redact.h
 *	  Takes secrets out of a statement's text before it is stored.  Pure.
 *
 * Never claims to be complete: commands that exist to carry a secret are not
 * kept as text at all (capture/withhold.h); this is for the others.
 */
#ifndef SD_REDACT_H
#define SD_REDACT_H

#include "postgres.h"

/* What stands where a secret was. */
#define SD_REDACTED "***"

/* Longest text that is kept, in bytes. */
#define SD_STATEMENT_MAX 65536

/*
 * The statement with these replaced by ***, palloc'd:
 * - a string that follows a word such as password, secret or token, with
 *   nothing but = , := , => or TO between;
 * - in every string, comment and body: the same, the value of password=… as
 *   connection strings have it, and the password of scheme://user:password@host.
 * backslashes says that they escape in plain strings, as they do while
 * standard_conforming_strings is off.  A text longer than SD_STATEMENT_MAX is cut at a character, and says so.
 */
extern char *sd_redact(const char *statement, bool backslashes);

/* Does the name of an option or parameter say that its value is a secret? */
extern bool sd_redact_is_secret_name(const char *name, int length);

#endif							/* SD_REDACT_H */
