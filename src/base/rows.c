/*
 * rows.c
 *	  Access to text results by column name.
 */
#include "postgres.h"

#include "base/rows.h"

int
sd_rows_column(const SdRows *rows, const char *name)
{
	int			i;

	for (i = 0; i < rows->ncolumns; i++)
		if (strcmp(rows->names[i], name) == 0)
			return i;
	elog(ERROR, "no column \"%s\" in the result", name);
}

char *
sd_rows_value(const SdRows *rows, int row, const char *name)
{
	Assert(row >= 0 && row < rows->nrows);
	return rows->values[row][sd_rows_column(rows, name)];
}

int64
sd_rows_int(const SdRows *rows, int row, const char *name)
{
	char	   *value = sd_rows_value(rows, row, name);

	return value ? strtoll(value, NULL, 10) : 0;
}

bool
sd_rows_bool(const SdRows *rows, int row, const char *name)
{
	char	   *value = sd_rows_value(rows, row, name);

	return value != NULL && value[0] == 't';
}
