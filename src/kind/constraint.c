/*
 * constraint.c
 *	  Kind: primary key, unique, exclusion, check and foreign key constraints of
 *	  tables.
 *
 * What can be altered by itself (validation, deferral, the index's options) is
 * cut off the text that the server gives and is a property of its own.  NOT
 * NULL stays with the columns, constraint triggers are triggers.  A constraint
 * that a child has from its parent comes and goes with the parent's; that of a
 * partition is an object all the same, because a new partition must have it
 * before it is attached.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/index.h"
#include "kind/relation.h"

/* The text up to what the server puts after it, always in this order. */
#define BARE \
	"CASE WHEN k.convalidated AND NOT k.condeferrable AND NOT (k.contype = 'c' AND k.connoinherit)" \
	" THEN d.def ELSE pg_catalog.regexp_replace(d.def," \
	" '( NO INHERIT)?( DEFERRABLE)?( INITIALLY DEFERRED)?( NOT ENFORCED)?( NOT VALID)?$', '') END"

#define PREDICATE SD_INDEX_PREDICATE("i", "(", ")")

static const SdProperty properties[] = {
	{.name = "name",
		.expr = "pg_catalog.quote_ident(k.conname)",
		.flags = SD_P_DETAIL},
	{.name = "type",
		.expr = "CASE k.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE'"
		" WHEN 'x' THEN 'EXCLUDE' WHEN 'c' THEN 'CHECK' WHEN 'f' THEN 'FOREIGN KEY' END",
		.flags = SD_P_DETAIL | SD_P_REQUIRED},
	{.name = "definition",
		.expr = "CASE WHEN k.contype = 'x' AND ic.reloptions IS NOT NULL THEN "
		SD_INDEX_CUT(BARE, "ic", PREDICATE) " ELSE " BARE " END",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE | SD_P_REQUIRED},
	{.name = "predicate",
		.expr = "CASE WHEN i.indpred IS NOT NULL AND (ic.reloptions IS NOT NULL OR ic.reltablespace <> 0) THEN "
		PREDICATE " END",
		.flags = SD_P_DETAIL},
	{.name = "partitioned",
		.expr = SD_FLAG("c.relkind = 'p'"),
		.flags = SD_P_DETAIL},
	{.name = "inherited",
		.expr = SD_FLAG("k.contype = 'c' AND NOT k.conislocal"),
		.flags = SD_P_DETAIL},
	{.name = "no_inherit",
		.expr = SD_FLAG("k.contype = 'c' AND k.connoinherit"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "deferrable",
		.expr = "CASE WHEN k.condeferred THEN 'DEFERRABLE INITIALLY DEFERRED'"
		" WHEN k.condeferrable THEN 'DEFERRABLE INITIALLY IMMEDIATE' END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "not_enforced",
		.expr = SD_FLAG("NOT k.conenforced"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN,
		.since = 180000},
	{.name = "not_valid",
		.expr = "CASE WHEN NOT k.convalidated AND d.def ~ ' NOT VALID$' THEN 'true' END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "index",
		.expr = "CASE WHEN i.indexrelid IS NOT NULL THEN " SD_QUALIFIED("n", "ic.relname") " END",
		.flags = SD_P_DETAIL},
	{.name = "options",
		.expr = SD_OPTIONS("ic.reloptions"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "tablespace",
		.expr = "pg_catalog.quote_ident(ts.spcname)",
		.class = SD_CLASS_RISKY,
		.set = "ALTER INDEX {index} SET TABLESPACE {value}",
		.unset = "ALTER INDEX {index} SET TABLESPACE pg_default"},
	{.name = "attached_to",
		.expr = SD_QUALIFIED("pn", "p.relname"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "partition_of",
		.expr = SD_QUALIFIED("tpn", "tp.relname"),
		.flags = SD_P_DETAIL},
	{.name = "index_comment",
		.expr = "idsc.description",
		.class = SD_CLASS_ADDITIVE,
		.flags = SD_P_TEXT,
		.set = "COMMENT ON INDEX {index} IS {value:literal}"},
	{NULL}
};

static bool
is_type(const SdObject *object, const char *type)
{
	return strcmp(sd_object_value(object, "type"), type) == 0;
}

/*
 * Keys are added to a partitioned table alone and attached one by one, so that
 * each partition's keeps its name.  A foreign key or check reaches the
 * partitions by itself.
 */
static const char *
only(const SdObject *object)
{
	return sd_object_value(object, "index") ? "ONLY " : "";
}

/*
 * Does it reference a partitioned key?  That is valid once every partition's
 * key is attached, which is late.
 */
static bool
references_partitions(const SdObject *object)
{
	ListCell   *cell;

	foreach(cell, object->depends)
		if (is_type(object, "FOREIGN KEY") && ((SdDepend *) lfirst(cell))->need == SD_NEED_LAST)
			return true;
	return false;
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	StringInfoData buf;
	const char *value;

	/* adding it to the parent reaches a partition that is there */
	if (sd_object_flag(object, "inherited") && ddl->whole_before &&
		sd_index_same_partition(object, ddl->whole_before))
		return;
	initStringInfo(&buf);
	appendStringInfo(&buf, "ALTER TABLE %s%s ADD CONSTRAINT %s %s", only(object),
					 sd_object_parent_identity(object), sd_object_value(object, "name"),
					 sd_index_text(object, "USING INDEX TABLESPACE"));
	if (sd_object_flag(object, "no_inherit"))
		appendStringInfoString(&buf, " NO INHERIT");
	if ((value = sd_object_value(object, "deferrable")) != NULL)
		appendStringInfo(&buf, " %s", value);
	if (sd_object_flag(object, "not_enforced"))
		appendStringInfoString(&buf, " NOT ENFORCED");
	if (sd_object_flag(object, "not_valid"))
		appendStringInfoString(&buf, " NOT VALID");
	/* its comment comes as late */
	ddl->to_late = references_partitions(object);
	sd_ddl_add(ddl, buf.data);
	if ((value = sd_object_value(object, "index_comment")) != NULL)
		sd_ddl_addf(ddl, "COMMENT ON INDEX %s IS %s", sd_object_value(object, "index"), sd_literal(value));
	sd_index_attach(ddl, object, sd_object_value(object, "index"));
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	if (ddl->is_detached ||
		(sd_object_value(object, "attached_to") == NULL && !sd_object_flag(object, "inherited")))
		sd_ddl_add(ddl, sd_ddl_fill("ALTER TABLE {parent} DROP CONSTRAINT {name}", object, NULL, NULL));
}

/* Deferral and enforcement, which only foreign keys can change. */
static bool
alter_foreign_key(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	char	   *prefix = sd_ddl_fill("ALTER TABLE {parent} ALTER CONSTRAINT {name}", to, NULL, NULL);
	const char *deferrable = sd_object_value(to, "deferrable");

	if (!is_type(to, "FOREIGN KEY"))
		return false;
	if (sd_change_has(change, "deferrable"))
		sd_ddl_addf(ddl, "%s %s", prefix, deferrable ? deferrable : "NOT DEFERRABLE");
	if (sd_change_has(change, "not_enforced"))
		sd_ddl_addf(ddl, "%s %s", prefix, sd_object_flag(to, "not_enforced") ? "NOT ENFORCED" : "ENFORCED");
	return true;
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;

	if (sd_change_has(change, "attached_to") &&
		!sd_index_alter_attached(ddl, change, sd_object_value(to, "index")))
		return false;
	if ((sd_change_has(change, "deferrable") || sd_change_has(change, "not_enforced")) &&
		!alter_foreign_key(ddl, change))
		return false;
	if (sd_change_has(change, "not_valid"))
	{
		/* enforcing a constraint validates it */
		if (sd_object_flag(to, "not_valid"))
			return false;
		if (!sd_change_has(change, "not_enforced"))
			sd_ddl_add(ddl, sd_ddl_fill("ALTER TABLE {parent} VALIDATE CONSTRAINT {name}", to, NULL, NULL));
	}
	if (sd_change_has(change, "options"))
	{
		if (sd_object_flag(to, "partitioned"))
			return false;
		sd_ddl_options(ddl, psprintf("ALTER INDEX %s", sd_object_value(to, "index")), "",
					   sd_object_value(change->from, "options"), sd_object_value(to, "options"));
	}
	return true;
}

SdKind		sd_kind_constraint = {
	.name = "constraint",
	.keyword = "CONSTRAINT",
	.traits = SD_K_WITH_WHOLE,
	.catalog = "pg_constraint",
	.sorts = "r",
	.from = "FROM pg_catalog.pg_constraint k"
	" JOIN pg_catalog.pg_class c ON c.oid = k.conrelid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	/* once for each; a function in FROM would store its row first, OFFSET keeps it from being copied */
	" CROSS JOIN LATERAL (SELECT pg_catalog.pg_get_constraintdef(k.oid) AS def OFFSET 0) AS d"
	" LEFT JOIN (pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid)"
	" ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')"
	" LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = ic.reltablespace"
	" LEFT JOIN (pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent"
	" JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace) ON h.inhrelid = ic.oid"
	" LEFT JOIN (pg_catalog.pg_inherits th JOIN pg_catalog.pg_class tp ON tp.oid = th.inhparent"
	" JOIN pg_catalog.pg_namespace tpn ON tpn.oid = tp.relnamespace)"
	" ON th.inhrelid = c.oid AND c.relispartition"
	" LEFT JOIN pg_catalog.pg_description idsc ON idsc.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass"
	" AND idsc.objoid = ic.oid AND idsc.objsubid = 0"
	" WHERE c.relkind IN ('r', 'p', 'f') AND k.contype IN ('p', 'u', 'x', 'c', 'f')"
	" AND (k.contype <> 'c' OR k.conislocal OR c.relispartition)"
	" AND (k.contype <> 'f' OR k.conparentid = 0) AND " SD_USER_SCHEMA("n"),
	.oid = "k.oid",
	.identity = "pg_catalog.quote_ident(k.conname) || ' ON ' || " SD_QUALIFIED("n", "c.relname"),
	.parent = SD_RELATION_KEY("n", "c"),
	.member = "pg_class c.oid",
	.has_comment = true,
	.own = properties,
	.added = SD_CLASS_RISKY,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.drop = drop,
	.alter = alter,
};
