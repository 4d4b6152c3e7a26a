/*
 * unfired.c
 *	  Finds out what a statement that fires no event trigger is about.
 *
 * Best effort, on purpose: what is missed here is found by the next check and
 * is then unattributed.  What is not of this database's schema (the server's
 * settings, other databases, tablespaces) explains nothing in it and is
 * recorded all the same: whoever asks what happened finds it in the log.
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
#include "catalog/pg_shdepend.h"
#include "commands/dbcommands.h"
#include "commands/defrem.h"
#include "commands/tablespace.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "nodes/value.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "capture/arm.h"
#include "capture/objects.h"
#include "capture/unfired.h"
#include "capture/unfired_setting.h"
#include "capture/unfired_shared.h"
#include "model/event.h"

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
	return type == OBJECT_EVENT_TRIGGER || type == OBJECT_DATABASE || type == OBJECT_ROLE ||
		type == OBJECT_TABLESPACE;
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
		case T_AlterDatabaseRefreshCollStmt:
		case T_CreatedbStmt:
		case T_DropdbStmt:
		case T_CreateTableSpaceStmt:
		case T_DropTableSpaceStmt:
		case T_AlterTableSpaceOptionsStmt:
		case T_AlterSystemStmt:
		case T_VariableSetStmt:		/* only some come this far */
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
			return ((GrantStmt *) tree)->objtype == OBJECT_DATABASE ||
				((GrantStmt *) tree)->objtype == OBJECT_TABLESPACE ||
				((GrantStmt *) tree)->objtype == OBJECT_PARAMETER_ACL;
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
			return sd_unfired_database_setting((AlterDatabaseSetStmt *) tree);
		case T_AlterRoleSetStmt:
			return sd_unfired_role_setting((AlterRoleSetStmt *) tree);
		case T_DropStmt:
			foreach(cell, ((DropStmt *) tree)->objects)
				objects = add_by_name(objects, "event trigger", strVal(lfirst(cell)), true);
			return objects;
		case T_VariableSetStmt:
			return sd_unfired_session_setting((VariableSetStmt *) tree);
		case T_DropdbStmt:
			return OidIsValid(get_database_oid(((DropdbStmt *) tree)->dbname, true)) ?
				sd_unfired_add_database(NIL, ((DropdbStmt *) tree)->dbname, true) : NIL;
		case T_DropTableSpaceStmt:
			return OidIsValid(get_tablespace_oid(((DropTableSpaceStmt *) tree)->tablespacename, true)) ?
				add_by_name(NIL, SD_TABLESPACE, ((DropTableSpaceStmt *) tree)->tablespacename, true) : NIL;
		case T_DropRoleStmt:
			foreach(cell, ((DropRoleStmt *) tree)->roles)
				objects = add_by_name(objects, "role", lfirst_node(RoleSpec, cell)->rolename, true);
			return objects;
		case T_RenameStmt:
			{
				RenameStmt *stmt = (RenameStmt *) tree;

				/* shared things are named by a string of their own, event triggers by a node */
				if (stmt->object == NULL)
					return sd_unfired_add_shared(NIL, stmt->renameType, (Node *) makeString(stmt->subname));
				return sd_unfired_add_shared(NIL, stmt->renameType, stmt->object);
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
			return sd_unfired_add_database(NIL, ((AlterDatabaseStmt *) tree)->dbname, false);
		case T_AlterDatabaseRefreshCollStmt:
			return sd_unfired_add_database(NIL, ((AlterDatabaseRefreshCollStmt *) tree)->dbname, false);
		case T_CreatedbStmt:
			return sd_unfired_add_database(NIL, ((CreatedbStmt *) tree)->dbname, false);
		case T_CreateTableSpaceStmt:
			return add_by_name(NIL, SD_TABLESPACE, ((CreateTableSpaceStmt *) tree)->tablespacename, false);
		case T_AlterTableSpaceOptionsStmt:
			return add_by_name(NIL, SD_TABLESPACE, ((AlterTableSpaceOptionsStmt *) tree)->tablespacename, false);
		case T_AlterSystemStmt:
			return sd_unfired_server_setting((AlterSystemStmt *) tree);
		case T_CreateRoleStmt:
			return add_members(sd_objects_add(NIL, AuthIdRelationId,
											  get_role_oid(((CreateRoleStmt *) tree)->role, true), 0),
							   ((CreateRoleStmt *) tree)->options);
		case T_AlterRoleStmt:
			return add_members(add_role(NIL, ((AlterRoleStmt *) tree)->role), ((AlterRoleStmt *) tree)->options);
		case T_GrantRoleStmt:
			return add_granted_roles(NIL, (GrantRoleStmt *) tree);
		case T_GrantStmt:
			return sd_unfired_add_granted(NIL, (GrantStmt *) tree);
		case T_AlterOwnerStmt:
			return sd_unfired_add_shared(NIL, ((AlterOwnerStmt *) tree)->objectType,
										 ((AlterOwnerStmt *) tree)->object);
		case T_CommentStmt:
			return sd_unfired_add_shared(NIL, ((CommentStmt *) tree)->objtype,
										 ((CommentStmt *) tree)->object);
		case T_SecLabelStmt:
			return sd_unfired_add_shared(NIL, ((SecLabelStmt *) tree)->objtype,
										 ((SecLabelStmt *) tree)->object);
		default:
			return NIL;
	}
}
