/*
 * unfired_setting.c
 *	  Names the settings that a command is about.
 *
 * Those of this database, and of roles in it, are its schema and are named as
 * their kinds name them; of others it is told that they were changed.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_db_role_setting.h"
#include "catalog/pg_type.h"
#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"

#include "capture/objects.h"
#include "capture/unfired_setting.h"
#include "model/event.h"

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

List *
sd_unfired_database_setting(const AlterDatabaseSetStmt *stmt)
{
	if (get_database_oid(stmt->dbname, true) != MyDatabaseId)
		return sd_objects_add_named(NIL, SD_OTHER_DATABASE, quote_identifier(stmt->dbname), false);
	return add_settings(NIL, stmt->dbname, NULL, stmt->setstmt);
}

List *
sd_unfired_role_setting(const AlterRoleSetStmt *stmt)
{
	const char *name = stmt->setstmt->name;
	Oid			role = stmt->role ? get_rolespec_oid(stmt->role, true) : InvalidOid;
	List	   *objects;

	if (stmt->database)
		return add_settings(NIL, stmt->database, stmt->role, stmt->setstmt);
	/* named as the kind role_default does; RESET ALL names none */
	if (stmt->role == NULL)
		return name ? sd_objects_add_named(NIL, "role default", psprintf("%s for ALL", name), false) : NIL;
	objects = sd_objects_add(NIL, AuthIdRelationId, role, 0);
	if (objects && name)
		objects = sd_objects_add_named(objects, SD_ROLE_WIDE_SETTING,
									   psprintf("%s for %s", name, quote_identifier(GetUserNameFromId(role, false))),
									   false);
	return objects;
}

List *
sd_unfired_server_setting(const AlterSystemStmt *stmt)
{
	return sd_objects_add_named(NIL, SD_SERVER_SETTING, stmt->setstmt->name ? stmt->setstmt->name : "ALL", false);
}

List *
sd_unfired_session_setting(const VariableSetStmt *stmt)
{
	return sd_objects_add_named(NIL, SD_SESSION_SETTING, stmt->name, false);
}
