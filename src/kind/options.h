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

/*
 * Options of what is foreign are anybody's invention, passwords among them.  A
 * secret never leaves the server as it is: SD_MASK stands for it, in the form,
 * in alerts and in plans, which say so.  What a name or a connection string in
 * a value gives away as a secret is one; doc/kinds.md has the words.
 */
#define SD_MASK "(secret)"

#define SD_SECRET_WORDS \
	"password|passwd|pwd|passphrase|secret|token|api_?key|private_?key|access_?key|credential|authorization"

/* the parts of a value that are secrets in connection strings and URLs, masked */
#define SD_MASKED(value) \
	"pg_catalog.regexp_replace(pg_catalog.regexp_replace(" value "," \
	" '((?:" SD_SECRET_WORDS ")\\s*=\\s*)(?:''(?:[^''\\\\]|\\\\.)*''|(?:\\\\.|\\S)+)'," \
	" '\\1" SD_MASK "', 'gi')," \
	" '(\\w://[^:/@?#\\s]*:)[^@/\\s]*@', '\\1" SD_MASK "@', 'g')"

/* over "unnest(text[]) o": one option as "name='value'", masked where it is a secret */
#define SD_FOREIGN_NAME "pg_catalog.split_part(o, '=', 1)"
#define SD_FOREIGN_VALUE "pg_catalog.substr(o, pg_catalog.strpos(o, '=') + 1)"
#define SD_FOREIGN_IS_SECRET \
	SD_FOREIGN_NAME " ~* '(" SD_SECRET_WORDS ")'" \
	" AND " SD_FOREIGN_NAME " !~* '_(required|file|path|id)$'"
#define SD_FOREIGN_MASKED(is_secret) \
	"CASE WHEN " is_secret " THEN '" SD_MASK "' ELSE " SD_MASKED(SD_FOREIGN_VALUE) " END"

/* text[] of foreign options as sd_options_foreign() takes them, NULL when empty */
#define SD_FOREIGN_OPTIONS(array) SD_FOREIGN_OPTIONS_BY(array, SD_FOREIGN_IS_SECRET)
#define SD_FOREIGN_OPTIONS_BY(array, is_secret) \
	"CASE WHEN " array " IS NOT NULL THEN (SELECT pg_catalog.string_agg(" \
	"pg_catalog.quote_ident(" SD_FOREIGN_NAME ") || '='" \
	" || pg_catalog.quote_literal(" SD_FOREIGN_MASKED(is_secret) "), ', '" \
	" ORDER BY " SD_FOREIGN_NAME " COLLATE pg_catalog.\"C\")" \
	" FROM pg_catalog.unnest(" array ") o) END"

/*
 * Those of them that are masked, as they are, for a property that is
 * SD_P_SECRET; the mask itself among them, or what ran a plan as it was
 * written would look like the secret.
 */
#define SD_FOREIGN_SECRETS(array) SD_FOREIGN_SECRETS_BY(array, SD_FOREIGN_IS_SECRET)
#define SD_FOREIGN_SECRETS_BY(array, is_secret) \
	"CASE WHEN " array " IS NOT NULL THEN (SELECT pg_catalog.string_agg(o, E'\\n'" \
	" ORDER BY o COLLATE pg_catalog.\"C\") FROM pg_catalog.unnest(" array ") o" \
	" WHERE pg_catalog.strpos(" SD_FOREIGN_MASKED(is_secret) ", '" SD_MASK "') > 0) END"

/* The two properties of whatever has foreign options. */
#define SD_FOREIGN_PROPERTIES(array) \
	{.name = "options", \
		.expr = SD_FOREIGN_OPTIONS(array), \
		.class = SD_CLASS_RISKY, \
		.flags = SD_P_OWN}, \
	{.name = "secret", \
		.expr = SD_FOREIGN_SECRETS(array), \
		.class = SD_CLASS_SECURITY, \
		.flags = SD_P_SECRET}

/*
 * " OPTIONS (a 'x', \"b c\" 'y')" of an object's property; "" where it has none.
 * What is masked or was not read is said to be missing, to a ddl that is given.
 */
extern char *sd_options_foreign(SdDdl *ddl, const SdObject *object, const char *property);

/* "prefix OPTIONS (ADD a 'x', SET b 'y', DROP c)" for options that changed. */
extern void sd_options_foreign_alter(SdDdl *ddl, const SdChange *change, const char *property,
									 const char *prefix);

/* "CREATE keyword identity (property = value, …)" from a kind's own properties */
extern void sd_options_create(SdDdl *ddl, const SdObject *object, const SdProperty *properties);

#endif							/* SD_OPTIONS_H */
