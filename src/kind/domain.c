/*
 * domain.c
 *	  Kind: domains.  Their checks are parts (domain_constraint.c).
 *
 * A default that a domain took over from the domain under it is its own for
 * the server, hence for us.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "kind/kind.h"

static const SdProperty properties[] = {
	{.name = "type",
		.expr = SD_TYPE("t.typbasetype", "t.typtypmod"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "collation",
		.expr = SD_COLLATION("t.typcollation", "b.typcollation"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "default",
		.expr = "COALESCE(pg_catalog.pg_get_expr(t.typdefaultbin, 0), t.typdefault)",
		.class = SD_CLASS_RISKY,
		.set = "ALTER DOMAIN {identity} SET DEFAULT {value}",
		.unset = "ALTER DOMAIN {identity} DROP DEFAULT"},
	{.name = "not_null",
		.expr = SD_FLAG("t.typnotnull"),
		.class = SD_CLASS_BREAKING,
		.set = "ALTER DOMAIN {identity} SET NOT NULL",
		.unset = "ALTER DOMAIN {identity} DROP NOT NULL"},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	StringInfoData buf;
	const char *value;

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE DOMAIN %s AS %s", object->identity, sd_object_value(object, "type"));
	if ((value = sd_object_value(object, "collation")) != NULL)
		appendStringInfo(&buf, " COLLATE %s", value);
	if ((value = sd_object_value(object, "default")) != NULL)
		appendStringInfo(&buf, " DEFAULT %s", value);
	if (sd_object_flag(object, "not_null"))
		appendStringInfoString(&buf, " NOT NULL");
	sd_ddl_add(ddl, buf.data);
}

SdKind		sd_kind_domain = {
	.name = "domain",
	.keyword = "DOMAIN",
	.catalog = "pg_type",
	.from = "FROM pg_catalog.pg_type t"
	" JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
	" JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype"
	" WHERE t.typtype = 'd' AND " SD_USER_SCHEMA("n"),
	.oid = "t.oid",
	.identity = SD_QUALIFIED("n", "t.typname"),
	.owner = "t.typowner",
	.acl = "t.typacl",
	.acl_type = "T",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
};
