/*
 * setting.c
 *	  The DDL of settings on databases and roles.
 */
#include "postgres.h"

#include "kind/setting.h"

void
sd_setting_set(SdDdl *ddl, const char *prefix, const SdObject *setting, bool set)
{
	const char *name = sd_object_value(setting, "name");
	const char *value = sd_object_value(setting, "value");

	if (!set)
		sd_ddl_addf(ddl, "%s RESET %s", prefix, name);
	else if (strcmp(value, "'" SD_MASK "'") == 0 && ddl->other)
		sd_ddl_impossible(ddl, "The value of %s may be a secret and is not kept; set it by hand with %s SET %s.",
						  name, prefix, name);
	else
		sd_ddl_addf(ddl, "%s SET %s TO %s", prefix, name, value);
}

/*
 * Names of databases are no part of their schema, so both sides may have
 * another; what counts is the one that the statement meets.
 */
const char *
sd_database_name(const SdDdl *ddl, const SdObject *object)
{
	const SdObject *here = ddl->other ? sd_snapshot_find(ddl->other, object->key) : NULL;

	return sd_object_value(here ? here : object, "database");
}
