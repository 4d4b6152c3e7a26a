/*
 * rows.h
 *	  The result of a query as text: what SPI, libpq and tests all give.
 *
 * Values are NUL-terminated strings in the server's encoding; a NULL pointer
 * is SQL NULL.  Columns are found by name, so that a query may gain one.
 */
#ifndef SD_ROWS_H
#define SD_ROWS_H

#include "postgres.h"

typedef struct SdRows
{
	int			nrows;
	int			ncolumns;
	char	  **names;			/* [ncolumns] */
	char	 ***values;			/* [nrows][ncolumns] */
} SdRows;

/* Number of the named column; raises an internal error when there is none. */
extern int	sd_rows_column(const SdRows *rows, const char *name);

/* The value of the named column in one row, NULL for SQL NULL. */
extern char *sd_rows_value(const SdRows *rows, int row, const char *name);

/* The same as a number or truth value; SQL NULL gives 0 and false. */
extern int64 sd_rows_int(const SdRows *rows, int row, const char *name);
extern bool sd_rows_bool(const SdRows *rows, int row, const char *name);

#endif							/* SD_ROWS_H */
