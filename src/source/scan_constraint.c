/*
 * scan_constraint.c
 *	  Scan of the kind constraint: keys, foreign keys and checks of tables.
 *
 * Exclusion constraints, temporal keys and keys with options or more columns
 * than they have are left to the query.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_namespace.h"
#include "nodes/parsenodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "base/compat.h"
#include "base/text.h"
#include "source/deparse.h"
#include "source/scan.h"

enum
{
	NAME = SD_SCAN_PROPERTIES, TYPE, DEFINITION, PREDICATE, PARTITIONED, INHERITED, NO_INHERIT, DEFERRABLE,
	NOT_ENFORCED, NOT_VALID, INDEX, OPTIONS, TABLESPACE, ATTACHED_TO, PARTITION_OF, INDEX_COMMENT, COMMENT
};

static const char *const properties[] = {
	"name", "type", "definition", "predicate", "partitioned", "inherited", "no_inherit", "deferrable",
	"not_enforced", "not_valid", "index", "options", "tablespace", "attached_to", "partition_of", "index_comment",
	"comment", NULL
};

/* "a, b" of a column with an array of numbers; false when a name is not known. */
static bool
append_columns(StringInfo buf, HeapTuple tuple, TupleDesc desc, int attribute, const SdClassRow *class)
{
	bool		isnull;
	Datum		value = heap_getattr(tuple, attribute, desc, &isnull);
	ArrayType  *array;
	int			i;

	if (isnull || class == NULL)
		return false;
	array = DatumGetArrayTypeP(value);
	if (ARR_NDIM(array) != 1 || ARR_ELEMTYPE(array) != INT2OID)
		return false;
	for (i = 0; i < ARR_DIMS(array)[0]; i++)
	{
		SdColumnRow *column = sd_catalog_column(class, ((int16 *) ARR_DATA_PTR(array))[i]);

		if (column == NULL)
			return false;
		if (i > 0)
			appendStringInfoString(buf, ", ");
		appendStringInfoString(buf, column->quoted);
	}
	return true;
}

static const char *
action_name(char action)
{
	switch (action)
	{
		case FKCONSTR_ACTION_RESTRICT:
			return "RESTRICT";
		case FKCONSTR_ACTION_CASCADE:
			return "CASCADE";
		case FKCONSTR_ACTION_SETNULL:
			return "SET NULL";
		case FKCONSTR_ACTION_SETDEFAULT:
			return "SET DEFAULT";
		default:
			return NULL;
	}
}

static bool
append_foreign_key(StringInfo buf, SdScan *scan, HeapTuple tuple, TupleDesc desc, const SdClassRow *class)
{
	Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);
	const SdClassRow *other = sd_catalog_class(scan->catalog, form->confrelid);
	const char *action;

	appendStringInfoString(buf, "FOREIGN KEY (");
	if (other == NULL || !append_columns(buf, tuple, desc, Anum_pg_constraint_conkey, class))
		return false;
	appendStringInfoString(buf, ") REFERENCES ");
	appendStringInfoString(buf, other->identity);
	appendStringInfoChar(buf, '(');
	if (!append_columns(buf, tuple, desc, Anum_pg_constraint_confkey, other))
		return false;
	appendStringInfoChar(buf, ')');
	if (form->confmatchtype == FKCONSTR_MATCH_FULL)
		appendStringInfoString(buf, " MATCH FULL");
	else if (form->confmatchtype == FKCONSTR_MATCH_PARTIAL)
		appendStringInfoString(buf, " MATCH PARTIAL");
	if ((action = action_name(form->confupdtype)) != NULL)
		appendStringInfo(buf, " ON UPDATE %s", action);
	if ((action = action_name(form->confdeltype)) != NULL)
		appendStringInfo(buf, " ON DELETE %s", action);
	if (!heap_attisnull(tuple, Anum_pg_constraint_confdelsetcols, desc))
	{
		appendStringInfoString(buf, " (");
		if (!append_columns(buf, tuple, desc, Anum_pg_constraint_confdelsetcols, class))
			return false;
		appendStringInfoChar(buf, ')');
	}
	return true;
}

static bool
append_check(StringInfo buf, SdScan *scan, HeapTuple tuple, TupleDesc desc, const SdClassRow *class)
{
	bool		isnull;
	Datum		nodes = heap_getattr(tuple, Anum_pg_constraint_conbin, desc, &isnull);
	const char *check = isnull ? NULL : sd_deparse(scan->catalog, TextDatumGetCString(nodes), class);

	if (check == NULL)
		return false;
	appendStringInfoString(buf, "CHECK (");
	appendStringInfoString(buf, check);
	appendStringInfoChar(buf, ')');
	return true;
}

/* The text up to what is a property of its own; NULL: only the server can. */
static const char *
definition(SdScan *scan, HeapTuple tuple, TupleDesc desc, const SdClassRow *class)
{
	Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);
	StringInfoData buf;

	initStringInfo(&buf);
	switch (form->contype)
	{
		case CONSTRAINT_PRIMARY:
		case CONSTRAINT_UNIQUE:
			appendStringInfoString(&buf, form->contype == CONSTRAINT_PRIMARY ? "PRIMARY KEY (" : "UNIQUE (");
			if (!append_columns(&buf, tuple, desc, Anum_pg_constraint_conkey, class))
				return NULL;
			appendStringInfoChar(&buf, ')');
			return buf.data;
		case CONSTRAINT_FOREIGN:
			return append_foreign_key(&buf, scan, tuple, desc, class) ? buf.data : NULL;
		case CONSTRAINT_CHECK:
			return append_check(&buf, scan, tuple, desc, class) ? buf.data : NULL;
		default:
			return NULL;
	}
}

static const char *
type_name(char type)
{
	switch (type)
	{
		case CONSTRAINT_PRIMARY:
			return "PRIMARY KEY";
		case CONSTRAINT_UNIQUE:
			return "UNIQUE";
		case CONSTRAINT_FOREIGN:
			return "FOREIGN KEY";
		default:
			return "CHECK";
	}
}

/* The index of a key; false where that is one for the query. */
static bool
set_index(SdScan *scan, Form_pg_constraint form)
{
	const SdClassRow *index;
	const char *parent;

	if (form->contype != CONSTRAINT_PRIMARY && form->contype != CONSTRAINT_UNIQUE)
		return true;
	index = sd_catalog_class(scan->catalog, form->conindid);
	if (index == NULL || index->is_odd || index->options || !index->is_plain_key ||
		!sd_catalog_parent(scan->catalog, index, &parent))
		return false;
	sd_scan_set(scan, ATTACHED_TO, parent);
	/* the query qualifies by the table's schema, which is the same */
	sd_scan_set(scan, INDEX, index->identity);
	sd_scan_set(scan, INDEX_COMMENT, sd_catalog_comment(scan->catalog, RelationRelationId, index->oid, 0));
	return true;
}

/* Few have a check, so they are left to the query. */
static bool
is_of_foreign_table(Form_pg_constraint form)
{
	return form->contype == CONSTRAINT_CHECK && form->conrelid >= FirstNormalObjectId &&
		get_rel_relkind(form->conrelid) == RELKIND_FOREIGN_TABLE;
}

static bool
is_collected(Form_pg_constraint form, const SdClassRow *class)
{
	if (class == NULL || class->is_member ||
		(class->kind != RELKIND_RELATION && class->kind != RELKIND_PARTITIONED_TABLE))
		return false;
	switch (form->contype)
	{
		case CONSTRAINT_PRIMARY:
		case CONSTRAINT_UNIQUE:
		case CONSTRAINT_EXCLUSION:
			return true;
		case CONSTRAINT_CHECK:
			return form->conislocal || class->is_partition;
		case CONSTRAINT_FOREIGN:
			return !OidIsValid(form->conparentid);
		default:
			return false;
	}
}

static void
give(HeapTuple tuple, TupleDesc desc, void *arg)
{
	SdScan	   *scan = arg;
	Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);
	const SdClassRow *class = sd_catalog_class(scan->catalog, form->conrelid);
	const char *text;
	const char *name;
	const char *parent;

	if (class == NULL && is_of_foreign_table(form))
		sd_scan_leave(scan, form->oid);
	if (!is_collected(form, class))
		return;
	if (!sd_catalog_parent(scan->catalog, class, &parent) || !SD_CONSTRAINT_IS_PLAIN(form) || !set_index(scan, form) ||
		(text = definition(scan, tuple, desc, class)) == NULL)
	{
		sd_scan_leave(scan, form->oid);
		return;
	}
	name = sd_quote_identifier(NameStr(form->conname));
	sd_scan_set(scan, SD_SCAN_IDENTITY, sd_concat(name, " ON ", class->identity, NULL));
	sd_scan_set(scan, SD_SCAN_PARENT, sd_concat("table ", class->identity, NULL));
	sd_scan_set(scan, NAME, name);
	sd_scan_set(scan, TYPE, type_name(form->contype));
	sd_scan_set(scan, DEFINITION, text);
	sd_scan_set_flag(scan, PARTITIONED, class->kind == RELKIND_PARTITIONED_TABLE);
	sd_scan_set_flag(scan, INHERITED, form->contype == CONSTRAINT_CHECK && !form->conislocal);
	sd_scan_set_flag(scan, NO_INHERIT, form->contype == CONSTRAINT_CHECK && form->connoinherit);
	sd_scan_set(scan, DEFERRABLE, form->condeferred ? "DEFERRABLE INITIALLY DEFERRED" :
				form->condeferrable ? "DEFERRABLE INITIALLY IMMEDIATE" : NULL);
	sd_scan_set_flag(scan, NOT_VALID, !form->convalidated);
	sd_scan_set(scan, PARTITION_OF, class->is_partition ? parent : NULL);
	sd_scan_set(scan, COMMENT, sd_catalog_comment(scan->catalog, ConstraintRelationId, form->oid, 0));
	sd_scan_give(scan, form->oid, 0);
}

static void
scan_constraints(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, ConstraintRelationId, give, scan);
}

const SdScanner sd_scan_constraints = {"constraint", properties, scan_constraints};
