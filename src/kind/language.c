/*
 * language.c
 *	  Kind: procedural languages that belong to no extension.
 *
 * Everything but the name can be replaced under the functions written in it.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "kind/kind.h"

#define FUNCTION_NAME(oid) "NULLIF(" oid "::pg_catalog.regproc::pg_catalog.text, '-')"

static const SdProperty properties[] = {
	{.name = "trusted",
		.expr = SD_FLAG("l.lanpltrusted"),
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_OWN},
	{.name = "handler",
		.expr = FUNCTION_NAME("l.lanplcallfoid"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.set = " HANDLER {value}"},
	{.name = "inline",
		.expr = FUNCTION_NAME("l.laninline"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.set = " INLINE {value}"},
	{.name = "validator",
		.expr = FUNCTION_NAME("l.lanvalidator"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.set = " VALIDATOR {value}"},
	{NULL}
};

static void
add_statement(SdDdl *ddl, const SdObject *language, const char *verb)
{
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s%s LANGUAGE %s", verb,
					 sd_object_flag(language, "trusted") ? " TRUSTED" : "", language->identity);
	for (i = 0; i < lengthof(properties) - 1; i++)
		if (properties[i].set && language->values[i])
			appendStringInfoString(&buf, sd_ddl_fill(properties[i].set, language, language->values[i], NULL));
	sd_ddl_add(ddl, buf.data);
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	add_statement(ddl, object, "CREATE");
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	add_statement(ddl, change->to, "CREATE OR REPLACE");
	return true;
}

SdKind		sd_kind_language = {
	.name = "language",
	.keyword = "LANGUAGE",
	.catalog = "pg_language",
	.from = "FROM pg_catalog.pg_language l WHERE l.lanispl AND " SD_NOT_BUILTIN("l.oid"),
	.oid = "l.oid",
	.identity = "pg_catalog.quote_ident(l.lanname)",
	.owner = "l.lanowner",
	.acl = "l.lanacl",
	.acl_type = "l",
	.form = 2,
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
