/*
 * procedure.c
 *	  Kind: procedures.
 */
#include "postgres.h"

#include "kind/routine.h"

static const SdProperty properties[] = {
	SD_ROUTINE_PROPERTIES("PROCEDURE"),
	{.name = "written",
		.expr = "CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_proc q WHERE q.proname = p.proname"
		" AND q.pronamespace = p.pronamespace AND q.prokind = 'p' AND q.oid <> p.oid) THEN "
		SD_QUALIFIED("n", "p.proname") " || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' END",
		.flags = SD_P_DETAIL},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_routine_create(ddl, object, NULL);
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	return sd_routine_alter(ddl, change, NULL);
}

/* Types alone would be those of another one's arguments, output included. */
static const char *
sql_name(const SdDdl *ddl, const SdObject *object)
{
	const char *written = sd_object_value(object, "written");

	return written ? written : object->identity;
}

SdKind		sd_kind_procedure = {
	.name = "procedure",
	.keyword = "PROCEDURE",
	.traits = SD_K_TEXT_BOUND,
	.catalog = "pg_proc",
	.from = SD_ROUTINE_FROM("p.prokind = 'p'"),
	.oid = "p.oid",
	.identity = SD_ROUTINE_IDENTITY,
	.sql_name = sql_name,
	.owner = "p.proowner",
	.acl = "p.proacl",
	.acl_type = "f",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
