/*
 * unfired_setting.h
 *	  Settings that commands change for a database, a role or the server.
 */
#ifndef SD_UNFIRED_SETTING_H
#define SD_UNFIRED_SETTING_H

#include "postgres.h"

#include "nodes/parsenodes.h"
#include "nodes/pg_list.h"

/* ALTER DATABASE … SET and ALTER ROLE … SET, before they run. */
extern List *sd_unfired_database_setting(const AlterDatabaseSetStmt *stmt);
extern List *sd_unfired_role_setting(const AlterRoleSetStmt *stmt);

/* ALTER SYSTEM, and SET of what switches capture off. */
extern List *sd_unfired_server_setting(const AlterSystemStmt *stmt);
extern List *sd_unfired_session_setting(const VariableSetStmt *stmt);

#endif							/* SD_UNFIRED_SETTING_H */
