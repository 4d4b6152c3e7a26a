/*
 * spi.h
 *	  The one bracket around SPI.
 *
 * Each call connects, runs one statement, copies what it returns into the
 * caller's memory context and disconnects, so nothing of SPI leaks out and no
 * caller can forget to check a result code.  Parameters are text ($1, cast in
 * the SQL where another type is wanted); NULL is SQL NULL.  An error of the
 * statement is raised as it is, with the statement in its context.
 */
#ifndef SD_SPI_H
#define SD_SPI_H

#include "postgres.h"

#include "base/rows.h"

/*
 * From now on this process keeps the plans of its statements.  For processes
 * that run the same ones again and again: planning the queries of one
 * collection takes longer than running them on a small schema.
 */
extern void sd_spi_keep_plans(void);

/*
 * Run one statement that may write.  Rows come from SELECT and RETURNING;
 * without either, the result has no rows and no columns.
 */
extern SdRows *sd_spi_query(const char *sql, int nparams, const char *const *params);

/* The same with the parameters written out, all const char *. */
#define sd_spi_queryv(sql, ...) \
	sd_spi_query((sql), \
				 (int) lengthof(((const char *const[]) {__VA_ARGS__})), \
				 (const char *const[]) {__VA_ARGS__})

/*
 * Run one read-only query under the active snapshot and hand over its rows in
 * batches; the batch's memory is gone when the callback returns.
 */
typedef void (*SdRowsCallback) (const SdRows *rows, void *arg);
extern void sd_spi_read(const char *sql, SdRowsCallback callback, void *arg);

/* Run one statement and tell how many rows it processed. */
extern uint64 sd_spi_command(const char *sql, int nparams, const char *const *params);
#define sd_spi_commandv(sql, ...) \
	sd_spi_command((sql), \
				   (int) lengthof(((const char *const[]) {__VA_ARGS__})), \
				   (const char *const[]) {__VA_ARGS__})

#endif							/* SD_SPI_H */
