/*
 * alter_aspects.c
 *	  What an ALTER TABLE may have changed, and so what it has not.
 *
 * Two people alter one table, one of them in a deploy: without this, whatever
 * either did to the table would be explained by both commands.  So it is noted
 * which properties (by the names that the kinds "table" and "column" give them)
 * a command can reach.  A subcommand that is not listed here may have changed
 * anything; too much costs precision, too little an attribution.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "nodes/parsenodes.h"
#include "utils/lsyscache.h"

#include "base/compat.h"
#include "capture/alter_aspects.h"
#include "capture/objects.h"
#include "model/event.h"

/*
 * The event names a constraint of these sorts itself, and they leave all else as
 * it is; but those of partitions, which are objects, it does not name.
 */
static bool
adds_rule_only(const AlterTableCmd *cmd, Oid relid)
{
	return cmd->def && IsA(cmd->def, Constraint) && get_rel_relkind(relid) == RELKIND_RELATION &&
		(((const Constraint *) cmd->def)->contype == CONSTR_CHECK ||
		 ((const Constraint *) cmd->def)->contype == CONSTR_FOREIGN);
}

/* Of the table itself; NULL = anything. */
static const char *
of_table(const AlterTableCmd *cmd, Oid relid)
{
	switch (cmd->subtype)
	{
		case AT_SetRelOptions:
		case AT_ResetRelOptions:
		case AT_ReplaceRelOptions:
			return "options toast_options";
		case AT_EnableRowSecurity:
		case AT_DisableRowSecurity:
			return "row_security";
		case AT_ForceRowSecurity:
		case AT_NoForceRowSecurity:
			return "force_row_security";
		case AT_ReplicaIdentity:
			return "replica_identity";
		case AT_ClusterOn:
		case AT_DropCluster:
			return "clustered_on";
		case AT_SetTableSpace:
			return "tablespace";
		case AT_SetAccessMethod:
			return "access_method";
		case AT_ChangeOwner:
			return "owner privileges";
		case AT_EnableTrig:
		case AT_EnableAlwaysTrig:
		case AT_EnableReplicaTrig:
		case AT_DisableTrig:
		case AT_EnableRule:
		case AT_EnableAlwaysRule:
		case AT_EnableReplicaRule:
		case AT_DisableRule:
		case AT_ColumnDefault:
		case AT_SetStatistics:
		case AT_SetOptions:
		case AT_ResetOptions:
		case AT_SetStorage:
		case AT_SetCompression:
			return "";
		case AT_EnableTrigAll:
		case AT_DisableTrigAll:
		case AT_EnableTrigUser:
		case AT_DisableTrigUser:
		case AT_SetNotNull:
		case AT_DropNotNull:
		case AT_AlterColumnType:
		case AT_AddIdentity:
		case AT_SetIdentity:
		case AT_DropIdentity:
		case AT_AddIndex:
		case AT_AddIndexConstraint:
		case AT_AlterConstraint:
		case SD_AT_VALIDATE_CONSTRAINT:
			return SD_OTHER_PARTS;
		case SD_AT_ADD_CONSTRAINT:
			return adds_rule_only(cmd, relid) ? "" : SD_OTHER_PARTS;
		case SD_AT_ADD_COLUMN:
			return "column_order " SD_OTHER_PARTS;
		case SD_AT_DROP_COLUMN:
		case SD_AT_DROP_CONSTRAINT:
			/* an index that goes takes what named it along */
			return "column_order replica_identity clustered_on " SD_OTHER_PARTS;
		default:
			return NULL;
	}
}

/* Of the column that it names; NULL = anything. */
static const char *
of_column(AlterTableType subtype)
{
	switch (subtype)
	{
		case AT_ColumnDefault:
			return "default";
		case AT_SetStatistics:
			return "statistics";
		case AT_SetOptions:
		case AT_ResetOptions:
			return "options";
		case AT_SetStorage:
			return "storage";
		case AT_SetCompression:
			return "compression";
		default:
			return NULL;
	}
}

bool
sd_alter_aspects_known(const CollectedCommand *command)
{
	char		relkind;

	if (command->type != SCT_AlterTable || command->d.alterTable.classId != RelationRelationId)
		return false;
	relkind = get_rel_relkind(command->d.alterTable.objectId);
	return relkind == RELKIND_RELATION || relkind == RELKIND_PARTITIONED_TABLE;
}

List *
sd_alter_aspects_add(List *objects, const CollectedCommand *command)
{
	Oid			relid = command->d.alterTable.objectId;
	ListCell   *cell;

	foreach(cell, command->d.alterTable.subcmds)
	{
		const CollectedATSubcmd *sub = lfirst(cell);
		const ObjectAddress *address = &sub->address;
		bool		is_known = sub->parsetree && IsA(sub->parsetree, AlterTableCmd);
		AlterTableType subtype = is_known ? ((AlterTableCmd *) sub->parsetree)->subtype : AT_AddColumn;

		objects = sd_objects_add_aspects(objects, RelationRelationId, relid, 0,
										 is_known ? of_table((AlterTableCmd *) sub->parsetree, relid) : NULL);
		if (address->classId == RelationRelationId && address->objectId == relid && address->objectSubId != 0)
			objects = sd_objects_add_aspects(objects, RelationRelationId, relid, address->objectSubId,
											 is_known ? of_column(subtype) : NULL);
	}
	return objects;
}
