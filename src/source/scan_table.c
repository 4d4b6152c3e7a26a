/*
 * scan_table.c
 *	  Scans of the kinds table and column.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/toast_compression.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "base/text.h"
#include "source/scan.h"

static bool
is_table(const SdClassRow *class)
{
	return !class->is_member && (class->kind == RELKIND_RELATION || class->kind == RELKIND_PARTITIONED_TABLE);
}

/* -- tables ---------------------------------------------------------------- */

enum
{
	UNLOGGED = SD_SCAN_PROPERTIES, PARTITION_KEY, PARTITION_OF, PARTITION_BOUND, INHERITS, OF_TYPE, ACCESS_METHOD,
	NO_ACCESS_METHOD, TABLESPACE, OPTIONS, TOAST_OPTIONS, ROW_SECURITY, FORCE_ROW_SECURITY, REPLICA_IDENTITY,
	CLUSTERED_ON, COLUMN_ORDER, OWNER, PRIVILEGES, COMMENT, SECURITY_LABEL
};

static const char *const table_properties[] = {
	"unlogged", "partition_key", "partition_of", "partition_bound", "inherits", "of_type", "access_method",
	"no_access_method", "tablespace", "options", "toast_options", "row_security", "force_row_security",
	"replica_identity", "clustered_on", "column_order", "owner", "privileges", "comment", "security_label", NULL
};

/* Of all columns: tables that inherit some are odd, and in partitions all count. */
static const char *
column_order(const SdClassRow *class)
{
	StringInfoData order;
	int			i;

	initStringInfo(&order);
	for (i = 1; i <= class->ncolumns; i++)
	{
		SdColumnRow *column = sd_catalog_column(class, i);

		if (column)
		{
			if (order.len > 0)
				appendStringInfoString(&order, ", ");
			appendStringInfoString(&order, column->quoted);
		}
	}
	return order.data;
}

static void
give_table(SdScan *scan, const SdClassRow *class)
{
	const char *parent;
	const char *key = NULL;

	if (!is_table(class))
		return;
	if (class->is_odd || class->has_odd_index || !sd_catalog_parent(scan->catalog, class, &parent) ||
		(parent == NULL) != (class->bound == NULL) ||
		(class->kind == RELKIND_PARTITIONED_TABLE && (key = sd_scan_partition_key(scan, class)) == NULL) ||
		class->access_method != (class->kind == RELKIND_PARTITIONED_TABLE ? InvalidOid : HEAP_TABLE_AM_OID))
	{
		sd_scan_leave(scan, class->oid);
		return;
	}
	sd_scan_set(scan, PARTITION_KEY, key);
	sd_scan_set(scan, NO_ACCESS_METHOD, class->kind == RELKIND_PARTITIONED_TABLE ? "DEFAULT" : "heap");
	sd_scan_set(scan, PARTITION_OF, parent);
	sd_scan_set(scan, PARTITION_BOUND, class->bound);
	sd_scan_set(scan, SD_SCAN_IDENTITY, class->identity);
	sd_scan_set_flag(scan, UNLOGGED, class->persistence == RELPERSISTENCE_UNLOGGED);
	sd_scan_set_flag(scan, ROW_SECURITY, class->row_security);
	sd_scan_set_flag(scan, FORCE_ROW_SECURITY, class->force_row_security);
	sd_scan_set(scan, REPLICA_IDENTITY, class->replica_identity == REPLICA_IDENTITY_FULL ? "FULL" :
				class->replica_identity == REPLICA_IDENTITY_NOTHING ? "NOTHING" : NULL);
	sd_scan_set(scan, COLUMN_ORDER, column_order(class));
	sd_scan_set(scan, OWNER, sd_catalog_role(scan->catalog, class->owner));
	sd_scan_set(scan, COMMENT, sd_catalog_comment(scan->catalog, RelationRelationId, class->oid, 0));
	sd_scan_give(scan, class->oid, 0);
}

static void
scan_tables(SdScan *scan)
{
	sd_scan_classes(scan, give_table);
}

const SdScanner sd_scan_tables = {"table", table_properties, scan_tables};

/* -- columns --------------------------------------------------------------- */

enum
{
	C_NAME = SD_SCAN_PROPERTIES, C_POSITION, C_INHERITED, C_INHERITED_ONLY, C_TYPE, C_COLLATION, C_NOT_NULL, C_DEFAULT,
	C_GENERATED, C_GENERATED_VIRTUAL, C_IDENTITY, C_IDENTITY_SEQUENCE, C_IDENTITY_OPTIONS, C_IDENTITY_PERSISTENCE,
	C_PERSISTENCE, C_STORAGE, C_TYPE_STORAGE,
	C_COMPRESSION, C_STATISTICS, C_OPTIONS, C_PRIVILEGES, C_COMMENT, C_SECURITY_LABEL, C_FOREIGN_OPTIONS,
	C_NOT_NULL_NAME, C_NOT_NULL_PARENTS_NAME, C_NOT_NULL_NO_INHERIT, C_NOT_NULL_NOT_VALID, C_NOT_NULL_LOCAL,
	C_NOT_NULL_COMMENT
};

static const char *const column_properties[] = {
	"name", "position", "inherited", "inherited_only", "type", "collation", "not_null", "default",
	"generated", "generated_virtual", "identity", "identity_sequence", "identity_options",
	"identity_persistence", "persistence", "storage", "type_storage",
	"compression", "statistics", "options", "privileges", "comment", "security_label", "foreign_options",
	"not_null_name", "not_null_parents_name", "not_null_no_inherit", "not_null_not_valid", "not_null_local",
	"not_null_comment", NULL
};

static const char *
storage_name(char storage)
{
	switch (storage)
	{
		case TYPSTORAGE_PLAIN:
			return "PLAIN";
		case TYPSTORAGE_EXTERNAL:
			return "EXTERNAL";
		case TYPSTORAGE_MAIN:
			return "MAIN";
		default:
			return "EXTENDED";
	}
}

/* Qualified even where it would be found without. */
static const char *
collation_name(Oid oid)
{
	HeapTuple	tuple = SearchSysCache1(COLLOID, ObjectIdGetDatum(oid));
	Form_pg_collation form;
	char	   *schema;
	const char *name;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	form = (Form_pg_collation) GETSTRUCT(tuple);
	schema = get_namespace_name(form->collnamespace);
	name = schema ? quote_qualified_identifier(schema, NameStr(form->collname)) : NULL;
	ReleaseSysCache(tuple);
	return name;
}

static void
set_type(SdScan *scan, const SdColumnRow *column)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(column->type));
	Form_pg_type type;

	if (!HeapTupleIsValid(tuple))
		return;
	type = (Form_pg_type) GETSTRUCT(tuple);
	sd_scan_set(scan, C_TYPE, sd_catalog_type(scan->catalog, column->type, column->typmod));
	if (OidIsValid(column->collation) && column->collation != type->typcollation)
		sd_scan_set(scan, C_COLLATION, collation_name(column->collation));
	if (column->storage != type->typstorage)
		sd_scan_set(scan, C_STORAGE, storage_name(column->storage));
	sd_scan_set(scan, C_TYPE_STORAGE, storage_name(type->typstorage));
	ReleaseSysCache(tuple);
}

static void
set_expression(SdScan *scan, const SdColumnRow *column)
{
	sd_scan_set(scan, column->generated ? C_GENERATED : C_DEFAULT, column->expression);
	sd_scan_set_flag(scan, C_GENERATED_VIRTUAL, column->generated == 'v');
}

static void
give_column(SdScan *scan, const SdClassRow *class, const char *parent, int number)
{
	const SdColumnRow *column = &class->columns[number - 1];
	char		position[12];

	sd_scan_set(scan, SD_SCAN_IDENTITY, sd_concat(class->identity, ".", column->quoted, NULL));
	sd_scan_set(scan, SD_SCAN_PARENT, parent);
	sd_scan_set(scan, C_NAME, column->quoted);
	position[pg_ultoa_n(number, position)] = '\0';
	sd_scan_set(scan, C_POSITION, position);
	if (column->is_inherited)
		sd_scan_set(scan, C_INHERITED, column->is_local && !class->is_partition ? "merged" : "yes");
	sd_scan_set_flag(scan, C_INHERITED_ONLY, column->is_inherited && !column->is_local && !class->is_partition);
	set_type(scan, column);
	sd_scan_set_flag(scan, C_NOT_NULL, column->not_null);
	sd_scan_set(scan, C_NOT_NULL_NAME, column->not_null_name);
	set_expression(scan, column);
	sd_scan_set(scan, C_COMPRESSION, column->compression == TOAST_PGLZ_COMPRESSION ? "pglz" :
				column->compression == TOAST_LZ4_COMPRESSION ? "lz4" : NULL);
	if (column->statistics >= 0)
		sd_scan_set(scan, C_STATISTICS, psprintf("%d", column->statistics));
	sd_scan_set(scan, C_COMMENT, sd_catalog_comment(scan->catalog, RelationRelationId, class->oid, number));
	sd_scan_give(scan, class->oid, number);
}

static void
give_columns(SdScan *scan, const SdClassRow *class)
{
	const char *parent;
	int			number;

	if (!is_table(class))
		return;
	if (class->has_odd_column || class->has_odd_not_null)
	{
		sd_scan_leave(scan, class->oid);
		return;
	}
	parent = psprintf("table %s", class->identity);
	for (number = 1; number <= class->ncolumns; number++)
		if (sd_catalog_column(class, number))
			give_column(scan, class, parent, number);
}

static void
scan_columns(SdScan *scan)
{
	sd_scan_classes(scan, give_columns);
	sd_scan_leave_others(scan, "f");
}

const SdScanner sd_scan_columns = {"column", column_properties, scan_columns};
