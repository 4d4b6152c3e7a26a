/*
 * names.h
 *	  Lists of quoted names as text: "a, \"b, c\", public.d".
 */
#ifndef SD_NAMES_H
#define SD_NAMES_H

#include "postgres.h"

#include "nodes/pg_list.h"

/* Split at ", " outside double quotes; NIL for NULL. */
extern List *sd_split_names(const char *names);
extern bool sd_names_contain(List *names, const char *name);

/* The schema of "schema.name". */
extern char *sd_schema_of(const char *qualified);

#endif							/* SD_NAMES_H */
