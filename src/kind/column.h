/*
 * column.h
 *	  What CREATE TABLE needs of its columns.
 */
#ifndef SD_COLUMN_H
#define SD_COLUMN_H

#include "postgres.h"

#include "kind/kind.h"

/* The columns of a table in their order. */
extern List *sd_column_list(const SdSnapshot *snapshot, const SdObject *table);

/*
 * What CREATE TABLE says of the column; NULL where the table has it by
 * inheritance or from its type, and nothing is to be added to that.
 */
extern char *sd_column_inline(const SdDdl *ddl, const SdObject *column, const SdObject *table);

/* The same beside the columns that the table has from its parents. */
extern char *sd_column_inline_beside(const SdDdl *ddl, const SdObject *column, const SdObject *table);

/* Do two lists of column names agree in the order of what both have? */
extern bool sd_column_order_equal(const char *from, const char *to);

/* Has an array of the type, or it with whatever modifier, that identity? */
extern bool sd_column_type_is(const char *type, const char *identity);

/*
 * While a table changes its parents, what it has from them on both sides must
 * not become its own.
 */
extern void sd_column_hold_inherited(SdDdl *ddl, const SdObject *table);

/*
 * Was the column its table's own, and has it only from a parent now?  Then
 * another one takes its place, into which its data are carried over.
 */
extern bool sd_column_is_given_up(const SdSnapshot *from, const SdSnapshot *to, const SdObject *column);

#endif							/* SD_COLUMN_H */
