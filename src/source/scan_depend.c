/*
 * scan_depend.c
 *	  The rows of pg_depend that tell what objects need.
 *
 * Of a large schema they are more than all else together, and nearly all are
 * wanted; depend.c says what the columns are.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "source/scan.h"

#define NCOLUMNS 7

typedef struct DependScan
{
	SdCatalog  *catalog;
	SdSourceCallback callback;
	void	   *arg;
} DependScan;

/*
 * SdNeed as a digit: early, late, last, owner.  What a type and a function need
 * of each other is left to the query.
 */
static const char *
need_of(const SdCatalog *catalog, Form_pg_depend form)
{
	const SdClassRow *class;

	if (form->deptype == DEPENDENCY_PARTITION_PRI || form->deptype == DEPENDENCY_PARTITION_SEC)
		return "1";
	if (form->deptype != DEPENDENCY_AUTO || form->classid != RelationRelationId)
		return "0";
	if (form->refobjsubid > 0)
		return sd_catalog_sequence(catalog, form->objid) ? "3" : "0";
	if (form->objsubid != 0 || form->refclassid != RelationRelationId)
		return "0";
	class = sd_catalog_class(catalog, form->objid);
	/* a foreign table is not among the kept */
	if (class == NULL)
		return get_rel_relispartition(form->objid) ? "1" : "0";
	return OidIsValid(class->parent) && class->parent == form->refobjid ? "1" : "0";
}

static void
give(HeapTuple tuple, TupleDesc desc, void *arg)
{
	DependScan *scan = arg;
	Form_pg_depend form = (Form_pg_depend) GETSTRUCT(tuple);
	uint32		numbers[] = {
		form->classid, form->objid, form->objsubid, form->refclassid, form->refobjid, form->refobjsubid
	};
	char		texts[lengthof(numbers)][12];
	char	   *row[NCOLUMNS];
	char	  **values = row;
	SdRows		rows = {.nrows = 1, .ncolumns = NCOLUMNS, .values = &values};
	int			i;

	if (form->objid < FirstNormalObjectId || form->deptype == DEPENDENCY_EXTENSION ||
		(form->classid == TypeRelationId && form->refclassid == ProcedureRelationId))
		return;
	for (i = 0; i < lengthof(numbers); i++)
	{
		texts[i][pg_ultoa_n(numbers[i], texts[i])] = '\0';
		row[i] = texts[i];
	}
	row[i] = unconstify(char *, need_of(scan->catalog, form));
	scan->callback(&rows, scan->arg);
}

void
sd_scan_depend(SdCatalog **catalog, SdSourceCallback callback, void *arg)
{
	DependScan	scan = {.callback = callback, .arg = arg};

	if (*catalog == NULL)
		*catalog = sd_catalog_load(CurrentMemoryContext);
	scan.catalog = *catalog;
	sd_catalog_scan(scan.catalog, DependRelationId, give, &scan);
}
