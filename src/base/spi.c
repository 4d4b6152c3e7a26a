/*
 * spi.c
 *	  The one bracket around SPI; no other file calls it.
 *
 * SPI's result codes are checked here once.  SPI_finish() is reached only on
 * success: on an error the surrounding (sub)transaction's abort closes SPI.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/spi.h"

/* Rows handed to a read callback at a time. */
#define SD_READ_BATCH 1000

static void
spi_connect(void)
{
	int			code = SPI_connect();

	if (code != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI: %s", SPI_result_code_string(code));
}

static void
spi_finish(void)
{
	int			code = SPI_finish();

	if (code != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI: %s", SPI_result_code_string(code));
}

/* Copy SPI's tuple table as text into the current memory context. */
static SdRows *
copy_rows(SPITupleTable *table, uint64 nrows)
{
	SdRows	   *rows = palloc0(sizeof(SdRows));
	TupleDesc	desc;
	int			r;
	int			c;

	if (table == NULL)
		return rows;
	desc = table->tupdesc;
	rows->nrows = (int) nrows;
	rows->ncolumns = desc->natts;
	rows->names = palloc(sizeof(char *) * Max(desc->natts, 1));
	for (c = 0; c < desc->natts; c++)
		rows->names[c] = pstrdup(NameStr(TupleDescAttr(desc, c)->attname));
	rows->values = MemoryContextAllocHuge(CurrentMemoryContext,
										  sizeof(char **) * Max(nrows, 1));
	for (r = 0; r < rows->nrows; r++)
	{
		rows->values[r] = palloc(sizeof(char *) * Max(desc->natts, 1));
		for (c = 0; c < desc->natts; c++)
			rows->values[r][c] = SPI_getvalue(table->vals[r], desc, c + 1);
	}
	return rows;
}

/* Execute with text parameters; returns SPI's result code, which is >= 0. */
static int
execute(const char *sql, int nparams, const char *const *params)
{
	Oid		   *types = palloc(sizeof(Oid) * Max(nparams, 1));
	Datum	   *values = palloc0(sizeof(Datum) * Max(nparams, 1));
	char	   *nulls = palloc(Max(nparams, 1));
	int			code;
	int			i;

	for (i = 0; i < nparams; i++)
	{
		types[i] = TEXTOID;
		nulls[i] = params[i] ? ' ' : 'n';
		if (params[i])
			values[i] = CStringGetTextDatum(params[i]);
	}
	code = SPI_execute_with_args(sql, nparams, types, values, nulls, false, 0);
	if (code < 0)
		elog(ERROR, "could not execute \"%s\": %s", sql, SPI_result_code_string(code));
	return code;
}

SdRows *
sd_spi_query(const char *sql, int nparams, const char *const *params)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext inside;
	SdRows	   *rows;

	spi_connect();
	execute(sql, nparams, params);
	inside = MemoryContextSwitchTo(caller);
	rows = copy_rows(SPI_tuptable, SPI_processed);
	MemoryContextSwitchTo(inside);
	spi_finish();
	return rows;
}

uint64
sd_spi_command(const char *sql, int nparams, const char *const *params)
{
	uint64		processed;

	spi_connect();
	execute(sql, nparams, params);
	processed = SPI_processed;
	spi_finish();
	return processed;
}

void
sd_spi_read(const char *sql, SdRowsCallback callback, void *arg)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext batch;
	Portal		portal;
	SPIPlanPtr	plan;

	spi_connect();
	plan = SPI_prepare(sql, 0, NULL);
	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", sql, SPI_result_code_string(SPI_result));
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);
	batch = AllocSetContextCreate(caller, "schemadrift rows", ALLOCSET_DEFAULT_SIZES);
	for (;;)
	{
		MemoryContext inside;

		SPI_cursor_fetch(portal, true, SD_READ_BATCH);
		if (SPI_processed == 0)
			break;
		inside = MemoryContextSwitchTo(batch);
		callback(copy_rows(SPI_tuptable, SPI_processed), arg);
		MemoryContextSwitchTo(inside);
		SPI_freetuptable(SPI_tuptable);
		MemoryContextReset(batch);
	}
	SPI_cursor_close(portal);
	MemoryContextDelete(batch);
	spi_finish();
}
