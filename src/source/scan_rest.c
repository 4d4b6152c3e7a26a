/*
 * scan_rest.c
 *	  Scans that print nothing: they only find the objects that a kind's query
 *	  could give.
 *
 * A query over objects that a database has few of, or none, still joins whole
 * catalogs.  It runs for the found ones alone, or not at all.  What is found
 * may be too much, never too little.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_am.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_amproc.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_conversion.h"
#include "catalog/pg_default_acl.h"
#include "catalog/pg_event_trigger.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_foreign_data_wrapper.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_language.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_publication.h"
#include "catalog/pg_publication_namespace.h"
#include "catalog/pg_publication_rel.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_statistic_ext.h"
#include "catalog/pg_transform.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_ts_config.h"
#include "catalog/pg_ts_dict.h"
#include "catalog/pg_ts_parser.h"
#include "catalog/pg_ts_template.h"
#include "catalog/pg_type.h"
#include "catalog/pg_user_mapping.h"

#include "source/scan.h"

/* -- relations ------------------------------------------------------------- */

void
sd_scan_leave_others(SdScan *scan, const char *kinds)
{
	ListCell   *cell;

	foreach(cell, scan->catalog->others)
	{
		SdOtherClass *other = lfirst(cell);

		if (strchr(kinds, other->kind))
			sd_scan_leave(scan, other->oid);
	}
}

static void
find_views(SdScan *scan)
{
	sd_scan_leave_others(scan, "v");
}

static void
find_matviews(SdScan *scan)
{
	sd_scan_leave_others(scan, "m");
}

static void
find_view_columns(SdScan *scan)
{
	sd_scan_leave_others(scan, "vm");
}

static void
find_sequences(SdScan *scan)
{
	sd_scan_leave_others(scan, "S");
}

static void
find_attributes(SdScan *scan)
{
	sd_scan_leave_others(scan, "c");
}

static void
find_foreign_tables(SdScan *scan)
{
	sd_scan_leave_others(scan, "f");
}

static void
find_composites(SdScan *scan)
{
	ListCell   *cell;

	foreach(cell, scan->catalog->others)
		if (((SdOtherClass *) lfirst(cell))->kind == RELKIND_COMPOSITE_TYPE)
			sd_scan_leave(scan, ((SdOtherClass *) lfirst(cell))->type);
}

/* -- types ----------------------------------------------------------------- */

/* initdb's own objects are in no user schema. */
static bool
is_users(Oid oid)
{
	return oid >= FirstNormalObjectId;
}

static void
leave_enum(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);

	if (form->typtype == TYPTYPE_ENUM && is_users(form->oid))
		sd_scan_leave(arg, form->oid);
}

static void
leave_domain(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);

	if (form->typtype == TYPTYPE_DOMAIN && is_users(form->oid))
		sd_scan_leave(arg, form->oid);
}

static void
leave_range(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);

	if (form->typtype == TYPTYPE_RANGE && is_users(form->oid))
		sd_scan_leave(arg, form->oid);
}

static void
leave_shell_type(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);

	if (!form->typisdefined && is_users(form->oid))
		sd_scan_leave(arg, form->oid);
}

/* An array type has elements and no array type of its own. */
static void
leave_base_type(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);

	if (form->typtype == TYPTYPE_BASE && form->typisdefined && is_users(form->oid) &&
		!(OidIsValid(form->typelem) && !OidIsValid(form->typarray)))
		sd_scan_leave(arg, form->oid);
}

static void
find_shell_types(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, TypeRelationId, leave_shell_type, scan);
}

static void
find_base_types(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, TypeRelationId, leave_base_type, scan);
}

static void
find_enums(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, TypeRelationId, leave_enum, scan);
}

static void
find_domains(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, TypeRelationId, leave_domain, scan);
}

static void
find_ranges(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, TypeRelationId, leave_range, scan);
}

static void
find_domain_checks(SdScan *scan)
{
	ListCell   *cell;

	foreach(cell, scan->catalog->domain_checks)
		sd_scan_leave(scan, lfirst_oid(cell));
}

/* -- routines -------------------------------------------------------------- */

static void
leave_function(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_proc form = (Form_pg_proc) GETSTRUCT(tuple);

	if (form->prokind != PROKIND_PROCEDURE && form->prokind != PROKIND_AGGREGATE && is_users(form->oid))
		sd_scan_leave(arg, form->oid);
}

static void
leave_procedure(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_proc form = (Form_pg_proc) GETSTRUCT(tuple);

	if (form->prokind == PROKIND_PROCEDURE && is_users(form->oid))
		sd_scan_leave(arg, form->oid);
}

static void
leave_aggregate(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_proc form = (Form_pg_proc) GETSTRUCT(tuple);

	if (form->prokind == PROKIND_AGGREGATE && is_users(form->oid))
		sd_scan_leave(arg, form->oid);
}

static void
find_functions(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, ProcedureRelationId, leave_function, scan);
}

static void
find_procedures(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, ProcedureRelationId, leave_procedure, scan);
}

static void
find_aggregates(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, ProcedureRelationId, leave_aggregate, scan);
}

/* -- what tables have ------------------------------------------------------- */

static void
leave_trigger(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_trigger form = (Form_pg_trigger) GETSTRUCT(tuple);

	if (!form->tgisinternal)
		sd_scan_leave(arg, form->oid);
}

static void
leave_rule(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_rewrite form = (Form_pg_rewrite) GETSTRUCT(tuple);

	if (is_users(form->oid) && !(form->ev_type == '1' && form->is_instead))
		sd_scan_leave(arg, form->oid);
}

static void
find_triggers(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, TriggerRelationId, leave_trigger, scan);
}

static void
find_rules(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, RewriteRelationId, leave_rule, scan);
}

/* -- the others -------------------------------------------------------------- */

typedef struct Plain
{
	const char *kind;
	Oid			relation;
} Plain;

/* Kinds without an object that initdb made. */
static const Plain plain[] = {
	{"extension", ExtensionRelationId},
	{"language", LanguageRelationId},
	{"collation", CollationRelationId},
	{"cast", CastRelationId},
	{"conversion", ConversionRelationId},
	{"transform", TransformRelationId},
	{"access_method", AccessMethodRelationId},
	{"operator", OperatorRelationId},
	{"operator_family", OperatorFamilyRelationId},
	{"operator_class", OperatorClassRelationId},
	{"family_operator", AccessMethodOperatorRelationId},
	{"family_function", AccessMethodProcedureRelationId},
	{"text_search_parser", TSParserRelationId},
	{"text_search_template", TSTemplateRelationId},
	{"text_search_dictionary", TSDictionaryRelationId},
	{"text_search_configuration", TSConfigRelationId},
	{"foreign_data_wrapper", ForeignDataWrapperRelationId},
	{"server", ForeignServerRelationId},
	{"user_mapping", UserMappingRelationId},
	{"publication", PublicationRelationId},
	{"publication_schema", PublicationNamespaceRelationId},
	{"publication_table", PublicationRelRelationId},
	{"event_trigger", EventTriggerRelationId},
	{"default_privileges", DefaultAclRelationId},
	{"policy", PolicyRelationId},
	{"statistics", StatisticExtRelationId}
};

/* Every catalog that has oids has them first. */
static void
leave_plain(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Oid			oid = *(Oid *) GETSTRUCT(tuple);

	if (is_users(oid))
		sd_scan_leave(arg, oid);
}

static void
find_plain(SdScan *scan)
{
	int			i;

	for (i = 0; i < lengthof(plain); i++)
		if (strcmp(plain[i].kind, scan->kind) == 0)
			sd_catalog_scan(scan->catalog, plain[i].relation, leave_plain, scan);
}

static const SdScanner plain_finder = {NULL, NULL, find_plain};

static const SdScanner finders[] = {
	{"view", NULL, find_views},
	{"matview", NULL, find_matviews},
	{"view_column", NULL, find_view_columns},
	{"sequence", NULL, find_sequences},
	{"foreign_table", NULL, find_foreign_tables},
	{"attribute", NULL, find_attributes},
	{"composite", NULL, find_composites},
	{"shell_type", NULL, find_shell_types},
	{"base_type", NULL, find_base_types},
	{"enum", NULL, find_enums},
	{"domain", NULL, find_domains},
	{"domain_constraint", NULL, find_domain_checks},
	{"range", NULL, find_ranges},
	{"function", NULL, find_functions},
	{"procedure", NULL, find_procedures},
	{"aggregate", NULL, find_aggregates},
	{"trigger", NULL, find_triggers},
	{"rule", NULL, find_rules}
};

const SdScanner *
sd_scan_finder(const char *kind)
{
	int			i;

	for (i = 0; i < lengthof(finders); i++)
		if (strcmp(finders[i].kind, kind) == 0)
			return &finders[i];
	for (i = 0; i < lengthof(plain); i++)
		if (strcmp(plain[i].kind, kind) == 0)
			return &plain_finder;
	return NULL;
}
