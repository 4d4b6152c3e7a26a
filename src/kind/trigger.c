/*
 * trigger.c
 *	  Kind: triggers of tables, foreign tables and views, constraint triggers among them.
 *
 * A trigger on a partitioned table has a clone on each partition, which comes
 * and goes with it.  A clone is an object only while it is enabled otherwise
 * than its parent.
 */
#include "postgres.h"

#include "kind/relation.h"

#define STATE(trigger) \
	"CASE " trigger ".tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'" \
	" WHEN 'A' THEN 'ENABLE ALWAYS' END"

static const SdProperty properties[] = {
	{.name = "name",
		.expr = "pg_catalog.quote_ident(t.tgname)",
		.flags = SD_P_DETAIL},
	{.name = "definition",
		.expr = "pg_catalog.pg_get_triggerdef(t.oid)",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REQUIRED},
	{.name = "enabled",
		.expr = STATE("t"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "parent_enabled",
		.expr = "CASE WHEN u.oid IS NOT NULL THEN COALESCE(" STATE("u") ", 'ENABLE') END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{NULL}
};

static bool
is_clone(const SdObject *object)
{
	return sd_object_value(object, "parent_enabled") != NULL;
}

static void
set_enabled(SdDdl *ddl, const SdObject *object, const char *state)
{
	sd_ddl_addf(ddl, "ALTER TABLE %s %s TRIGGER %s", sd_object_parent_identity(object),
				state ? state : "ENABLE", sd_object_value(object, "name"));
}

/*
 * A clone waits for its partition to be attached, and for its parent's
 * statements, which reach it too.
 */
static void
set_clone(SdDdl *ddl, const SdObject *object)
{
	ddl->to_late = true;
	set_enabled(ddl, object, sd_object_value(object, "enabled"));
	ddl->to_late = false;
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	const char *enabled = sd_object_value(object, "enabled");

	if (is_clone(object))
		set_clone(ddl, object);
	else
	{
		sd_ddl_addf(ddl, "%s", sd_object_value(object, "definition"));
		if (enabled)
			set_enabled(ddl, object, enabled);
	}
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	/* a partition that is detached loses its clones */
	if (is_clone(object) && !ddl->is_detached)
		set_enabled(ddl, object, sd_object_value(object, "parent_enabled"));
	else if (!is_clone(object))
		sd_ddl_addf(ddl, "DROP TRIGGER %s", object->identity);
}

/* Constraint triggers cannot be replaced; the server says so. */
static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	const char *definition = sd_object_value(to, "definition");
	const char *plain = "CREATE TRIGGER ";
	const char *enabled = sd_object_value(to, "enabled");

	if (is_clone(change->from) != is_clone(to))
		return false;
	if (is_clone(to))
		set_clone(ddl, to);
	else if (sd_change_has(change, "definition"))
	{
		if (strncmp(definition, plain, strlen(plain)) != 0 ||
			strncmp(sd_object_value(change->from, "definition"), plain, strlen(plain)) != 0)
			return false;
		sd_ddl_addf(ddl, "CREATE OR REPLACE TRIGGER %s", definition + strlen(plain));

		/* a replaced trigger is enabled like a new one */
		if (enabled)
			set_enabled(ddl, to, enabled);
	}
	else
		set_enabled(ddl, to, enabled);
	return true;
}

SdKind		sd_kind_trigger = {
	.name = "trigger",
	.keyword = "TRIGGER",
	.traits = SD_K_WITH_WHOLE | SD_K_TEXT_BOUND,
	.catalog = "pg_trigger",
	.from = "FROM pg_catalog.pg_trigger t"
	" JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" LEFT JOIN pg_catalog.pg_trigger u ON u.oid = t.tgparentid"
	" WHERE c.relkind IN ('r', 'p', 'v', 'f') AND NOT t.tgisinternal"
	" AND (u.oid IS NULL OR u.tgenabled <> t.tgenabled) AND " SD_USER_SCHEMA("n"),
	.oid = "t.oid",
	.identity = "pg_catalog.quote_ident(t.tgname) || ' ON ' || " SD_QUALIFIED("n", "c.relname"),
	.parent = "CASE c.relkind WHEN 'v' THEN 'view ' || " SD_QUALIFIED("n", "c.relname")
	" ELSE " SD_RELATION_KEY("n", "c") " END",
	.member = "pg_class c.oid",
	.has_comment = true,
	.own = properties,
	.added = SD_CLASS_RISKY,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.drop = drop,
	.alter = alter,
};
