/*
 * procedure.c
 *	  Kind: procedures.
 */
#include "postgres.h"

#include "kind/routine.h"

static const SdProperty properties[] = {
	SD_ROUTINE_PROPERTIES("PROCEDURE"),
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

SdKind		sd_kind_procedure = {
	.name = "procedure",
	.keyword = "PROCEDURE",
	.traits = SD_K_TEXT_BOUND,
	.catalog = "pg_proc",
	.from = SD_ROUTINE_FROM("p.prokind = 'p'"),
	.oid = "p.oid",
	.identity = SD_ROUTINE_IDENTITY,
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
