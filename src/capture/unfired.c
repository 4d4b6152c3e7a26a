/*
 * unfired.c
 *	  Finds out what a statement that fires no event trigger is about.
 *
 * Best effort, on purpose: what is missed here is found by the next check and
 * is then unattributed.  Only statements that concern this database are
 * looked at; ALTER SYSTEM and other databases are not its schema.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_database.h"
#include "catalog/pg_db_role_setting.h"
#include "catalog/pg_shdepend.h"
#include "catalog/pg_type.h"
#include "commands/dbcommands.h"
#include "commands/defrem.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "capture/arm.h"
#include "capture/objects.h"
#include "capture/unfired.h"

static bool
is_ours(const char *trigger)
{
	return strcmp(trigger, SD_TRIGGER_DDL) == 0 || strcmp(trigger, SD_TRIGGER_DROP) == 0;
}

/*
 * What puts our own event triggers in their place is no event: a restore does
 * it, when the first of them already works.
 */
static bool
is_arming(Node *tree)
{
	switch (nodeTag(tree))
	{
		case T_CreateEventTrigStmt:
			return is_ours(((CreateEventTrigStmt *) tree)->trigname);
		case T_AlterEventTrigStmt:
			return is_ours(((AlterEventTrigStmt *) tree)->trigname) &&
				((AlterEventTrigStmt *) tree)->tgenabled == TRIGGER_FIRES_ALWAYS;
		case T_AlterOwnerStmt:
			return ((AlterOwnerStmt *) tree)->objectType == OBJECT_EVENT_TRIGGER &&
				is_ours(strVal(((AlterOwnerStmt *) tree)->object));
		default:
			return false;
	}
}

static bool
is_shared_or_trigger(ObjectType type)
{
	return type == OBJECT_EVENT_TRIGGER || type == OBJECT_DATABASE || type == OBJECT_ROLE;
}

bool
sd_unfired_is_candidate(Node *tree)
{
	switch (nodeTag(tree))
	{
		case T_ReassignOwnedStmt:
		case T_DropOwnedStmt:
		case T_ExplainStmt:
		case T_ClusterStmt:
		case T_AlterDatabaseStmt:
		case T_AlterDatabaseSetStmt:
		case T_AlterRoleSetStmt:
		case T_CreateRoleStmt:
		case T_AlterRoleStmt:
		case T_DropRoleStmt:
		case T_GrantRoleStmt:
			return true;
		case T_CreateEventTrigStmt:
		case T_AlterEventTrigStmt:
			return !is_arming(tree);
		case T_DropStmt:
			return ((DropStmt *) tree)->removeType == OBJECT_EVENT_TRIGGER;
		case T_RenameStmt:
			return is_shared_or_trigger(((RenameStmt *) tree)->renameType);
		case T_AlterOwnerStmt:
			return is_shared_or_trigger(((AlterOwnerStmt *) tree)->objectType) && !is_arming(tree);
		case T_CommentStmt:
			return is_shared_or_trigger(((CommentStmt *) tree)->objtype);
		case T_SecLabelStmt:
			return is_shared_or_trigger(((SecLabelStmt *) tree)->objtype);
		case T_GrantStmt:
			return ((GrantStmt *) tree)->objtype == OBJECT_DATABASE;
		default:
			return false;
	}
}

/* -- pieces ---------------------------------------------------------------- */

static List *
add_by_name(List *objects, const char *type, const char *name, bool dropped)
{
	return sd_objects_add_named(objects, type, quote_identifier(name), dropped);
}

static List *
add_role(List *objects, const RoleSpec *role)
{
	Oid			oid = role ? get_rolespec_oid(role, true) : InvalidOid;

	return sd_objects_add(objects, AuthIdRelationId, oid, 0);
}

static List *
add_this_database(List *objects, const char *name)
{
	if (name && get_database_oid(name, true) != MyDatabaseId)
		return objects;
	return sd_objects_add(objects, DatabaseRelationId, MyDatabaseId, 0);
}

/* An event trigger, this database or a role, by the object of a parse tree. */
static List *
add_shared_or_trigger(List *objects, ObjectType type, Node *object)
{
	if (object == NULL || !IsA(object, String))
		return objects;
	if (type == OBJECT_DATABASE)
		return add_this_database(objects, strVal(object));
	return add_by_name(objects, type == OBJECT_ROLE ? "role" : "event trigger",
					   strVal(object), false);
}

/* -- settings of this database, and of roles in it -------------------------- */

/* One setting, named as the kinds database_setting and role_setting do. */
static List *
add_setting(List *objects, const char *name, Oid role)
{
	if (!OidIsValid(role))
		return sd_objects_add_named(objects, "database setting", name, false);
	return sd_objects_add_named(objects, "role setting",
								psprintf("%s for %s", name, quote_identifier(GetUserNameFromId(role, false))),
								false);
}

/* RESET ALL names none of them: look which there are. */
static List *
add_all_settings(List *objects, Oid role)
{
	Relation	rel = table_open(DbRoleSettingRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&keys[0], Anum_pg_db_role_setting_setdatabase, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(MyDatabaseId));
	ScanKeyInit(&keys[1], Anum_pg_db_role_setting_setrole, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(role));
	scan = systable_beginscan(rel, DbRoleSettingDatidRolidIndexId, true, NULL, 2, keys);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		is_null;
		Datum		config = heap_getattr(tuple, Anum_pg_db_role_setting_setconfig,
										  RelationGetDescr(rel), &is_null);
		Datum	   *settings;
		int			nsettings = 0;
		int			i;

		if (!is_null)
			deconstruct_array(DatumGetArrayTypeP(config), TEXTOID, -1, false, TYPALIGN_INT,
							  &settings, NULL, &nsettings);
		for (i = 0; i < nsettings; i++)
		{
			char	   *setting = TextDatumGetCString(settings[i]);

			*strchrnul(setting, '=') = '\0';
			objects = add_setting(objects, setting, role);
		}
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return objects;
}

/* role NULL: of the database. */
static List *
add_settings(List *objects, const char *database, const RoleSpec *role, const VariableSetStmt *set)
{
	Oid			roleid = role ? get_rolespec_oid(role, true) : InvalidOid;

	if (get_database_oid(database, true) != MyDatabaseId || (role && !OidIsValid(roleid)))
		return objects;
	if (set->kind == VAR_RESET_ALL)
		return add_all_settings(objects, roleid);
	return set->name ? add_setting(objects, set->name, roleid) : objects;
}

static List *
add_role_setting(List *objects, const AlterRoleSetStmt *stmt)
{
	if (stmt->database)
		return add_settings(objects, stmt->database, stmt->role, stmt->setstmt);
	if (stmt->role)
		return add_role(objects, stmt->role);
	/* named as the kind role_default does; RESET ALL names none */
	return stmt->setstmt->name ?
		sd_objects_add_named(objects, "role default", psprintf("%s for ALL", stmt->setstmt->name), false) : objects;
}

/* -- before: what will be gone or no longer to be told apart --------------- */

/*
 * Everything in this database that the role owns, or with granted only the
 * database, if the role has privileges on it: all else the event trigger tells.
 */
static List *
add_of_role(List *objects, Oid role, bool granted)
{
	Relation	rel = table_open(SharedDependRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&keys[0], Anum_pg_shdepend_refclassid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(AuthIdRelationId));
	ScanKeyInit(&keys[1], Anum_pg_shdepend_refobjid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(role));
	scan = systable_beginscan(rel, SharedDependReferenceIndexId, true, NULL, 2, keys);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_shdepend row = (Form_pg_shdepend) GETSTRUCT(tuple);

		bool		is_database = row->classid == DatabaseRelationId && row->objid == MyDatabaseId;

		if (granted ? row->deptype == SHARED_DEPENDENCY_ACL && is_database :
			row->deptype == SHARED_DEPENDENCY_OWNER && (is_database || row->dbid == MyDatabaseId))
			objects = sd_objects_add(objects, row->classid, row->objid, row->objsubid);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return objects;
}

static List *
add_of_roles(List *roles, bool granted)
{
	List	   *objects = NIL;
	ListCell   *cell;

	foreach(cell, roles)
	{
		Oid			role = get_rolespec_oid(lfirst_node(RoleSpec, cell), true);

		if (OidIsValid(role))
			objects = add_of_role(objects, role, granted);
	}
	return objects;
}

List *
sd_unfired_before(Node *tree)
{
	List	   *objects = NIL;
	ListCell   *cell;

	switch (nodeTag(tree))
	{
		case T_ReassignOwnedStmt:
			return add_of_roles(((ReassignOwnedStmt *) tree)->roles, false);
		case T_DropOwnedStmt:
			return add_of_roles(((DropOwnedStmt *) tree)->roles, true);
		case T_AlterDatabaseSetStmt:
			return add_settings(NIL, ((AlterDatabaseSetStmt *) tree)->dbname, NULL,
								((AlterDatabaseSetStmt *) tree)->setstmt);
		case T_AlterRoleSetStmt:
			return add_role_setting(NIL, (AlterRoleSetStmt *) tree);
		case T_DropStmt:
			foreach(cell, ((DropStmt *) tree)->objects)
				objects = add_by_name(objects, "event trigger", strVal(lfirst(cell)), true);
			return objects;
		case T_DropRoleStmt:
			foreach(cell, ((DropRoleStmt *) tree)->roles)
				objects = add_by_name(objects, "role", lfirst_node(RoleSpec, cell)->rolename, true);
			return objects;
		case T_RenameStmt:
			{
				RenameStmt *stmt = (RenameStmt *) tree;

				if (stmt->renameType == OBJECT_ROLE)
					return add_by_name(NIL, "role", stmt->subname, false);
				return add_shared_or_trigger(NIL, stmt->renameType, stmt->object);
			}
		default:
			return NIL;
	}
}

/* -- after ----------------------------------------------------------------- */

/* EXPLAIN runs its query only with ANALYZE. */
static List *
add_explained(List *objects, const ExplainStmt *stmt)
{
	bool		analyze = false;
	ListCell   *cell;
	Node	   *query = stmt->query;

	foreach(cell, stmt->options)
	{
		DefElem    *option = lfirst_node(DefElem, cell);

		if (strcmp(option->defname, "analyze") == 0)
			analyze = defGetBoolean(option);
	}
	if (query && IsA(query, Query))
		query = ((Query *) query)->utilityStmt;
	if (!analyze || query == NULL || !IsA(query, CreateTableAsStmt))
		return objects;
	return sd_objects_add(objects, RelationRelationId,
						  RangeVarGetRelid(((CreateTableAsStmt *) query)->into->rel,
										   NoLock, true), 0);
}

static List *
add_clustered(List *objects, const ClusterStmt *stmt)
{
	Oid			table;

	if (stmt->relation == NULL || stmt->indexname == NULL)
		return objects;
	table = RangeVarGetRelid(stmt->relation, NoLock, true);
	if (!OidIsValid(table))
		return objects;
	objects = sd_objects_add(objects, RelationRelationId, table, 0);
	return sd_objects_add(objects, RelationRelationId,
						  get_relname_relid(stmt->indexname, get_rel_namespace(table)), 0);
}


static List *
add_granted_roles(List *objects, const GrantRoleStmt *stmt)
{
	ListCell   *cell;

	foreach(cell, stmt->granted_roles)
		objects = sd_objects_add(objects, AuthIdRelationId,
								 get_role_oid(lfirst_node(AccessPriv, cell)->priv_name, true), 0);
	foreach(cell, stmt->grantee_roles)
		objects = add_role(objects, lfirst_node(RoleSpec, cell));
	return objects;
}

/* Who becomes a member by the options of CREATE ROLE or ALTER GROUP. */
static List *
add_members(List *objects, List *options)
{
	ListCell   *cell;
	ListCell   *inner;

	foreach(cell, options)
	{
		const DefElem *option = lfirst_node(DefElem, cell);

		if (strcmp(option->defname, "rolemembers") == 0 || strcmp(option->defname, "adminmembers") == 0)
			foreach(inner, (List *) option->arg)
				objects = add_role(objects, lfirst_node(RoleSpec, inner));
	}
	return objects;
}

static List *
add_granted_databases(List *objects, const GrantStmt *stmt)
{
	ListCell   *cell;

	foreach(cell, stmt->objects)
		objects = add_this_database(objects, strVal(lfirst(cell)));
	return objects;
}

List *
sd_unfired_after(Node *tree)
{
	switch (nodeTag(tree))
	{
		case T_ExplainStmt:
			return add_explained(NIL, (ExplainStmt *) tree);
		case T_ClusterStmt:
			return add_clustered(NIL, (ClusterStmt *) tree);
		case T_CreateEventTrigStmt:
			return add_by_name(NIL, "event trigger", ((CreateEventTrigStmt *) tree)->trigname, false);
		case T_AlterEventTrigStmt:
			return add_by_name(NIL, "event trigger", ((AlterEventTrigStmt *) tree)->trigname, false);
		case T_AlterDatabaseStmt:
			return add_this_database(NIL, ((AlterDatabaseStmt *) tree)->dbname);
		case T_CreateRoleStmt:
			return add_members(sd_objects_add(NIL, AuthIdRelationId,
											  get_role_oid(((CreateRoleStmt *) tree)->role, true), 0),
							   ((CreateRoleStmt *) tree)->options);
		case T_AlterRoleStmt:
			return add_members(add_role(NIL, ((AlterRoleStmt *) tree)->role), ((AlterRoleStmt *) tree)->options);
		case T_GrantRoleStmt:
			return add_granted_roles(NIL, (GrantRoleStmt *) tree);
		case T_GrantStmt:
			return add_granted_databases(NIL, (GrantStmt *) tree);
		case T_AlterOwnerStmt:
			return add_shared_or_trigger(NIL, ((AlterOwnerStmt *) tree)->objectType,
										 ((AlterOwnerStmt *) tree)->object);
		case T_CommentStmt:
			return add_shared_or_trigger(NIL, ((CommentStmt *) tree)->objtype,
										 ((CommentStmt *) tree)->object);
		case T_SecLabelStmt:
			return add_shared_or_trigger(NIL, ((SecLabelStmt *) tree)->objtype,
										 ((SecLabelStmt *) tree)->object);
		default:
			return NIL;
	}
}
