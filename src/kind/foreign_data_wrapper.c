/*
 * foreign_data_wrapper.c
 *	  Kind: foreign-data wrappers.
 */
#include "postgres.h"

#include "kind/options.h"

#define FUNCTION(column) "NULLIF(w." column "::pg_catalog.regproc::pg_catalog.text, '-')"

static const SdProperty properties[] = {
	{.name = "handler",
		.expr = FUNCTION("fdwhandler"),
		.class = SD_CLASS_BREAKING,
		.set = "ALTER FOREIGN DATA WRAPPER {identity} HANDLER {value}",
		.unset = "ALTER FOREIGN DATA WRAPPER {identity} NO HANDLER"},
	{.name = "validator",
		.expr = FUNCTION("fdwvalidator"),
		.class = SD_CLASS_RISKY,
		.set = "ALTER FOREIGN DATA WRAPPER {identity} VALIDATOR {value}",
		.unset = "ALTER FOREIGN DATA WRAPPER {identity} NO VALIDATOR"},
	SD_FOREIGN_PROPERTIES("w.fdwoptions"),
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	const char *handler = sd_object_value(object, "handler");
	const char *validator = sd_object_value(object, "validator");

	sd_ddl_addf(ddl, "CREATE FOREIGN DATA WRAPPER %s%s%s%s%s%s", object->identity,
				handler ? " HANDLER " : "", handler ? handler : "",
				validator ? " VALIDATOR " : "", validator ? validator : "", sd_options_foreign(ddl, object, "options"));
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	sd_options_foreign_alter(ddl, change, "options", sd_ddl_fill("ALTER FOREIGN DATA WRAPPER {identity}",
													  change->to, NULL, NULL));
	return true;
}

SdKind		sd_kind_foreign_data_wrapper = {
	.name = "foreign_data_wrapper",
	.keyword = "FOREIGN DATA WRAPPER",
	.catalog = "pg_foreign_data_wrapper",
	.from = "FROM pg_catalog.pg_foreign_data_wrapper w WHERE w.oid >= 16384",
	.oid = "w.oid",
	.identity = "pg_catalog.quote_ident(w.fdwname)",
	.owner = "w.fdwowner",
	.acl = "w.fdwacl",
	.acl_type = "F",
	.has_comment = true,
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
