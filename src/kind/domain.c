/*
 * domain.c
 *	  Kind: domains.  Their checks are parts (domain_constraint.c).
 *
 * A default that a domain took over from the domain under it is its own for
 * the server, hence for us.  NOT NULL is a constraint from 17 on, whose name and
 * comment pg_dump keeps from 18 on.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/text.h"
#include "kind/not_null.h"

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
		.flags = SD_P_OWN},
	{.name = "not_null_name",
		.expr = "pg_catalog.quote_ident(nn.conname)",
		.class = SD_CLASS_ADDITIVE,
		.flags = SD_P_OWN,
		.since = 180000,
		.normal = sd_not_null_domain_normal,
		.form = 2},
	{.name = "not_null_comment",
		.expr = "pg_catalog.obj_description(nn.oid, 'pg_constraint')",
		.class = SD_CLASS_ADDITIVE,
		.flags = SD_P_OWN | SD_P_TEXT,
		.since = 180000,
		.form = 2},
	{NULL}
};

static void
set_comment(SdDdl *ddl, const SdObject *object)
{
	const char *comment = sd_object_value(object, "not_null_comment");

	sd_ddl_addf(ddl, "COMMENT ON CONSTRAINT %s ON DOMAIN %s IS %s", sd_not_null_domain_name(object),
				object->identity, comment ? sd_literal(comment) : "NULL");
}

static bool
is_named(const SdObject *object)
{
	int			name = sd_kind_property(object->kind, "not_null_name");

	return sd_object_normal(object, name) || sd_object_value(object, "not_null_comment");
}

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
	if (sd_object_flag(object, "not_null") && is_named(object))
		appendStringInfo(&buf, " CONSTRAINT %s", sd_not_null_domain_name(object));
	if (sd_object_flag(object, "not_null"))
		appendStringInfoString(&buf, " NOT NULL");
	sd_ddl_add(ddl, buf.data);
	if (sd_object_value(object, "not_null_comment"))
		set_comment(ddl, object);
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	bool		not_null = sd_object_flag(to, "not_null");

	if (sd_change_has(change, "not_null") && not_null && is_named(to))
		sd_ddl_addf(ddl, "ALTER DOMAIN %s ADD CONSTRAINT %s NOT NULL", to->identity, sd_not_null_domain_name(to));
	else if (sd_change_has(change, "not_null"))
		sd_ddl_addf(ddl, "ALTER DOMAIN %s %s NOT NULL", to->identity, not_null ? "SET" : "DROP");
	else if (sd_change_has(change, "not_null_name"))
		sd_ddl_addf(ddl, "ALTER DOMAIN %s RENAME CONSTRAINT %s TO %s", to->identity,
					sd_not_null_domain_name(change->from), sd_not_null_domain_name(to));
	if (not_null && sd_change_has(change, "not_null_comment"))
		set_comment(ddl, to);
	return true;
}

SdKind		sd_kind_domain = {
	.name = "domain",
	.keyword = "DOMAIN",
	.catalog = "pg_type",
	.sorts = "d",
	.from = "FROM pg_catalog.pg_type t"
	" JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
	" JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype"
	" LEFT JOIN pg_catalog.pg_constraint nn ON nn.contypid = t.oid AND nn.contype = 'n'"
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
	.alter = alter,
};
