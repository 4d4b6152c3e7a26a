/*
 * scan.c
 *	  Runs the scan of a kind.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "source/scan.h"

static const SdScanner *const scanners[] = {
	&sd_scan_tables, &sd_scan_columns, &sd_scan_constraints, &sd_scan_indexes, &sd_scan_sequences
};

void
sd_scan_classes(SdScan *scan, void (*give) (SdScan *scan, const SdClassRow *class))
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext work = AllocSetContextCreate(caller, "schemadrift scan", ALLOCSET_DEFAULT_SIZES);
	int			i;

	for (i = 0; i < scan->catalog->nall; i++)
	{
		MemoryContextSwitchTo(work);
		give(scan, scan->catalog->all[i]);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(work);
	}
	MemoryContextDelete(work);
}

void
sd_scan_set(SdScan *scan, int column, const char *value)
{
	scan->rows.values[0][scan->places[column]] = unconstify(char *, value);
}

void
sd_scan_set_flag(SdScan *scan, int column, bool value)
{
	sd_scan_set(scan, column, value ? "true" : NULL);
}

void
sd_scan_give(SdScan *scan, Oid oid, int subid)
{
	char		oid_text[12];
	char		subid_text[12];

	oid_text[pg_ultoa_n(oid, oid_text)] = '\0';
	subid_text[pg_ultoa_n(subid, subid_text)] = '\0';
	sd_scan_set(scan, SD_SCAN_OID, oid_text);
	sd_scan_set(scan, SD_SCAN_SUBID, subid_text);
	scan->callback(&scan->rows, scan->arg);
	memset(scan->rows.values[0], 0, sizeof(char *) * scan->rows.ncolumns);
}

void
sd_scan_leave(SdScan *scan, Oid oid)
{
	MemoryContext work = MemoryContextSwitchTo(scan->catalog->context);

	*scan->rest = lappend_oid(*scan->rest, oid);
	MemoryContextSwitchTo(work);
	memset(scan->rows.values[0], 0, sizeof(char *) * scan->rows.ncolumns);
}

/* Where the scanner's columns are in the row; NULL when they are not the same. */
static int *
find_places(const SdScanner *scanner, const char *const *columns, int ncolumns)
{
	int		   *places = palloc(sizeof(int) * ncolumns);
	int			i;
	int			c;

	for (i = 0; i < SD_SCAN_PROPERTIES; i++)
		places[i] = i;
	for (i = 0; scanner->properties[i] != NULL; i++)
	{
		for (c = SD_SCAN_PROPERTIES; c < ncolumns; c++)
			if (strcmp(scanner->properties[i], columns[c]) == 0)
				break;
		if (c == ncolumns)
			return NULL;
		places[SD_SCAN_PROPERTIES + i] = c;
	}
	return SD_SCAN_PROPERTIES + i == ncolumns ? places : NULL;
}

static void
run(const SdScanner *scanner, SdScan *scan, int ncolumns)
{
	char	  **row = palloc0(sizeof(char *) * ncolumns);

	scan->rows.nrows = 1;
	scan->rows.ncolumns = ncolumns;
	scan->rows.values = &row;
	scanner->scan(scan);
}

static const SdScanner *
find_scanner(const char *kind)
{
	int			i;

	for (i = 0; i < lengthof(scanners); i++)
		if (strcmp(scanners[i]->kind, kind) == 0)
			return scanners[i];
	return sd_scan_finder(kind);
}

bool
sd_scan_kind(SdCatalog **catalog, const char *kind, const char *const *columns, int ncolumns,
			 SdSourceCallback callback, void *arg, List **rest)
{
	SdScan		scan = {.kind = kind, .callback = callback, .arg = arg, .rest = rest};
	const SdScanner *scanner = find_scanner(kind);

	if (scanner == NULL)
		return false;
	if (scanner->properties && (scan.places = find_places(scanner, columns, ncolumns)) == NULL)
	{
		elog(DEBUG1, "schemadrift: the kind \"%s\" has other properties than its scan", kind);
		return false;
	}
	if (*catalog == NULL)
		*catalog = sd_catalog_load(CurrentMemoryContext);
	scan.catalog = *catalog;
	run(scanner, &scan, ncolumns);
	return !scan.needs_query;
}
