/*
 * spi.c
 *	  The one bracket around SPI; no other file calls it.
 *
 * SPI's result codes are checked here once.  SPI_finish() is reached only on
 * success: on an error the surrounding (sub)transaction's abort closes SPI.
 *
 * Kept plans are generic ones, which the server makes anew when what they read
 * was altered or analyzed.  A catalog may have grown long before that happens,
 * so a plan goes as soon as it gives many more rows than when it was made.
 * Texts that are written for one occasion must not push out the others: when
 * there are too many, the later ones are planned each time.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/hash.h"
#include "base/spi.h"

/* Rows handed to a read callback at a time. */
#define SD_READ_BATCH 1000

/* Plans kept at most. */
#define SD_KEPT_PLANS 256
/* A plan that gave few rows is kept up to that many. */
#define SD_FEW_ROWS 1000

typedef struct KeptPlan
{
	const char *sql;			/* hash key, must be first */
	SPIPlanPtr	plan;			/* NULL = is made at its next use */
	uint64		rows;			/* it gave when it was new */
} KeptPlan;

static HTAB *kept_plans = NULL; /* NULL: none is kept */

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

void
sd_spi_keep_plans(void)
{
	if (kept_plans == NULL)
		kept_plans = sd_text_hash_create("schemadrift plans", sizeof(KeptPlan), TopMemoryContext);
}

static SPIPlanPtr
prepare(const char *sql, int nparams, Oid *types)
{
	SPIPlanPtr	plan = SPI_prepare_cursor(sql, nparams, types, kept_plans ? CURSOR_OPT_GENERIC_PLAN : 0);

	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", sql, SPI_result_code_string(SPI_result));
	return plan;
}

/* The entry of this statement with a plan in it; NULL when none is kept. */
static KeptPlan *
kept_plan(const char *sql, int nparams, Oid *types)
{
	KeptPlan   *kept;

	if (kept_plans == NULL)
		return NULL;
	kept = hash_search(kept_plans, &sql, HASH_FIND, NULL);
	if (kept == NULL)
	{
		char	   *key;

		if (hash_get_num_entries(kept_plans) >= SD_KEPT_PLANS)
			return NULL;
		key = MemoryContextStrdup(TopMemoryContext, sql);
		kept = hash_search(kept_plans, &key, HASH_ENTER, NULL);
		kept->plan = NULL;
	}
	if (kept->plan == NULL)
	{
		SPIPlanPtr	plan = prepare(sql, nparams, types);

		SPI_keepplan(plan);
		kept->plan = plan;
		kept->rows = 0;
	}
	return kept;
}

/* The plan of an entry gave that many rows; is it still the right one? */
static void
note_rows(KeptPlan *kept, uint64 rows)
{
	if (kept->rows == 0)
		kept->rows = Max(rows, SD_FEW_ROWS);
	else if (rows > kept->rows * 4)
	{
		SPI_freeplan(kept->plan);
		kept->plan = NULL;
	}
}

/* Execute with text parameters; returns SPI's result code, which is >= 0. */
static int
execute(const char *sql, int nparams, const char *const *params)
{
	Oid		   *types = palloc(sizeof(Oid) * Max(nparams, 1));
	Datum	   *values = palloc0(sizeof(Datum) * Max(nparams, 1));
	char	   *nulls = palloc(Max(nparams, 1));
	KeptPlan   *kept;
	int			code;
	int			i;

	for (i = 0; i < nparams; i++)
	{
		types[i] = TEXTOID;
		nulls[i] = params[i] ? ' ' : 'n';
		if (params[i])
			values[i] = CStringGetTextDatum(params[i]);
	}
	kept = kept_plan(sql, nparams, types);
	if (kept)
		code = SPI_execute_plan(kept->plan, values, nulls, false, 0);
	else
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
	KeptPlan   *kept;
	uint64		rows = 0;

	spi_connect();
	kept = kept_plan(sql, 0, NULL);
	portal = SPI_cursor_open(NULL, kept ? kept->plan : prepare(sql, 0, NULL), NULL, NULL, true);
	batch = AllocSetContextCreate(caller, "schemadrift rows", ALLOCSET_DEFAULT_SIZES);
	for (;;)
	{
		MemoryContext inside;

		SPI_cursor_fetch(portal, true, SD_READ_BATCH);
		if (SPI_processed == 0)
			break;
		rows += SPI_processed;
		inside = MemoryContextSwitchTo(batch);
		callback(copy_rows(SPI_tuptable, SPI_processed), arg);
		MemoryContextSwitchTo(inside);
		SPI_freetuptable(SPI_tuptable);
		MemoryContextReset(batch);
	}
	SPI_cursor_close(portal);
	if (kept)
		note_rows(kept, rows);
	MemoryContextDelete(batch);
	spi_finish();
}
