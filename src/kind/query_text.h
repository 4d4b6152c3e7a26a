/*
 * query_text.h
 *	  The canonical text of a query that the server printed: the same on every
 *	  major version.  For comparing only; statements keep the server's text.
 */
#ifndef SD_QUERY_TEXT_H
#define SD_QUERY_TEXT_H

#include "postgres.h"

struct SdObject;

/* What pg_get_viewdef() gives, made the same on all versions; palloc'd. */
extern char *sd_query_text(const char *query);

/* What pg_get_ruledef() and pg_get_function_sqlbody() give, likewise. */
extern char *sd_query_statements(const char *statements);

/* The same as the normal forms of properties; see SdProperty. */
extern const char *sd_query_text_normal(const struct SdObject *object, int property);
extern const char *sd_query_statements_normal(const struct SdObject *object, int property);

#endif							/* SD_QUERY_TEXT_H */
