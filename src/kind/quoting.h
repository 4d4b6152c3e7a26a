/*
 * quoting.h
 *	  Words that only some majors quote as identifiers, made the same.
 */
#ifndef SD_QUOTING_H
#define SD_QUOTING_H

#include "postgres.h"

/*
 * The query for a server of that version, with quote_ident() of a column made
 * to quote what the newest supported server quotes; palloc'd or the same.
 */
extern char *sd_quoting_query(char *sql, int server_version);

/*
 * SQL text with these words unquoted, for comparing only; the same pointer
 * where it has none.
 */
extern const char *sd_quoting_normal(const char *sql);

/*
 * End of the literal or identifier that the quote at p begins; a quote inside
 * is doubled, or follows a backslash where those count.
 */
extern const char *sd_quoting_skip(const char *p, bool backslashes);

#endif							/* SD_QUOTING_H */
