/*
 * default_privileges.c
 *	  Kind: default privileges, one object for each role, schema and sort of
 *	  object as pg_default_acl has them.
 *
 * An entry without a schema stands instead of what the server gives by itself;
 * one of a schema comes on top, so it starts from nothing.  There is no
 * CREATE or DROP: an entry that is back at its start is gone.
 */
#include "postgres.h"

#include "kind/acl.h"
#include "kind/default_privileges.h"

#define DEFAULTS \
	"pg_catalog.acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole)"
#define OBJECTS \
	"CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'" \
	" WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' WHEN 'L' THEN 'large objects' END"

static const SdProperty properties[] = {
	{.name = "role",
		.expr = "pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(d.defaclrole))",
		.flags = SD_P_DETAIL},
	{.name = "schema",
		.expr = "pg_catalog.quote_ident(n.nspname)",
		.flags = SD_P_DETAIL},
	{.name = "objects",
		.expr = "pg_catalog.upper(" OBJECTS ")",
		.flags = SD_P_DETAIL | SD_P_REQUIRED},
	{.name = "privileges",
		.expr = SD_ACL_TEXT("d.defaclacl", "d.defaclrole", SD_ACL_WHOLE(DEFAULTS, "d.defaclrole")),
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_OWN},
	{NULL}
};

static const struct
{
	char		type;			/* acldefault()'s */
	const char *objects;
}			sorts[] = {
	{'r', "TABLES"}, {'s', "SEQUENCES"}, {'f', "FUNCTIONS"}, {'T', "TYPES"}, {'n', "SCHEMAS"},
	{'L', "LARGE OBJECTS"}
};

static char
type_of(const SdObject *entry)
{
	int			i;

	for (i = 0; i < lengthof(sorts); i++)
		if (strcmp(sorts[i].objects, sd_object_value(entry, "objects")) == 0)
			return sorts[i].type;
	elog(ERROR, "unknown default privileges \"%s\"", entry->key);
}

static SdAclTarget
target_of(const SdObject *entry)
{
	const char *schema = sd_object_value(entry, "schema");
	SdAclTarget target = {0};

	target.prefix = psprintf("ALTER DEFAULT PRIVILEGES FOR ROLE %s%s%s ", sd_object_value(entry, "role"),
							 schema ? " IN SCHEMA " : "", schema ? schema : "");
	target.on = sd_object_value(entry, "objects");
	target.owner = sd_object_value(entry, "role");
	target.initial = schema ? "none" : sd_acl_default_text(type_of(entry));
	return target;
}

static void
set(SdDdl *ddl, const SdObject *entry, const char *from, const char *to)
{
	SdAclTarget target = target_of(entry);

	sd_acl_change(ddl, &target, from, to);
}

/* Late: after everything that it would apply to. */
static void
create(SdDdl *ddl, const SdObject *object)
{
	ddl->to_late = true;
	set(ddl, object, NULL, sd_object_value(object, "privileges"));
	ddl->to_late = false;
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	set(ddl, object, sd_object_value(object, "privileges"), NULL);
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	ddl->to_late = true;
	set(ddl, change->to, sd_object_value(change->from, "privileges"),
		sd_object_value(change->to, "privileges"));
	ddl->to_late = false;
	return true;
}

/* Those of the side that the plan starts from which it does not take away first. */
static List *
entries(const SdDdl *ddl)
{
	List	   *list = NIL;
	ListCell   *cell;

	foreach(cell, ddl->other ? sd_snapshot_of_kind(ddl->other, "default_privileges") : NIL)
		if (sd_snapshot_find(ddl->snapshot, ((SdObject *) lfirst(cell))->key))
			list = lappend(list, lfirst(cell));
	return list;
}

List *
sd_default_privileges_of(const SdDdl *ddl, const char *schema, char type)
{
	List	   *list = NIL;
	ListCell   *cell;

	foreach(cell, entries(ddl))
	{
		const SdObject *entry = lfirst(cell);
		const char *its_schema = sd_object_value(entry, "schema");

		if (type_of(entry) == type &&
			(its_schema == NULL || (schema && strcmp(its_schema, schema) == 0)))
			list = lappend(list, lfirst(cell));
	}
	return list;
}

void
sd_default_privileges_suspend(SdDdl *ddl, bool suspend)
{
	ListCell   *cell;

	foreach(cell, entries(ddl))
	{
		const SdObject *entry = lfirst(cell);
		const char *privileges = sd_object_value(entry, "privileges");

		set(ddl, entry, suspend ? privileges : NULL, suspend ? NULL : privileges);
	}
}

SdKind		sd_kind_default_privileges = {
	.name = "default_privileges",
	.form = 2,
	.keyword = "DEFAULT PRIVILEGES",
	.catalog = "pg_default_acl",
	.from = "FROM pg_catalog.pg_default_acl d"
	" LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace"
	" WHERE d.defaclobjtype IN ('r', 'S', 'f', 'T', 'n', 'L')",
	.oid = "d.oid",
	/* as the server's own identity of it, by which events name it */
	.identity = "'for role ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(d.defaclrole))"
	" || COALESCE(' in schema ' || pg_catalog.quote_ident(n.nspname), '') || ' on ' || " OBJECTS,
	.own = properties,
	.added = SD_CLASS_SECURITY,
	.removed = SD_CLASS_SECURITY,
	.create = create,
	.drop = drop,
	.alter = alter,
};
