/*
 * options.h
 *	  Lists of options as text, "a='x', \"b c\"='y'", and what SQL makes of them.
 */
#ifndef SD_OPTIONS_H
#define SD_OPTIONS_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "kind/kind.h"

/* Split at ", " outside quotes; NIL for NULL. */
extern List *sd_options_split(const char *options);

/* "a" of "a='x'" or "a = 'x'", and "'x'"; names keep their quotes. */
extern char *sd_option_name(const char *option);
extern char *sd_option_value(const char *option);

/* The option of that name in a list; NULL where there is none. */
extern const char *sd_option_find(List *options, const char *name);

/* " OPTIONS (a 'x', \"b c\" 'y')" for what is foreign; "" for NULL */
extern char *sd_options_foreign(const char *options);

/* "OPTIONS (ADD a 'x', SET b 'y', DROP c)"; NULL where nothing differs */
extern char *sd_options_foreign_change(const char *from, const char *to);

/* "CREATE keyword identity (property = value, …)" from a kind's own properties */
extern void sd_options_create(SdDdl *ddl, const SdObject *object, const SdProperty *properties);

#endif							/* SD_OPTIONS_H */
