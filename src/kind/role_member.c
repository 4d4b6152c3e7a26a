/*
 * role_member.c
 *	  Kind: memberships of roles in roles, only while schemadrift.roles is on.
 *
 * From 16 on each grantor has a membership of its own; before, who granted it
 * means nothing.
 */
#include "postgres.h"

#include "kind/role.h"

#define ROLE(oid) "pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(" oid "))"

static const SdProperty properties[] = {
	{.name = "role",
		.expr = ROLE("m.member"),
		.flags = SD_P_DETAIL},
	{.name = "group",
		.expr = ROLE("m.roleid"),
		.flags = SD_P_DETAIL},
	{.name = "by",
		.expr = "' GRANTED BY ' || " ROLE("m.grantor"),
		.flags = SD_P_DETAIL,
		.since = 160000},
	{.name = "admin",
		.expr = SD_FLAG("m.admin_option"),
		.class = SD_CLASS_SECURITY,
		.set = "GRANT {group} TO {role} WITH ADMIN OPTION{by}",
		.unset = "REVOKE ADMIN OPTION FOR {group} FROM {role}{by}"},
	{.name = "inherit",
		.expr = SD_FLAG("m.inherit_option"),
		.class = SD_CLASS_SECURITY,
		.set = "GRANT {group} TO {role} WITH INHERIT TRUE{by}",
		.unset = "GRANT {group} TO {role} WITH INHERIT FALSE{by}",
		.since = 160000},
	{.name = "set",
		.expr = SD_FLAG("m.set_option"),
		.class = SD_CLASS_SECURITY,
		.set = "GRANT {group} TO {role} WITH SET TRUE{by}",
		.unset = "GRANT {group} TO {role} WITH SET FALSE{by}",
		.since = 160000},
	{NULL}
};

static const char *
truth(const SdObject *object, const char *property)
{
	return sd_object_flag(object, property) ? "TRUE" : "FALSE";
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	char	   *grant = sd_ddl_fill("GRANT {group} TO {role}", object, NULL, NULL);
	const char *by = sd_object_value(object, "by");

	if (by)
		sd_ddl_addf(ddl, "%s WITH ADMIN %s, INHERIT %s, SET %s%s", grant, truth(object, "admin"),
					truth(object, "inherit"), truth(object, "set"), by);
	else
		sd_ddl_addf(ddl, "%s%s", grant, sd_object_flag(object, "admin") ? " WITH ADMIN OPTION" : "");
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	if (!sd_role_is_renamed(ddl, sd_object_value(object, "role")) &&
		!sd_role_is_renamed(ddl, sd_object_value(object, "group")))
		sd_ddl_add(ddl, sd_ddl_fill("REVOKE {group} FROM {role}{by}", object, NULL, NULL));
}

SdKind		sd_kind_role_member = {
	.name = "role_member",
	.form = 2,
	.keyword = "ROLE MEMBER",
	.traits = SD_K_WITH_WHOLE | SD_K_LOCAL | SD_K_OPTIONAL | SD_K_NAMELESS,
	.catalog = "pg_auth_members",
	.from = "FROM pg_catalog.pg_auth_members m WHERE pg_catalog.pg_get_userbyid(m.member) !~ '^pg_'",
	.oid = "0",					/* it has none before 16 */
	/* no role's name comes first: renames reach what follows */
	.identity = "'grant of ' || " ROLE("m.roleid") " || ' to ' || " ROLE("m.member") " || CASE"
	" WHEN pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= 160000"
	" THEN ' by ' || " ROLE("m.grantor") " ELSE '' END",
	.parent = "'role ' || " ROLE("m.member"),
	.member = "",
	.own = properties,
	.added = SD_CLASS_SECURITY,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.drop = drop,
};
