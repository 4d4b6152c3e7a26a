/*
 * command.c
 *	  Looks into a collected command for what the trigger's rows leave out.
 *
 * An ALTER TABLE row names the table alone, a GRANT row nothing at all; the
 * command behind the row (type pg_ddl_command) knows more.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_database.h"
#include "catalog/pg_default_acl.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_foreign_data_wrapper.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_language.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "rewrite/rewriteSupport.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"

#include "base/compat.h"
#include "capture/alter_aspects.h"
#include "capture/command.h"
#include "capture/objects.h"

/* Sequences and indexes that take over a table's owner, schema or persistence. */
static List *
add_followers(List *objects, Oid relid)
{
	Relation	rel = try_relation_open(relid, AccessShareLock);
	List	   *followers;
	ListCell   *cell;

	if (rel == NULL)
		return objects;
	followers = list_concat(list_copy(RelationGetIndexList(rel)), getOwnedSequences(relid));
	relation_close(rel, NoLock);
	foreach(cell, followers)
		objects = sd_objects_add(objects, RelationRelationId, lfirst_oid(cell), 0);
	return objects;
}

/*
 * From 18 on a column's NOT NULL is a constraint, which is what SET NOT NULL,
 * a primary key and ADD CONSTRAINT report; what changed is the column.
 */
static List *
add_not_null_column(List *objects, Oid constraint)
{
	HeapTuple	tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(constraint));
	Form_pg_constraint form;
	bool		is_null;
	Datum		key;

	if (!HeapTupleIsValid(tuple))
		return objects;
	form = (Form_pg_constraint) GETSTRUCT(tuple);
	key = SysCacheGetAttr(CONSTROID, tuple, Anum_pg_constraint_conkey, &is_null);
	if (form->contype == SD_CONSTRAINT_NOT_NULL && OidIsValid(form->conrelid) && !is_null)
	{
		ArrayType  *columns = DatumGetArrayTypeP(key);

		if (ARR_NDIM(columns) == 1 && ARR_DIMS(columns)[0] == 1)
			objects = sd_objects_add(objects, RelationRelationId, form->conrelid,
									 *(int16 *) ARR_DATA_PTR(columns));
	}
	ReleaseSysCache(tuple);
	return objects;
}

/* ENABLE or DISABLE TRIGGER ALL or USER means each. */
static List *
add_triggers(List *objects, Oid relid)
{
	Relation	rel = try_relation_open(relid, AccessShareLock);
	int			i;

	if (rel == NULL)
		return objects;
	for (i = 0; rel->trigdesc && i < rel->trigdesc->numtriggers; i++)
		if (!rel->trigdesc->triggers[i].tgisinternal)
			objects = sd_objects_add(objects, TriggerRelationId, rel->trigdesc->triggers[i].tgoid, 0);
	relation_close(rel, NoLock);
	return objects;
}

/* A subcommand that names something but reports no address. */
static List *
add_named_part(List *objects, Oid relid, const AlterTableCmd *cmd)
{
	AttrNumber	column;

	switch (cmd->subtype)
	{
		case AT_DropNotNull:
			column = get_attnum(relid, cmd->name);
			return column > 0 ? sd_objects_add(objects, RelationRelationId, relid, column) : objects;
		case AT_EnableTrig:
		case AT_EnableAlwaysTrig:
		case AT_EnableReplicaTrig:
		case AT_DisableTrig:
			return sd_objects_add(objects, TriggerRelationId,
								  get_trigger_oid(relid, cmd->name, true), 0);
		case AT_EnableTrigAll:
		case AT_EnableTrigUser:
		case AT_DisableTrigAll:
		case AT_DisableTrigUser:
			return add_triggers(objects, relid);
		case AT_EnableRule:
		case AT_EnableAlwaysRule:
		case AT_EnableReplicaRule:
		case AT_DisableRule:
			return sd_objects_add(objects, RewriteRelationId,
								  get_rewrite_oid(relid, cmd->name, true), 0);
		case AT_ClusterOn:
			return sd_objects_add(objects, RelationRelationId,
								  get_relname_relid(cmd->name, get_rel_namespace(relid)), 0);
		case AT_AttachPartition:
		case AT_DetachPartition:
			return sd_objects_add(objects, RelationRelationId,
								  RangeVarGetRelid(castNode(PartitionCmd, cmd->def)->name,
												   NoLock, true), 0);
		case AT_ChangeOwner:
		case AT_SetLogged:
		case AT_SetUnLogged:
			return add_followers(objects, relid);
		default:
			return objects;
	}
}

static List *
add_alter_table(List *objects, const CollectedCommand *command)
{
	Oid			relid = command->d.alterTable.objectId;
	ListCell   *cell;

	if (sd_alter_aspects_known(command))
		objects = sd_alter_aspects_add(objects, command);
	foreach(cell, command->d.alterTable.subcmds)
	{
		const CollectedATSubcmd *sub = lfirst(cell);
		const ObjectAddress *address = &sub->address;

		if (OidIsValid(address->objectId))
			objects = sd_objects_add(objects, address->classId, address->objectId,
									 address->objectSubId);
		if (OidIsValid(address->objectId) && address->classId == ConstraintRelationId)
		{
			objects = sd_objects_add(objects, RelationRelationId,
									 get_constraint_index(address->objectId), 0);
			objects = add_not_null_column(objects, address->objectId);
		}
		if (sub->parsetree && IsA(sub->parsetree, AlterTableCmd) &&
			command->d.alterTable.classId == RelationRelationId)
			objects = add_named_part(objects, relid, (AlterTableCmd *) sub->parsetree);
	}
	return objects;
}

/* The catalog that a GRANT's kind of object lives in; none = not schema. */
static Oid
grant_class(ObjectType type)
{
	switch (type)
	{
		case OBJECT_COLUMN:
		case OBJECT_TABLE:
		case OBJECT_SEQUENCE:
			return RelationRelationId;
		case OBJECT_DATABASE:
			return DatabaseRelationId;
		case OBJECT_DOMAIN:
		case OBJECT_TYPE:
			return TypeRelationId;
		case OBJECT_FDW:
			return ForeignDataWrapperRelationId;
		case OBJECT_FOREIGN_SERVER:
			return ForeignServerRelationId;
		case OBJECT_FUNCTION:
		case OBJECT_PROCEDURE:
		case OBJECT_ROUTINE:
			return ProcedureRelationId;
		case OBJECT_LANGUAGE:
			return LanguageRelationId;
		case OBJECT_SCHEMA:
			return NamespaceRelationId;
		default:
			return InvalidOid;
	}
}

static List *
add_grant(List *objects, const InternalGrant *grant)
{
	Oid			classid = grant_class(grant->objtype);
	ListCell   *cell;

	if (!OidIsValid(classid))
		return objects;
	foreach(cell, grant->objects)
	{
		Oid			objid = lfirst_oid(cell);
		ListCell   *priv;

		objects = sd_objects_add(objects, classid, objid, 0);
		foreach(priv, grant->col_privs)
		{
			ListCell   *column;

			foreach(column, lfirst_node(AccessPriv, priv)->cols)
				objects = sd_objects_add(objects, classid, objid,
										 get_attnum(objid, strVal(lfirst(column))));
		}
	}
	return objects;
}

/* -- default privileges ---------------------------------------------------- */

static char
default_acl_type(ObjectType type, const char **plural)
{
	switch (type)
	{
		case OBJECT_TABLE:
			*plural = "tables";
			return DEFACLOBJ_RELATION;
		case OBJECT_SEQUENCE:
			*plural = "sequences";
			return DEFACLOBJ_SEQUENCE;
		case OBJECT_FUNCTION:
		case OBJECT_PROCEDURE:
		case OBJECT_ROUTINE:
			*plural = "functions";
			return DEFACLOBJ_FUNCTION;
		case OBJECT_TYPE:
			*plural = "types";
			return DEFACLOBJ_TYPE;
		case OBJECT_SCHEMA:
			*plural = "schemas";
			return DEFACLOBJ_NAMESPACE;
		case OBJECT_LARGEOBJECT:
			*plural = "large objects";
			return 'L';			/* DEFACLOBJ_LARGEOBJECT, from 18 on */
		default:
			*plural = NULL;
			return '\0';
	}
}

/* One entry; when it went back to the default there is no row any more. */
static List *
add_default_acl(List *objects, Oid role, const char *schema, ObjectType objtype)
{
	Oid			nspid = schema ? get_namespace_oid(schema, true) : InvalidOid;
	const char *plural;
	char		type = default_acl_type(objtype, &plural);
	Oid			entry;
	char	   *name;

	if (type == '\0')
		return objects;
	entry = GetSysCacheOid3(DEFACLROLENSPOBJ, Anum_pg_default_acl_oid,
							ObjectIdGetDatum(role), ObjectIdGetDatum(nspid),
							CharGetDatum(type));
	if (OidIsValid(entry))
		return sd_objects_add(objects, DefaultAclRelationId, entry, 0);
	name = GetUserNameFromId(role, true);
	if (name == NULL)
		return objects;
	return sd_objects_add_named(objects, "default acl",
								psprintf("for role %s%s%s on %s", quote_identifier(name),
										 schema ? " in schema " : "",
										 schema ? quote_identifier(schema) : "", plural),
								true);
}

static List *
add_default_acls(List *objects, const AlterDefaultPrivilegesStmt *stmt)
{
	List	   *roles = NIL;
	List	   *schemas = NIL;
	ListCell   *cell;
	ListCell   *inner;

	foreach(cell, stmt->options)
	{
		DefElem    *option = lfirst_node(DefElem, cell);

		if (strcmp(option->defname, "roles") == 0)
			foreach(inner, (List *) option->arg)
				roles = lappend_oid(roles, get_rolespec_oid(lfirst_node(RoleSpec, inner), true));
		else if (strcmp(option->defname, "schemas") == 0)
			schemas = (List *) option->arg;
	}
	if (roles == NIL)
		roles = list_make1_oid(GetUserId());
	foreach(cell, roles)
	{
		if (schemas == NIL)
			objects = add_default_acl(objects, lfirst_oid(cell), NULL, stmt->action->objtype);
		foreach(inner, schemas)
			objects = add_default_acl(objects, lfirst_oid(cell), strVal(lfirst(inner)),
									  stmt->action->objtype);
	}
	return objects;
}

/* -- extensions ------------------------------------------------------------ */

/* The extensions that one needs; CASCADE may have made them along with it. */
static List *
add_required_extensions(List *objects, Oid extension)
{
	Relation	rel = table_open(DependRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	check_stack_depth();
	ScanKeyInit(&keys[0], Anum_pg_depend_classid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(ExtensionRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_objid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(extension));
	scan = systable_beginscan(rel, DependDependerIndexId, true, NULL, 2, keys);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend row = (Form_pg_depend) GETSTRUCT(tuple);

		if (row->refclassid != ExtensionRelationId)
			continue;
		objects = sd_objects_add(objects, ExtensionRelationId, row->refobjid, 0);
		objects = add_required_extensions(objects, row->refobjid);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return objects;
}

static bool
is_cascade(const CreateExtensionStmt *stmt)
{
	ListCell   *cell;

	foreach(cell, stmt->options)
		if (strcmp(lfirst_node(DefElem, cell)->defname, "cascade") == 0)
			return true;
	return false;
}

/* What follows an object that a simple command names. */
static List *
add_simple(List *objects, const CollectedCommand *command)
{
	const ObjectAddress *address = &command->d.simple.address;

	if (command->parsetree == NULL)
		return objects;
	if (IsA(command->parsetree, AlterObjectSchemaStmt) && address->classId == RelationRelationId)
		return add_followers(objects, address->objectId);
	if (IsA(command->parsetree, CreateExtensionStmt) &&
		is_cascade((const CreateExtensionStmt *) command->parsetree))
		return add_required_extensions(objects, address->objectId);
	return objects;
}

List *
sd_command_add_parts(List *objects, const CollectedCommand *command)
{
	switch (command->type)
	{
		case SCT_AlterTable:
			return add_alter_table(objects, command);
		case SCT_Grant:
			return add_grant(objects, command->d.grant.istmt);
		case SCT_AlterDefaultPrivileges:
			return add_default_acls(objects,
									castNode(AlterDefaultPrivilegesStmt, command->parsetree));
		case SCT_Simple:
			return add_simple(objects, command);
		default:
			return objects;
	}
}
