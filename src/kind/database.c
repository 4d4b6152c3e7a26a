/*
 * database.c
 *	  Kind: the database itself.
 *
 * A matter of this one database: a dump of its schema carries none of it, and
 * two databases with the same schema have it each their own.  Encoding, locale
 * and collation version are left out altogether, since no statement changes
 * them but one that says that indexes were rebuilt.
 */
#include "postgres.h"

#include "kind/setting.h"

#define ALTER_DATABASE "ALTER DATABASE {database} "

static const SdProperty properties[] = {
	{.name = "database",
		.expr = "pg_catalog.quote_ident(d.datname)",
		.flags = SD_P_DETAIL},
	{.name = "name",
		.expr = "pg_catalog.quote_ident(d.datname)",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN},
	{.name = "tablespace",
		.expr = "(SELECT pg_catalog.quote_ident(ts.spcname) FROM pg_catalog.pg_tablespace ts"
		" WHERE ts.oid = d.dattablespace AND ts.spcname <> 'pg_default')",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "connection_limit",
		.expr = "CASE WHEN d.datconnlimit >= 0 THEN d.datconnlimit END",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN,
		.set = "CONNECTION LIMIT {value}",
		.unset = "CONNECTION LIMIT -1"},
	{.name = "connections_refused",
		.expr = SD_FLAG("NOT d.datallowconn"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN,
		.set = "ALLOW_CONNECTIONS false",
		.unset = "ALLOW_CONNECTIONS true"},
	{.name = "template",
		.expr = SD_FLAG("d.datistemplate"),
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_OWN,
		.set = "IS_TEMPLATE true",
		.unset = "IS_TEMPLATE false"},
	{NULL}
};

static void
set_options(SdDdl *ddl, const SdObject *object, const Bitmapset *only)
{
	const char *here = sd_database_name(ddl, object);
	int			i;

	for (i = 0; properties[i].name; i++)
	{
		const SdProperty *p = &properties[i];
		const char *value = object->values[i];
		const char *option;

		if (p->set == NULL || (only ? !bms_is_member(i, only) : value == NULL))
			continue;
		option = sd_ddl_fill(value ? p->set : p->unset, object, value, NULL);
		if (only && value && strcmp(p->name, "connections_refused") == 0)
			sd_ddl_impossible(ddl, "A database cannot be told from within to refuse connections:"
							  " ALTER DATABASE %s %s.", here, option);
		else
			sd_ddl_addf(ddl, "ALTER DATABASE %s %s", here, option);
	}
}

/* It is there before any plan; this is for those who read its definition. */
static void
create(SdDdl *ddl, const SdObject *object)
{
	set_options(ddl, object, NULL);
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const char *here = sd_database_name(ddl, change->to);
	const char *tablespace = sd_object_value(change->to, "tablespace");

	set_options(ddl, change->to, change->properties);
	if (sd_change_has(change, "name"))
		sd_ddl_impossible(ddl, "A database cannot be renamed from within: ALTER DATABASE %s RENAME TO %s.",
						  here, sd_object_value(change->to, "name"));
	if (sd_change_has(change, "tablespace"))
		sd_ddl_impossible(ddl, "A database cannot be moved while anybody is connected to it:"
						  " ALTER DATABASE %s SET TABLESPACE %s.", here, tablespace ? tablespace : "pg_default");
	return true;
}

SdKind		sd_kind_database = {
	.name = "database",
	.form = 2,
	.keyword = "DATABASE",
	.traits = SD_K_LOCAL | SD_K_HOLDS_DATA | SD_K_NAMELESS,
	.catalog = "pg_database",
	.shared = true,
	.from = "FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()",
	.oid = "d.oid",
	.identity = "'itself'",
	.owner = "d.datdba",
	.acl = "d.datacl",
	.acl_type = "d",
	.has_comment = true,
	.has_label = true,
	.sql_name = sd_database_name,
	.own = properties,
	.create = create,
	.drop = drop,
	.alter = alter,
};
