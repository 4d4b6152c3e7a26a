/*
 * user_mapping.c
 *	  Kind: user mappings, by which a role logs in at a foreign server.
 *
 * The catalog is for superusers alone; the view shows everybody that a mapping
 * exists, and its options only to those concerned.  For others they are marked
 * as not readable, which is no difference and no equality either.
 *
 * As nobody else may see the options, a value is a secret here unless its name
 * says that it is none: a wrapper may call a password whatever it likes.
 */
#include "postgres.h"

#include "kind/options.h"

/* the same condition under which the view gives the options */
#define IS_READABLE \
	"(m.umuser <> 0 AND m.usename = current_user" \
	" AND (pg_catalog.pg_has_role(s.srvowner, 'USAGE')" \
	" OR pg_catalog.has_server_privilege(s.oid, 'USAGE'))" \
	" OR m.umuser = 0 AND pg_catalog.pg_has_role(s.srvowner, 'USAGE')" \
	" OR (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user))"

#define IS_SECRET \
	SD_FOREIGN_NAME " !~* '(^|_)(user|username|login|principal|role|schema|database)$" \
	"|_(required|file|path|id)$|^ssl(mode|cert|key|rootcert|crl)$'"

static const SdProperty properties[] = {
	{.name = "options",
		.expr = "CASE WHEN " IS_READABLE " THEN " SD_FOREIGN_OPTIONS_BY("m.umoptions", IS_SECRET)
		" ELSE '" SD_UNREADABLE "' END",
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_OWN | SD_P_GUARDED},
	{.name = "secret",
		.expr = SD_FOREIGN_SECRETS_BY("m.umoptions", IS_SECRET),
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_SECRET},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_addf(ddl, "CREATE USER MAPPING FOR %s%s", object->identity, sd_options_foreign(ddl, object, "options"));
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	sd_options_foreign_alter(ddl, change, "options", sd_ddl_fill("ALTER USER MAPPING FOR {identity}",
													  change->to, NULL, NULL));
	return true;
}

SdKind		sd_kind_user_mapping = {
	.name = "user_mapping",
	.keyword = "USER MAPPING FOR",
	.traits = SD_K_NAMELESS,
	.catalog = "pg_user_mapping",
	.from = "FROM pg_catalog.pg_user_mappings m"
	" JOIN pg_catalog.pg_foreign_server s ON s.oid = m.srvid"
	" WHERE m.umid >= 16384",
	.oid = "m.umid",
	.identity = "CASE m.umuser WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(m.usename) END"
	" || ' SERVER ' || pg_catalog.quote_ident(m.srvname)",
	.own = properties,
	.form = 2,
	.added = SD_CLASS_SECURITY,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
