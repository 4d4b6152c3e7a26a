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

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "catalog/pg_am.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_amproc.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_conversion.h"
#include "catalog/pg_db_role_setting.h"
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
#include "catalog/pg_shdepend.h"
#include "catalog/pg_statistic_ext.h"
#include "catalog/pg_subscription.h"
#include "catalog/pg_transform.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_ts_config.h"
#include "catalog/pg_ts_dict.h"
#include "catalog/pg_ts_parser.h"
#include "catalog/pg_ts_template.h"
#include "catalog/pg_type.h"
#include "catalog/pg_user_mapping.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"

#include "source/privileges.h"
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

/* initdb's own objects are in no user schema, unless somebody moved them there. */
static bool
is_users(const SdScan *scan, Oid oid, Oid schema)
{
	return oid >= FirstNormalObjectId || sd_catalog_is_user_schema(scan->catalog, schema);
}

/* Extensions stand for their members, which no query gives. */
static bool
is_member(const SdScan *scan, Oid classid, Oid oid)
{
	return sd_catalog_member(scan->catalog, classid, oid) != NULL;
}

/* Relations of these kinds. */
static void
leave_relations(SdScan *scan, const char *kinds)
{
	ListCell   *cell;

	foreach(cell, scan->catalog->others)
	{
		SdOtherClass *other = lfirst(cell);

		if (strchr(kinds, other->kind) && !is_member(scan, RelationRelationId, other->oid))
			sd_scan_leave(scan, other->oid);
	}
}

static void
find_views(SdScan *scan)
{
	leave_relations(scan, "v");
}

static void
find_matviews(SdScan *scan)
{
	leave_relations(scan, "m");
}

/* A view's column is listed only with something set on it. */
static void
find_view_columns(SdScan *scan)
{
	ListCell   *cell;

	leave_relations(scan, "m");
	foreach(cell, scan->catalog->others)
	{
		SdOtherClass *other = lfirst(cell);

		if (other->kind == RELKIND_VIEW && sd_catalog_has_column_marks(scan->catalog, other->oid))
			sd_scan_leave(scan, other->oid);
	}
}

static void
find_foreign_tables(SdScan *scan)
{
	leave_relations(scan, "f");
}

/* A composite type is a relation, whose columns are its attributes, and a type. */
static void
find_composites(SdScan *scan)
{
	bool		by_type = strcmp(scan->kind, "composite") == 0;
	ListCell   *cell;

	foreach(cell, scan->catalog->others)
	{
		SdOtherClass *other = lfirst(cell);

		if (other->kind == RELKIND_COMPOSITE_TYPE && !is_member(scan, TypeRelationId, other->type))
			sd_scan_leave(scan, by_type ? other->type : other->oid);
	}
}

/* -- types ----------------------------------------------------------------- */

static void
leave_type(SdScan *scan, Form_pg_type form)
{
	if (is_users(scan, form->oid, form->typnamespace) && !is_member(scan, TypeRelationId, form->oid))
		sd_scan_leave(scan, form->oid);
}

static void
leave_enum(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);

	if (form->typtype == TYPTYPE_ENUM)
		leave_type(arg, form);
}

static void
leave_domain(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);

	if (form->typtype == TYPTYPE_DOMAIN)
		leave_type(arg, form);
}

static void
leave_range(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);

	if (form->typtype == TYPTYPE_RANGE)
		leave_type(arg, form);
}

static void
leave_shell_type(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);

	if (!form->typisdefined)
		leave_type(arg, form);
}

/* An array type has elements and no array type of its own. */
static void
leave_base_type(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);

	if (form->typtype == TYPTYPE_BASE && form->typisdefined &&
		!(OidIsValid(form->typelem) && !OidIsValid(form->typarray)))
		leave_type(arg, form);
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
leave_routine(SdScan *scan, Form_pg_proc form)
{
	if (is_users(scan, form->oid, form->pronamespace) && !is_member(scan, ProcedureRelationId, form->oid))
		sd_scan_leave(scan, form->oid);
}

static void
leave_function(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_proc form = (Form_pg_proc) GETSTRUCT(tuple);

	if (form->prokind != PROKIND_PROCEDURE && form->prokind != PROKIND_AGGREGATE)
		leave_routine(arg, form);
}

static void
leave_procedure(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_proc form = (Form_pg_proc) GETSTRUCT(tuple);

	if (form->prokind == PROKIND_PROCEDURE)
		leave_routine(arg, form);
}

static void
leave_aggregate(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_proc form = (Form_pg_proc) GETSTRUCT(tuple);

	if (form->prokind == PROKIND_AGGREGATE)
		leave_routine(arg, form);
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

	if (form->oid >= FirstNormalObjectId && !(form->ev_type == '1' && form->is_instead))
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
	int			schema;			/* column with the schema, 0 = it has none */

	/* a member of an extension goes by it: class and column; 0, 0: the object itself */
	Oid			whole;
	int			whole_column;
} Plain;

static const Plain plain[] = {
	{"extension", ExtensionRelationId},
	{"language", LanguageRelationId},
	{"collation", CollationRelationId, Anum_pg_collation_collnamespace},
	{"cast", CastRelationId},
	{"conversion", ConversionRelationId, Anum_pg_conversion_connamespace},
	{"transform", TransformRelationId},
	{"access_method", AccessMethodRelationId},
	{"operator", OperatorRelationId, Anum_pg_operator_oprnamespace},
	{"operator_family", OperatorFamilyRelationId, Anum_pg_opfamily_opfnamespace},
	{"operator_class", OperatorClassRelationId, Anum_pg_opclass_opcnamespace},
	{"family_operator", AccessMethodOperatorRelationId, 0, OperatorFamilyRelationId, Anum_pg_amop_amopfamily},
	{"family_function", AccessMethodProcedureRelationId, 0, OperatorFamilyRelationId, Anum_pg_amproc_amprocfamily},
	{"text_search_parser", TSParserRelationId, Anum_pg_ts_parser_prsnamespace},
	{"text_search_template", TSTemplateRelationId, Anum_pg_ts_template_tmplnamespace},
	{"text_search_dictionary", TSDictionaryRelationId, Anum_pg_ts_dict_dictnamespace},
	{"text_search_configuration", TSConfigRelationId, Anum_pg_ts_config_cfgnamespace},
	{"foreign_data_wrapper", ForeignDataWrapperRelationId},
	{"server", ForeignServerRelationId},
	{"user_mapping", UserMappingRelationId},
	{"publication", PublicationRelationId},
	{"publication_schema", PublicationNamespaceRelationId, 0, PublicationRelationId,
	Anum_pg_publication_namespace_pnpubid},
	{"publication_table", PublicationRelRelationId, 0, PublicationRelationId, Anum_pg_publication_rel_prpubid},
	{"event_trigger", EventTriggerRelationId},
	{"default_privileges", DefaultAclRelationId},
	{"policy", PolicyRelationId, 0, RelationRelationId, Anum_pg_policy_polrelid},
	{"statistics", StatisticExtRelationId}
};

typedef struct PlainScan
{
	SdScan	   *scan;
	const Plain *plain;
} PlainScan;

/* 0 where there is no such column. */
static Oid
oid_in(HeapTuple tuple, TupleDesc desc, int column)
{
	bool		isnull;

	return column ? DatumGetObjectId(heap_getattr(tuple, column, desc, &isnull)) : InvalidOid;
}

/* Every catalog that has oids has them first. */
static void
leave_plain(HeapTuple tuple, TupleDesc desc, void *arg)
{
	const PlainScan *plain_scan = arg;
	SdScan	   *scan = plain_scan->scan;
	const Plain *of = plain_scan->plain;
	Oid			oid = *(Oid *) GETSTRUCT(tuple);

	if (!is_users(scan, oid, oid_in(tuple, desc, of->schema)))
		return;
	if (of->whole ? !is_member(scan, of->whole, oid_in(tuple, desc, of->whole_column)) :
		!is_member(scan, of->relation, oid))
		sd_scan_leave(scan, oid);
}

static void
find_plain(SdScan *scan)
{
	int			i;

	for (i = 0; i < lengthof(plain); i++)
		if (strcmp(plain[i].kind, scan->kind) == 0)
		{
			PlainScan	plain_scan = {scan, &plain[i]};

			sd_catalog_scan(scan->catalog, plain[i].relation, leave_plain, &plain_scan);
		}
}

/* -- what is rarely there ---------------------------------------------------- */

/* Is it owned by another role than its extension?  No row: by the bootstrap superuser. */
static bool
has_other_owner(const SdScan *scan, const SdMember *member, Relation rel)
{
	ScanKeyData keys[3];
	SysScanDesc owners;
	HeapTuple	tuple;
	bool		other = false;

	ScanKeyInit(&keys[0], Anum_pg_shdepend_dbid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(MyDatabaseId));
	ScanKeyInit(&keys[1], Anum_pg_shdepend_classid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(member->key.classid));
	ScanKeyInit(&keys[2], Anum_pg_shdepend_objid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(member->key.objid));
	owners = systable_beginscan(rel, SharedDependDependerIndexId, true, scan->catalog->snapshot, lengthof(keys), keys);
	while ((tuple = systable_getnext(owners)) != NULL)
	{
		Form_pg_shdepend form = (Form_pg_shdepend) GETSTRUCT(tuple);

		other = other || (form->deptype == SHARED_DEPENDENCY_OWNER && form->refobjid != member->owner);
	}
	systable_endscan(owners);
	return other;
}

/*
 * The query lists members with another owner than their extension's, and of
 * relations whatever they consist of; row security and dumped data are relations'
 * too.  It knows extensions of the user's alone, and this one not.
 */
static void
find_changed_members(SdScan *scan)
{
	Relation	rel = table_open(SharedDependRelationId, AccessShareLock);
	HASH_SEQ_STATUS members;
	SdMember   *member;

	hash_seq_init(&members, scan->catalog->members);
	while ((member = hash_seq_search(&members)) != NULL)
		if (!scan->needs_query && member->extension >= FirstNormalObjectId && !member->is_ours)
			scan->needs_query = member->key.classid == RelationRelationId || has_other_owner(scan, member, rel);
	table_close(rel, AccessShareLock);
}

static void
leave_subscription(HeapTuple tuple, TupleDesc desc, void *arg)
{
	Form_pg_subscription form = (Form_pg_subscription) GETSTRUCT(tuple);

	if (form->subdbid == MyDatabaseId)
		sd_scan_leave(arg, form->oid);
}

static void
find_subscriptions(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, SubscriptionRelationId, leave_subscription, scan);
}

/* Their rows have no oid to leave. */
static void
note_setting(HeapTuple tuple, TupleDesc desc, void *arg)
{
	SdScan	   *scan = arg;

	if (((Form_pg_db_role_setting) GETSTRUCT(tuple))->setdatabase == MyDatabaseId)
		scan->needs_query = true;
}

static void
find_settings(SdScan *scan)
{
	sd_catalog_scan(scan->catalog, DbRoleSettingRelationId, note_setting, scan);
}

static const SdScanner plain_finder = {NULL, NULL, find_plain};

static const SdScanner finders[] = {
	{"view", NULL, find_views},
	{"matview", NULL, find_matviews},
	{"view_column", NULL, find_view_columns},
	{"foreign_table", NULL, find_foreign_tables},
	{"attribute", NULL, find_composites},
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
	{"rule", NULL, find_rules},
	{"changed_privileges", NULL, sd_privileges_find},
	{"changed_member", NULL, find_changed_members},
	{"subscription", NULL, find_subscriptions},
	{"database_setting", NULL, find_settings},
	{"role_setting", NULL, find_settings}
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
