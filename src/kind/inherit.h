/*
 * inherit.h
 *	  Parents and children of tables, by inheritance or as partitions.
 */
#ifndef SD_INHERIT_H
#define SD_INHERIT_H

#include "postgres.h"

#include "kind/kind.h"

/* The identity in the key of a table or foreign table; NULL for other keys. */
extern const char *sd_inherit_table(const char *key);

/* Names of a table's parents; NIL of what is no table. */
extern List *sd_inherit_parents(const SdObject *table);

/* The column of that name in another table; NULL where there is none. */
extern const SdObject *sd_inherit_column(const SdSnapshot *snapshot, const char *table,
										 const SdObject *column);

/* The same column of the table's parents. */
extern List *sd_inherit_parent_columns(const SdSnapshot *snapshot, const SdObject *column);

/*
 * Does a table that is the parent on both sides have the column on the first
 * one?  Then ADD and DROP of the parent's column reach this one.
 */
extern bool sd_inherit_from_kept(const SdSnapshot *side, const SdSnapshot *other,
								 const SdObject *column);

/* The same column of those tables that are children on both sides. */
extern List *sd_inherit_kept_children(const SdSnapshot *side, const SdSnapshot *other,
									  const SdObject *column);

/* Does a table keep a column that one of these parents of its (names) loses? */
extern bool sd_inherit_keeps_lost(const SdSnapshot *from, const SdSnapshot *to,
								  const SdObject *table, const char *parent);

/* Has a parent the column with the same value of that property? */
extern bool sd_inherit_repeats(const SdSnapshot *side, const SdObject *column, const char *property);

#endif							/* SD_INHERIT_H */
