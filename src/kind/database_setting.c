/*
 * database_setting.c
 *	  Kind: what ALTER DATABASE … SET, or ALTER ROLE ALL IN DATABASE, set.
 */
#include "postgres.h"

#include "kind/setting.h"

static const SdProperty properties[] = {
	{.name = "database",
		.expr = "pg_catalog.quote_ident(d.datname)",
		.flags = SD_P_DETAIL},
	{.name = "name",
		.expr = "pg_catalog.quote_ident(o.name)",
		.flags = SD_P_DETAIL},
	{.name = "value",
		.expr = SD_SETTING_SHOWN("o.name", "o.value"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{NULL}
};

static void
set(SdDdl *ddl, const SdObject *object, const char *value)
{
	sd_setting_set(ddl, psprintf("ALTER DATABASE %s", sd_database_name(ddl, object)), object, value);
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	set(ddl, object, sd_object_value(object, "value"));
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	set(ddl, object, NULL);
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	set(ddl, change->to, sd_object_value(change->to, "value"));
	return true;
}

SdKind		sd_kind_database_setting = {
	.name = "database_setting",
	.form = 2,
	.keyword = "DATABASE SETTING",
	.traits = SD_K_LOCAL,
	.catalog = "pg_db_role_setting",
	.from = SD_SETTING_FROM
	" JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase"
	" WHERE s.setrole = 0 AND d.datname = pg_catalog.current_database()",
	.oid = "0",					/* several in one row, which has no oid */
	.identity = "o.name",
	.own = properties,
	.added = SD_CLASS_RISKY,
	.removed = SD_CLASS_RISKY,
	.create = create,
	.drop = drop,
	.alter = alter,
};
