/*
 * role.c
 *	  Kind: roles of the cluster, only while schemadrift.roles is on.
 *
 * Passwords are never read.  Memberships and settings are parts, each a kind
 * of its own.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "kind/role.h"

static const SdProperty properties[] = {
	{.name = "superuser",
		.expr = SD_FLAG("r.rolsuper"),
		.class = SD_CLASS_SECURITY,
		.set = "ALTER ROLE {identity} SUPERUSER",
		.unset = "ALTER ROLE {identity} NOSUPERUSER"},
	{.name = "no_inherit",
		.expr = SD_FLAG("NOT r.rolinherit"),
		.class = SD_CLASS_SECURITY,
		.set = "ALTER ROLE {identity} NOINHERIT",
		.unset = "ALTER ROLE {identity} INHERIT"},
	{.name = "create_role",
		.expr = SD_FLAG("r.rolcreaterole"),
		.class = SD_CLASS_SECURITY,
		.set = "ALTER ROLE {identity} CREATEROLE",
		.unset = "ALTER ROLE {identity} NOCREATEROLE"},
	{.name = "create_db",
		.expr = SD_FLAG("r.rolcreatedb"),
		.class = SD_CLASS_SECURITY,
		.set = "ALTER ROLE {identity} CREATEDB",
		.unset = "ALTER ROLE {identity} NOCREATEDB"},
	{.name = "login",
		.expr = SD_FLAG("r.rolcanlogin"),
		.class = SD_CLASS_SECURITY,
		.set = "ALTER ROLE {identity} LOGIN",
		.unset = "ALTER ROLE {identity} NOLOGIN"},
	{.name = "replication",
		.expr = SD_FLAG("r.rolreplication"),
		.class = SD_CLASS_SECURITY,
		.set = "ALTER ROLE {identity} REPLICATION",
		.unset = "ALTER ROLE {identity} NOREPLICATION"},
	{.name = "bypass_rls",
		.expr = SD_FLAG("r.rolbypassrls"),
		.class = SD_CLASS_SECURITY,
		.set = "ALTER ROLE {identity} BYPASSRLS",
		.unset = "ALTER ROLE {identity} NOBYPASSRLS"},
	{.name = "connection_limit",
		.expr = "CASE WHEN r.rolconnlimit >= 0 THEN r.rolconnlimit END",
		.class = SD_CLASS_RISKY,
		.set = "ALTER ROLE {identity} CONNECTION LIMIT {value}",
		.unset = "ALTER ROLE {identity} CONNECTION LIMIT -1"},
	{.name = "valid_until",
		/* an end of the password that never comes is none, and cannot be taken away otherwise */
		.expr = "CASE WHEN r.rolvaliduntil = 'infinity' THEN NULL WHEN pg_catalog.isfinite(r.rolvaliduntil)"
		" THEN pg_catalog.to_char(pg_catalog.timezone('UTC', r.rolvaliduntil), 'YYYY-MM-DD HH24:MI:SS.US') || '+00'"
		" ELSE r.rolvaliduntil::pg_catalog.text END",
		.class = SD_CLASS_SECURITY,
		.set = "ALTER ROLE {identity} VALID UNTIL {value:literal}",
		.unset = "ALTER ROLE {identity} VALID UNTIL 'infinity'"},
	{NULL}
};

/* What each ALTER says, in one CREATE. */
static void
create(SdDdl *ddl, const SdObject *object)
{
	const char *alter = "ALTER ROLE {identity}";
	StringInfoData sql;
	int			i;

	initStringInfo(&sql);
	appendStringInfo(&sql, "CREATE ROLE %s", object->identity);
	for (i = 0; properties[i].name; i++)
		if (object->values[i])
			appendStringInfoString(&sql, sd_ddl_fill(properties[i].set + strlen(alter), object,
													 object->values[i], NULL));
	sd_ddl_add(ddl, sql.data);
	if (ddl->other && sd_object_flag(object, "login"))
		sd_ddl_impossible(ddl, "The role %s has no password, which is kept nowhere and has to be set by hand.",
						  object->identity);
}

/* The side that is altered may have been brought to the new names already. */
bool
sd_role_is_renamed(const SdDdl *ddl, const char *role)
{
	const SdObject *here = sd_snapshot_find(ddl->snapshot, psprintf("role %s", role));
	ListCell   *cell;

	/* roles of the server are not listed, and keep their names */
	if (ddl->other == NULL || strncmp(role, "pg_", 3) == 0)
		return false;
	if (here == NULL)
		return true;
	if (!sd_snapshot_same_database(ddl->snapshot, ddl->other))
		return false;
	foreach(cell, sd_snapshot_of_kind(ddl->other, "role"))
	{
		const SdObject *there = lfirst(cell);

		if (there->objid == here->objid)
			return strcmp(there->key, here->key) != 0;
	}
	return false;
}

SdKind		sd_kind_role = {
	.name = "role",
	.form = 2,
	.keyword = "ROLE",
	.traits = SD_K_LOCAL | SD_K_OPTIONAL,
	.catalog = "pg_authid",
	.shared = true,
	.from = "FROM pg_catalog.pg_roles r WHERE r.rolname !~ '^pg_'",
	.oid = "r.oid",
	.identity = "pg_catalog.quote_ident(r.rolname)",
	.member = "",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.added = SD_CLASS_SECURITY,
	.removed = SD_CLASS_BREAKING,
	.create = create,
};
