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

/* Do two lists of column names agree in the order of what both have? */
extern bool sd_column_order_equal(const char *from, const char *to);

#endif							/* SD_COLUMN_H */
