/*
 * source.h
 *	  Where catalog rows come from: this database by SPI, another by libpq.
 *
 * Both run the same query text in one snapshot under the same pinned settings
 * (empty search_path and all that changes how the server prints), so what they
 * give is comparable.  Errors of a remote server are raised here with its own
 * SQLSTATE, detail, hint and context.
 */
#ifndef SD_SOURCE_H
#define SD_SOURCE_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/rows.h"

typedef void (*SdSourceCallback) (const SdRows *rows, void *arg);

typedef struct SdSource SdSource;
struct SdSource
{
	const char *name;			/* for people: "live" or a target's name */
	int			server_version; /* server_version_num */
	bool		is_local;

	/* Run one query; rows come in batches that are gone after each call. */
	void		(*read) (SdSource *source, const char *sql, SdSourceCallback callback, void *arg);

	/*
	 * The same rows as the query of that kind, without the query, where there
	 * is such a way for these columns (false: there is none; NULL: never).  It
	 * leaves the objects in rest, a list of oids, to the query.
	 */
	bool		(*scan) (SdSource *source, const char *kind, const char *const *columns, int ncolumns,
						 SdSourceCallback callback, void *arg, List **rest);

	/* A number that moves when the catalogs do; NULL where there is none. */
	uint64		(*change_counter) (SdSource *source);

	void		(*close) (SdSource *source);
};

/* This database, as the current transaction sees it. */
extern SdSource *sd_source_local(void);

/*
 * Another database by libpq connection string or URL.  The session is read
 * only.  Raises ERRCODE_SD_UNREACHABLE when it cannot be connected to.
 */
extern SdSource *sd_source_remote(const char *name, const char *conninfo);

/*
 * A connection string or URL as people may see it: host, port, database and
 * user of it, and nothing that may be secret.
 */
extern char *sd_source_remote_name(const char *conninfo);

/* The settings both pin: name, value, …, NULL. */
extern const char *const sd_pinned_settings[];

#endif							/* SD_SOURCE_H */
