/*
 * history_rows.h
 *	  Rows of a table that belongs to somebody else, read without running
 *	  anything of his.
 */
#ifndef SD_HISTORY_ROWS_H
#define SD_HISTORY_ROWS_H

#include "postgres.h"

#include "nodes/pg_list.h"

typedef struct SdHistoryRow
{
	TransactionId xmin;			/* that wrote it as it is now */
	char	  **values;			/* as text, NULL where null or no such column */
} SdHistoryRow;

/*
 * SdHistoryRow * of the table's newest committed state; at most SD_MOST_HISTORY
 * rows are looked at.  Only an ordinary heap table is read, and of it only
 * columns of these types (InvalidOid = any of the server's own); NIL when it is none of that, is locked
 * against readers or is gone.
 */
#define SD_MOST_HISTORY 20000
extern List *sd_history_rows(Oid relid, const char *const *columns, const Oid *types, int ncolumns);

#endif							/* SD_HISTORY_ROWS_H */
