/*
 * role_default.c
 *	  Kind: what ALTER ROLE … SET set in all databases, of one role or of all,
 *	  only while schemadrift.roles is on.
 */
#include "postgres.h"

#include "kind/role.h"
#include "kind/setting.h"

#define ROLE "CASE s.setrole WHEN 0 THEN 'ALL' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(s.setrole)) END"

static const SdProperty properties[] = {
	{.name = "role",
		.expr = ROLE,
		.flags = SD_P_DETAIL},
	SD_SETTING_PROPERTIES("o.name", "o.value"),
	{NULL}
};

static void
set(SdDdl *ddl, const SdObject *object, bool on)
{
	sd_setting_set(ddl, psprintf("ALTER ROLE %s", sd_object_value(object, "role")), object, on);
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	set(ddl, object, true);
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	if (object->parent == NULL || !sd_role_is_renamed(ddl, sd_object_value(object, "role")))
		set(ddl, object, false);
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	set(ddl, change->to, true);
	return true;
}

SdKind		sd_kind_role_default = {
	.name = "role_default",
	.form = 2,
	.keyword = "ROLE SETTING",
	.traits = SD_K_WITH_WHOLE | SD_K_LOCAL | SD_K_OPTIONAL | SD_K_NAMELESS,
	.catalog = "pg_db_role_setting",
	.from = SD_SETTING_FROM " WHERE s.setdatabase = 0",
	.oid = "0",
	.identity = "o.name || ' for ' || " ROLE,
	.parent = "CASE WHEN s.setrole <> 0 THEN 'role ' || " ROLE " END",
	.member = "",
	.own = properties,
	.added = SD_CLASS_RISKY,
	.removed = SD_CLASS_RISKY,
	.create = create,
	.drop = drop,
	.alter = alter,
};
