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
	SD_SETTING_PROPERTIES("o.name", "o.value"),
	{NULL}
};

static void
set(SdDdl *ddl, const SdObject *object, bool on)
{
	sd_setting_set(ddl, psprintf("ALTER DATABASE %s", sd_database_name(ddl, object)), object, on);
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	set(ddl, object, true);
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	set(ddl, object, false);
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	set(ddl, change->to, true);
	return true;
}

SdKind		sd_kind_database_setting = {
	.name = "database_setting",
	.form = 2,
	.keyword = "DATABASE SETTING",
	.traits = SD_K_LOCAL | SD_K_NAMELESS,
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
