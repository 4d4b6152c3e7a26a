/*
 * scan.h
 *	  Rows of a kind straight from the catalogs, beside the kind's query.
 *
 * A scan gives exactly the rows that the query gives, for the usual sort of
 * object; what is unusual (privileges, options, partitions' bounds, …) it
 * leaves to the query by naming the oid.  So the query remains what defines the
 * kind, and a property that a scan does not know turns the scan off.
 */
#ifndef SD_SCAN_H
#define SD_SCAN_H

#include "postgres.h"

#include "source/catalog.h"
#include "source/source.h"

/* Every row starts with these (the class is left NULL); then come the properties. */
enum
{
	SD_SCAN_CLASSID, SD_SCAN_OID, SD_SCAN_SUBID, SD_SCAN_IDENTITY, SD_SCAN_PARENT, SD_SCAN_PROPERTIES
};

typedef struct SdScan
{
	SdCatalog  *catalog;
	const char *kind;
	const int  *places;			/* of the scanner's columns in the row */
	SdRows		rows;			/* of one row */
	SdSourceCallback callback;
	void	   *arg;
	List	  **rest;
	bool		needs_query;	/* a finder asks for the whole query */
} SdScan;

typedef struct SdScanner
{
	const char *kind;
	const char *const *properties;	/* ends with NULL; NULL: gives no rows */
	void		(*scan) (SdScan *scan);
} SdScanner;

/* Call for each class that was read; what is palloc'd is gone after the call. */
extern void sd_scan_classes(SdScan *scan, void (*give) (SdScan *scan, const SdClassRow *class));

/* The value of one of the scanner's columns in the row that comes next. */
extern void sd_scan_set(SdScan *scan, int column, const char *value);
extern void sd_scan_set_flag(SdScan *scan, int column, bool value);
/* Give the row with this address, then start a new one. */
extern void sd_scan_give(SdScan *scan, Oid oid, int subid);
/* Leave it to the query. */
extern void sd_scan_leave(SdScan *scan, Oid oid);

/* "" or " name" where it is not the default of its type; NULL when it is gone. */
extern const char *sd_scan_opclass(SdCatalog *catalog, Oid opclass, Oid type);

/* As pg_get_partkeydef() has it; NULL for what only the query can print. */
extern const char *sd_scan_partition_key(SdScan *scan, const SdClassRow *class);

/* Leave to the query all classes of these kinds, of which no rows were read. */
extern void sd_scan_leave_others(SdScan *scan, const char *kinds);

/* source->scan of the local source; the catalog is read when first needed. */
extern bool sd_scan_kind(SdCatalog **catalog, const char *kind, const char *const *columns, int ncolumns,
						 SdSourceCallback callback, void *arg, List **rest);

/* source->scan_depend of the local source. */
extern void sd_scan_depend(SdCatalog **catalog, SdSourceCallback callback, void *arg);

extern const SdScanner sd_scan_tables;
extern const SdScanner sd_scan_columns;
extern const SdScanner sd_scan_constraints;
extern const SdScanner sd_scan_indexes;
extern const SdScanner sd_scan_sequences;

/* Of kinds that are left to their queries; NULL where there is none. */
extern const SdScanner *sd_scan_finder(const char *kind);

#endif							/* SD_SCAN_H */
