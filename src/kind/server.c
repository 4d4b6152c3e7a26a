/*
 * server.c
 *	  Kind: foreign servers.
 *
 * Neither wrapper nor type can be altered; what is on the server (foreign
 * tables, user mappings) is then built anew with it.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/text.h"
#include "kind/options.h"

static const SdProperty properties[] = {
	{.name = "wrapper",
		.expr = "pg_catalog.quote_ident(w.fdwname)",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "type",
		.expr = "s.srvtype",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "version",
		.expr = "s.srvversion",
		.class = SD_CLASS_RISKY,
		.set = "ALTER SERVER {identity} VERSION {value:literal}",
		.unset = "ALTER SERVER {identity} VERSION NULL"},
	SD_FOREIGN_PROPERTIES("s.srvoptions"),
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	const char *type = sd_object_value(object, "type");
	const char *version = sd_object_value(object, "version");
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE SERVER %s", object->identity);
	if (type)
		appendStringInfo(&buf, " TYPE %s", sd_literal(type));
	if (version)
		appendStringInfo(&buf, " VERSION %s", sd_literal(version));
	appendStringInfo(&buf, " FOREIGN DATA WRAPPER %s%s", sd_object_value(object, "wrapper"),
					 sd_options_foreign(ddl, object, "options"));
	sd_ddl_add(ddl, buf.data);
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	sd_options_foreign_alter(ddl, change, "options", sd_ddl_fill("ALTER SERVER {identity}", change->to, NULL, NULL));
	return true;
}

SdKind		sd_kind_server = {
	.name = "server",
	.keyword = "SERVER",
	.catalog = "pg_foreign_server",
	.from = "FROM pg_catalog.pg_foreign_server s"
	" JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw"
	" WHERE s.oid >= 16384",
	.oid = "s.oid",
	.identity = "pg_catalog.quote_ident(s.srvname)",
	.owner = "s.srvowner",
	.acl = "s.srvacl",
	.acl_type = "S",
	.acl_keyword = "FOREIGN SERVER",
	.has_comment = true,
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
