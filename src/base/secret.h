/*
 * secret.h
 *	  Secrets: files of schemadrift.secrets_directory, named by SQL objects.
 *
 * Only workers read them.  A file counts only when it is a regular file (no
 * link), belongs to the server's user, has mode 0600 or 0400, holds at most
 * 64 kB, and the directory lies outside the data directory.
 */
#ifndef SD_SECRET_H
#define SD_SECRET_H

#include "postgres.h"

/* May this be the name of a secret: [A-Za-z0-9][A-Za-z0-9._-]{0,127} ? */
extern bool sd_secret_is_name(const char *name);

/*
 * Does this look like a secret rather than the name of one?  Known prefixes
 * of services' tokens, or a long run of letters and digits.
 */
extern bool sd_secret_is_token(const char *text);

/*
 * The secret's text without trailing line breaks, palloc'd; the caller wipes
 * it with explicit_bzero() when done.  Raises ERRCODE_SD_SECRET, whose detail
 * says what is wrong with the file and never what is in it.
 */
extern char *sd_secret_read(const char *name);

/* NULL when the secret would be readable now, else what is wrong. */
extern char *sd_secret_problem(const char *name);

#endif							/* SD_SECRET_H */
