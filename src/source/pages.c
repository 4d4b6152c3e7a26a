/*
 * pages.c
 *	  The pages of this database's catalogs, to see what changed since a time.
 *
 * What makes an equal LSN a proof: rows of catalogs are always written to WAL
 * (hint bits aside, which change nothing), under the exclusive lock of the
 * page; we look under the shared one.  A row written before we looked may
 * commit afterwards without another write, so a page with a transaction that
 * our snapshot takes as running, our own included, has no LSN to compare with.
 * Neither has a page without one: a catalog that is rewritten while
 * wal_level is minimal.
 *
 * Most pages need not be touched at all to know that: see pages_left_alone().
 *
 * A sum tells that rows of an object changed, not which: rows that VACUUM or an
 * update moves to another page cancel out.  Sums are only ever compared with
 * those of the same database and the same version of this file.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/multixact.h"
#include "access/transam.h"
#include "access/visibilitymap.h"
#include "access/xact.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_am.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_amproc.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_auth_members.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_conversion.h"
#include "catalog/pg_database.h"
#include "catalog/pg_db_role_setting.h"
#include "catalog/pg_default_acl.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_description.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_event_trigger.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_foreign_data_wrapper.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_init_privs.h"
#include "catalog/pg_language.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_parameter_acl.h"
#include "catalog/pg_partitioned_table.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_publication.h"
#include "catalog/pg_publication_namespace.h"
#include "catalog/pg_publication_rel.h"
#include "catalog/pg_range.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_seclabel.h"
#include "catalog/pg_sequence.h"
#include "catalog/pg_shdescription.h"
#include "catalog/pg_shseclabel.h"
#include "catalog/pg_statistic_ext.h"
#include "catalog/pg_subscription.h"
#include "catalog/pg_tablespace.h"
#include "catalog/pg_transform.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_ts_config.h"
#include "catalog/pg_ts_config_map.h"
#include "catalog/pg_ts_dict.h"
#include "catalog/pg_ts_parser.h"
#include "catalog/pg_ts_template.h"
#include "catalog/pg_type.h"
#include "catalog/pg_user_mapping.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/bufpage.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "source/pages.h"

/* A range of bytes in a row's fixed part that says nothing about the schema. */
typedef struct Hole
{
	int			offset;
	int			length;
} Hole;

/* Is the row about this database's schema?  A copy of the tuple's fixed part. */
typedef bool (*RowFilter) (const void *row);

struct SdCatalog
{
	Oid			relid;
	Oid			classid;		/* of the objects that rows are about; invalid:
								 * class_column says */
	AttrNumber	class_column;
	AttrNumber	object_column;
	bool		is_local;
	RowFilter	filter;
	const Hole *holes;			/* ends with length 0 */
	int			fixed_only;		/* hash no more than these bytes, 0 = all */
	AttrNumber	also;			/* and this one, eight bytes by value */
};

#define HOLE(form, field) {offsetof(form, field), sizeof(((form *) NULL)->field)}

/* Storage and statistics, and flags that VACUUM takes back when it likes. */
static const Hole class_holes[] = {
	HOLE(FormData_pg_class, relfilenode),
	HOLE(FormData_pg_class, relpages),
	HOLE(FormData_pg_class, reltuples),
	HOLE(FormData_pg_class, relallvisible),
	SD_MORE_CLASS_HOLES
	HOLE(FormData_pg_class, reltoastrelid),
	HOLE(FormData_pg_class, relhasindex),
	HOLE(FormData_pg_class, relhasrules),
	HOLE(FormData_pg_class, relhastriggers),
	HOLE(FormData_pg_class, relhassubclass),
	HOLE(FormData_pg_class, relrewrite),
	HOLE(FormData_pg_class, relfrozenxid),
	HOLE(FormData_pg_class, relminmxid),
	{0, 0}
};
static const Hole database_holes[] = {
	HOLE(FormData_pg_database, datfrozenxid),
	HOLE(FormData_pg_database, datminmxid),
	{0, 0}
};
static const Hole subscription_holes[] = {HOLE(FormData_pg_subscription, subskiplsn), {0, 0}};

static bool
is_permanent(const void *row)
{
	return ((const FormData_pg_class *) row)->relpersistence != RELPERSISTENCE_TEMP;
}

static bool
is_user_column(const void *row)
{
	return ((const FormData_pg_attribute *) row)->attnum > 0;
}

/* The schemas of sessions' temporary objects are made when first needed. */
static bool
is_lasting_schema(const void *row)
{
	const char *name = NameStr(((const FormData_pg_namespace *) row)->nspname);

	return strncmp(name, "pg_temp_", 8) != 0 && strncmp(name, "pg_toast_temp_", 14) != 0;
}

static bool
is_this_database(const void *row)
{
	return ((const FormData_pg_database *) row)->oid == MyDatabaseId;
}

static bool
is_setting_here(const void *row)
{
	Oid			database = ((const FormData_pg_db_role_setting *) row)->setdatabase;

	return database == MyDatabaseId || database == InvalidOid;
}

static bool
is_subscription_here(const void *row)
{
	return ((const FormData_pg_subscription *) row)->subdbid == MyDatabaseId;
}

/* Rows about objects of a class, that the given column names. */
#define LOCAL(relation, class, column) {relation, class, 0, column, true, NULL, NULL, 0, 0}
#define GLOBAL(relation, class, column) {relation, class, 0, column, false, NULL, NULL, 0, 0}
/* Rows that name class and object themselves. */
#define ABOUT(relation, class_column, column) {relation, InvalidOid, class_column, column, true, NULL, NULL, 0, 0}

/*
 * test/check_catalogs holds this list against the catalogs that kinds read.
 * An aggregate's, sequence's or default's rows are about what they are part of.
 */
static const SdCatalog catalogs[] = {
	{RelationRelationId, RelationRelationId, 0, Anum_pg_class_oid, true, is_permanent, class_holes, 0, 0},
	{AttributeRelationId, RelationRelationId, 0, Anum_pg_attribute_attrelid, true, is_user_column, NULL, 0, 0},
	LOCAL(AttrDefaultRelationId, RelationRelationId, Anum_pg_attrdef_adrelid),
	LOCAL(TypeRelationId, TypeRelationId, Anum_pg_type_oid),
	LOCAL(EnumRelationId, TypeRelationId, Anum_pg_enum_enumtypid),
	LOCAL(RangeRelationId, TypeRelationId, Anum_pg_range_rngtypid),
	LOCAL(ConstraintRelationId, ConstraintRelationId, Anum_pg_constraint_oid),
	LOCAL(IndexRelationId, RelationRelationId, Anum_pg_index_indexrelid),
	LOCAL(InheritsRelationId, RelationRelationId, Anum_pg_inherits_inhrelid),
	LOCAL(PartitionedRelationId, RelationRelationId, Anum_pg_partitioned_table_partrelid),
	LOCAL(SequenceRelationId, RelationRelationId, Anum_pg_sequence_seqrelid),
	LOCAL(RewriteRelationId, RewriteRelationId, Anum_pg_rewrite_oid),
	LOCAL(TriggerRelationId, TriggerRelationId, Anum_pg_trigger_oid),
	LOCAL(PolicyRelationId, PolicyRelationId, Anum_pg_policy_oid),
	LOCAL(ProcedureRelationId, ProcedureRelationId, Anum_pg_proc_oid),
	LOCAL(AggregateRelationId, ProcedureRelationId, Anum_pg_aggregate_aggfnoid),
	LOCAL(StatisticExtRelationId, StatisticExtRelationId, Anum_pg_statistic_ext_oid),
	ABOUT(DependRelationId, Anum_pg_depend_classid, Anum_pg_depend_objid),
	ABOUT(DescriptionRelationId, Anum_pg_description_classoid, Anum_pg_description_objoid),
	ABOUT(SecLabelRelationId, Anum_pg_seclabel_classoid, Anum_pg_seclabel_objoid),
	ABOUT(InitPrivsRelationId, Anum_pg_init_privs_classoid, Anum_pg_init_privs_objoid),

	{NamespaceRelationId, NamespaceRelationId, 0, Anum_pg_namespace_oid, false, is_lasting_schema, NULL, 0, 0},
	GLOBAL(ExtensionRelationId, ExtensionRelationId, Anum_pg_extension_oid),
	GLOBAL(OperatorRelationId, OperatorRelationId, Anum_pg_operator_oid),
	GLOBAL(OperatorClassRelationId, OperatorClassRelationId, Anum_pg_opclass_oid),
	GLOBAL(OperatorFamilyRelationId, OperatorFamilyRelationId, Anum_pg_opfamily_oid),
	GLOBAL(AccessMethodRelationId, AccessMethodRelationId, Anum_pg_am_oid),
	GLOBAL(AccessMethodOperatorRelationId, OperatorFamilyRelationId, Anum_pg_amop_amopfamily),
	GLOBAL(AccessMethodProcedureRelationId, OperatorFamilyRelationId, Anum_pg_amproc_amprocfamily),
	GLOBAL(CastRelationId, CastRelationId, Anum_pg_cast_oid),
	GLOBAL(CollationRelationId, CollationRelationId, Anum_pg_collation_oid),
	GLOBAL(ConversionRelationId, ConversionRelationId, Anum_pg_conversion_oid),
	GLOBAL(LanguageRelationId, LanguageRelationId, Anum_pg_language_oid),
	GLOBAL(TransformRelationId, TransformRelationId, Anum_pg_transform_oid),
	GLOBAL(EventTriggerRelationId, EventTriggerRelationId, Anum_pg_event_trigger_oid),
	GLOBAL(ForeignDataWrapperRelationId, ForeignDataWrapperRelationId, Anum_pg_foreign_data_wrapper_oid),
	GLOBAL(ForeignServerRelationId, ForeignServerRelationId, Anum_pg_foreign_server_oid),
	GLOBAL(ForeignTableRelationId, RelationRelationId, Anum_pg_foreign_table_ftrelid),
	GLOBAL(UserMappingRelationId, UserMappingRelationId, Anum_pg_user_mapping_oid),
	GLOBAL(TSConfigRelationId, TSConfigRelationId, Anum_pg_ts_config_oid),
	GLOBAL(TSConfigMapRelationId, TSConfigRelationId, Anum_pg_ts_config_map_mapcfg),
	GLOBAL(TSDictionaryRelationId, TSDictionaryRelationId, Anum_pg_ts_dict_oid),
	GLOBAL(TSParserRelationId, TSParserRelationId, Anum_pg_ts_parser_oid),
	GLOBAL(TSTemplateRelationId, TSTemplateRelationId, Anum_pg_ts_template_oid),
	GLOBAL(DefaultAclRelationId, DefaultAclRelationId, Anum_pg_default_acl_oid),
	GLOBAL(PublicationRelationId, PublicationRelationId, Anum_pg_publication_oid),
	GLOBAL(PublicationRelRelationId, PublicationRelationId, Anum_pg_publication_rel_prpubid),
	GLOBAL(PublicationNamespaceRelationId, PublicationRelationId, Anum_pg_publication_namespace_pnpubid),
	GLOBAL(TableSpaceRelationId, TableSpaceRelationId, Anum_pg_tablespace_oid),
	GLOBAL(AuthMemRelationId, AuthIdRelationId, Anum_pg_auth_members_roleid),
	GLOBAL(ParameterAclRelationId, ParameterAclRelationId, Anum_pg_parameter_acl_oid),
	{SubscriptionRelationId, SubscriptionRelationId, 0, Anum_pg_subscription_oid, false,
	is_subscription_here, subscription_holes, 0, 0},
	{DatabaseRelationId, DatabaseRelationId, 0, Anum_pg_database_oid, false,
	is_this_database, database_holes, 0, 0},
	{DbRoleSettingRelationId, DatabaseRelationId, 0, Anum_pg_db_role_setting_setdatabase, false,
	is_setting_here, NULL, 0, 0},
	/* passwords are no schema */
	{AuthIdRelationId, AuthIdRelationId, 0, Anum_pg_authid_oid, false, NULL, NULL,
	offsetof(FormData_pg_authid, rolconnlimit) + sizeof(int32), Anum_pg_authid_rolvaliduntil},
	{SharedDescriptionRelationId, InvalidOid, Anum_pg_shdescription_classoid,
	Anum_pg_shdescription_objoid, false, NULL, NULL, 0, 0},
	{SharedSecLabelRelationId, InvalidOid, Anum_pg_shseclabel_classoid,
	Anum_pg_shseclabel_objoid, false, NULL, NULL, 0, 0},
};

const SdCatalog *
sd_catalogs(int *count)
{
	*count = lengthof(catalogs);
	return catalogs;
}

const SdCatalog *
sd_catalog_at(const SdCatalog *first, int i)
{
	return first + i;
}

Oid
sd_catalog_oid(const SdCatalog *catalog)
{
	return catalog->relid;
}

bool
sd_catalog_is_local(const SdCatalog *catalog)
{
	return catalog->is_local;
}

bool
sd_catalog_oid_is_local(Oid relid)
{
	int			i;

	for (i = 0; i < lengthof(catalogs); i++)
		if (catalogs[i].relid == relid)
			return catalogs[i].is_local;
	return false;
}

/* A catalog that fills much of the buffers must not push out everything else. */
static BufferAccessStrategy
strategy_for(Relation rel)
{
	static BufferAccessStrategy ring = NULL;

	if (RelationGetNumberOfBlocks(rel) <= NBuffers / 4)
		return NULL;
	if (ring == NULL)
	{
		MemoryContext caller = MemoryContextSwitchTo(TopMemoryContext);

		ring = GetAccessStrategy(BAS_BULKREAD);
		MemoryContextSwitchTo(caller);
	}
	return ring;
}

/* The map's page, locked; invalid where the map has none. */
static Buffer
lock_map(Relation rel, BlockNumber block)
{
	Buffer		map = InvalidBuffer;

	(void) visibilitymap_get_status(rel, block, &map);
	if (BufferIsValid(map))
		LockBuffer(map, BUFFER_LOCK_SHARE);
	return map;
}

XLogRecPtr
sd_pages_map_lsn(Relation rel, BlockNumber block)
{
	Buffer		map = lock_map(rel, block);
	XLogRecPtr	lsn;

	if (!BufferIsValid(map))
		return InvalidXLogRecPtr;
	lsn = BufferGetLSNAtomic(map);
	UnlockReleaseBuffer(map);
	return lsn;
}

/*
 * The pages that the visibility map proves to be as they were.  Inserting,
 * updating and deleting clear a page's bit, and setting one gives the map's
 * page another LSN: with the same LSN, a bit that is set was never cleared.
 * What is not visible to our snapshot cannot have been set since.
 * Updates in place clear nothing; what they write are holes of ours.
 */
static uint32
pages_left_alone(Relation rel, BlockNumber first, int npages, XLogRecPtr map_lsn)
{
	Buffer		map;
	uint32		alone = 0;
	int			i;

	if (XLogRecPtrIsInvalid(map_lsn))
		return 0;
	map = lock_map(rel, first);
	if (!BufferIsValid(map))
		return 0;
	for (i = 0; i < npages; i++)
		if (visibilitymap_get_status(rel, first + i, &map) & VISIBILITYMAP_ALL_VISIBLE)
			alone |= (uint32) 1 << i;
	if (BufferGetLSNAtomic(map) != map_lsn)
		alone = 0;
	UnlockReleaseBuffer(map);
	return alone;
}

uint32
sd_pages_differing(Relation rel, BlockNumber first, int npages, const XLogRecPtr *lsns,
				   XLogRecPtr map_lsn)
{
	uint32		alone = pages_left_alone(rel, first, npages, map_lsn);
	BufferAccessStrategy strategy = strategy_for(rel);
	uint32		differing = 0;
	int			i;

	for (i = 0; i < npages; i++)
	{
		Buffer		buffer;

		CHECK_FOR_INTERRUPTS();
		if (XLogRecPtrIsInvalid(lsns[i]))
		{
			differing |= (uint32) 1 << i;
			continue;
		}
		if (alone & ((uint32) 1 << i))
			continue;
		buffer = ReadBufferExtended(rel, MAIN_FORKNUM, first + i, RBM_NORMAL, strategy);
		LockBuffer(buffer, BUFFER_LOCK_SHARE);
		if (BufferGetLSNAtomic(buffer) != lsns[i])
			differing |= (uint32) 1 << i;
		UnlockReleaseBuffer(buffer);
	}
	return differing;
}

/* Was this transaction over for good, one way or the other, at the snapshot? */
static bool
is_decided(TransactionId xid, Snapshot snapshot)
{
	if (!TransactionIdIsNormal(xid))
		return true;
	return !TransactionIdIsCurrentTransactionId(xid) && !XidInMVCCSnapshot(xid, snapshot);
}

static bool
is_settled(HeapTupleHeader tuple, Snapshot snapshot)
{
	TransactionId xmax;

	if (!HeapTupleHeaderXminFrozen(tuple) &&
		!is_decided(HeapTupleHeaderGetRawXmin(tuple), snapshot))
		return false;
	if ((tuple->t_infomask & HEAP_XMAX_INVALID) || HEAP_XMAX_IS_LOCKED_ONLY(tuple->t_infomask))
		return true;
	xmax = (tuple->t_infomask & HEAP_XMAX_IS_MULTI) ? HeapTupleGetUpdateXid(tuple) :
		HeapTupleHeaderGetRawXmax(tuple);
	return is_decided(xmax, snapshot);
}

/* The row's bytes but for its holes; which columns are null belongs to it. */
static uint64
hash_row(const SdCatalog *catalog, HeapTuple tuple, TupleDesc desc, char *copy)
{
	HeapTupleHeader header = tuple->t_data;
	int			length = tuple->t_len - header->t_hoff;
	uint64		hash = HeapTupleHeaderGetNatts(header);
	const Hole *hole;
	bool		is_null = true;

	if (catalog->also)
	{
		int64		value = DatumGetInt64(heap_getattr(tuple, catalog->also, desc, &is_null));

		if (!is_null)
			hash = hash_bytes_extended((unsigned char *) &value, sizeof(value), hash);
	}
	if (catalog->fixed_only > 0)
		length = Min(length, catalog->fixed_only);
	else if (header->t_infomask & HEAP_HASNULL)
		hash = hash_bytes_extended(header->t_bits, BITMAPLEN(HeapTupleHeaderGetNatts(header)), hash);
	if (catalog->holes == NULL)
		return hash_bytes_extended((unsigned char *) header + header->t_hoff, length, hash ^ catalog->relid);
	memcpy(copy, (char *) header + header->t_hoff, length);
	for (hole = catalog->holes; hole->length > 0; hole++)
		memset(copy + hole->offset, 0, hole->length);
	return hash_bytes_extended((unsigned char *) copy, length, hash ^ catalog->relid);
}

static Oid
oid_of(HeapTuple tuple, AttrNumber column, TupleDesc desc)
{
	bool		is_null;

	return DatumGetObjectId(heap_getattr(tuple, column, desc, &is_null));
}

/* Rows of one object mostly stand together. */
static void
add_row(SdPage *page, Oid classid, Oid objid, uint64 hash)
{
	SdPageEntry *last = page->nentries > 0 ? &page->entries[page->nentries - 1] : NULL;

	if (last == NULL || last->objid != objid || last->classid != classid)
	{
		last = &page->entries[page->nentries++];
		last->classid = classid;
		last->objid = objid;
		last->sum = 0;
	}
	last->sum += hash;
}

static void
read_row(Relation rel, const SdCatalog *catalog, HeapTuple tuple, SdPage *page, char *copy)
{
	TupleDesc	desc = RelationGetDescr(rel);

	if (catalog->filter && !catalog->filter(GETSTRUCT(tuple)))
		return;
	add_row(page,
			OidIsValid(catalog->classid) ? catalog->classid : oid_of(tuple, catalog->class_column, desc),
			oid_of(tuple, catalog->object_column, desc), hash_row(catalog, tuple, desc, copy));
}

void
sd_page_read(Relation rel, const SdCatalog *catalog, BlockNumber block, Snapshot snapshot, SdPage *page)
{
	Buffer		buffer = ReadBufferExtended(rel, MAIN_FORKNUM, block, RBM_NORMAL, strategy_for(rel));
	PGAlignedBlock copy;
	Page		content;
	OffsetNumber n;

	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	content = BufferGetPage(buffer);
	page->lsn = BufferGetLSNAtomic(buffer);
	page->nentries = 0;
	page->entries = palloc(sizeof(SdPageEntry) * (PageGetMaxOffsetNumber(content) + 1));
	for (n = FirstOffsetNumber; n <= PageGetMaxOffsetNumber(content); n++)
	{
		ItemId		item = PageGetItemId(content, n);
		HeapTupleData tuple;

		if (!ItemIdIsNormal(item))
			continue;
		tuple.t_data = (HeapTupleHeader) PageGetItem(content, item);
		tuple.t_len = ItemIdGetLength(item);
		tuple.t_tableOid = RelationGetRelid(rel);
		ItemPointerSet(&tuple.t_self, block, n);
		if (!is_settled(tuple.t_data, snapshot))
			page->lsn = InvalidXLogRecPtr;
		if (HeapTupleSatisfiesVisibility(&tuple, snapshot, buffer))
			read_row(rel, catalog, &tuple, page, copy.data);
	}
	UnlockReleaseBuffer(buffer);
}
