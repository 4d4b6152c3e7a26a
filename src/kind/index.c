/*
 * index.c
 *	  Kind: indexes of tables and materialized views, those behind a constraint
 *	  left to it.
 *
 * An index of a partitioned table is written ON ONLY, as the server prints it,
 * and those of the partitions are objects of their own, attached late; so both
 * sides keep their names.  An attached index goes with its parent's DROP.
 *
 * A failed CREATE INDEX CONCURRENTLY leaves an invalid index behind.  That is a
 * difference which no statement can make, only mend.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/index.h"
#include "kind/names.h"

static const SdProperty properties[] = {
	{.name = "definition",
		.expr = "CASE WHEN c.reloptions IS NULL THEN pg_catalog.pg_get_indexdef(c.oid) ELSE "
		SD_INDEX_CUT("pg_catalog.pg_get_indexdef(c.oid)", "c", SD_INDEX_PREDICATE("i", "", "")) " END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE | SD_P_REQUIRED},
	{.name = "predicate",
		.expr = "CASE WHEN i.indpred IS NOT NULL AND (c.reloptions IS NOT NULL OR c.reltablespace <> 0) THEN "
		SD_INDEX_PREDICATE("i", "", "") " END",
		.flags = SD_P_DETAIL},
	{.name = "partitioned",
		.expr = SD_FLAG("c.relkind = 'I'"),
		.flags = SD_P_DETAIL},
	{.name = "options",
		.expr = SD_OPTIONS("c.reloptions"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "tablespace",
		.expr = "pg_catalog.quote_ident(ts.spcname)",
		.class = SD_CLASS_RISKY,
		.set = "ALTER INDEX {identity} SET TABLESPACE {value}",
		.unset = "ALTER INDEX {identity} SET TABLESPACE pg_default"},
	{.name = "statistics",
		.expr = "CASE WHEN i.indexprs IS NOT NULL THEN"	/* others have none */
		" (SELECT pg_catalog.string_agg(sa.attnum || '=' || sa.attstattarget, ', ' ORDER BY sa.attnum)"
		" FROM pg_catalog.pg_attribute sa WHERE sa.attrelid = c.oid AND sa.attstattarget >= 0"
		" AND sa.attnum > 0) END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "attached_to",
		.expr = SD_QUALIFIED("pn", "p.relname"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "partition_of",
		.expr = SD_QUALIFIED("tpn", "tp.relname"),
		.flags = SD_P_DETAIL},
	{.name = "invalid",
		.expr = SD_FLAG("c.relkind = 'i' AND NOT i.indisvalid"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN},
	{.name = "not_ready",
		.expr = SD_FLAG("c.relkind = 'i' AND NOT i.indisready"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN},
	{NULL}
};

char *
sd_index_text(const SdObject *object, const char *tablespace_keyword)
{
	StringInfoData buf;
	const char *definition = sd_object_value(object, "definition");
	const char *predicate = sd_object_value(object, "predicate");
	const char *options = sd_object_value(object, "options");
	const char *tablespace = sd_object_value(object, "tablespace");
	size_t		length = strlen(definition);

	initStringInfo(&buf);
	if (predicate && length > strlen(predicate) &&
		strcmp(definition + length - strlen(predicate), predicate) == 0)
		length -= strlen(predicate);
	else
		predicate = NULL;
	appendBinaryStringInfo(&buf, definition, length);
	if (options)
		appendStringInfo(&buf, " WITH (%s)", options);
	if (tablespace)
		appendStringInfo(&buf, " %s %s", tablespace_keyword, tablespace);
	if (predicate)
		appendStringInfoString(&buf, predicate);
	return buf.data;
}

void
sd_index_attach(SdDdl *ddl, const SdObject *object, const char *index)
{
	const char *parent = sd_object_value(object, "attached_to");

	if (parent)
		sd_ddl_latef(ddl, "ALTER INDEX %s ATTACH PARTITION %s", parent, index);
}

/* Are both, or the tables that they are on, partitions of the same table? */
bool
sd_index_same_partition(const SdObject *a, const SdObject *b)
{
	const char *of_a = sd_object_value(a, "partition_of");
	const char *of_b = sd_object_value(b, "partition_of");

	return of_a && of_b && strcmp(of_a, of_b) == 0;
}

/*
 * While its table stays a partition of the same table, an index can only leave
 * its parent index by being dropped.  Where the table leaves, so does the index.
 */
bool
sd_index_alter_attached(SdDdl *ddl, const SdChange *change, const char *index)
{
	if (sd_object_value(change->from, "attached_to") != NULL &&
		sd_index_same_partition(change->from, change->to))
		return false;
	sd_index_attach(ddl, change->to, index);
	return true;
}

/* Does the list "2=400, 3=10" have the setting, or with any_target its column? */
static bool
has_target(List *list, const char *setting, bool any_target)
{
	const char *sign = strchr(setting, '=');
	size_t		length = any_target && sign ? sign - setting + 1 : strlen(setting) + 1;
	ListCell   *cell;

	if (sign == NULL)
		elog(ERROR, "malformed statistics target \"%s\"", setting);

	foreach(cell, list)
		if (strncmp(lfirst(cell), setting, length) == 0)
			return true;
	return false;
}

static void
alter_statistics(SdDdl *ddl, const SdObject *object, const char *from, const char *to)
{
	List	   *before = sd_split_names(from);
	List	   *after = sd_split_names(to);
	ListCell   *cell;

	foreach(cell, before)
		if (!has_target(after, lfirst(cell), true))
			sd_ddl_addf(ddl, "ALTER INDEX %s ALTER COLUMN %d SET STATISTICS -1",
						object->identity, atoi(lfirst(cell)));
	foreach(cell, after)
		if (!has_target(before, lfirst(cell), false))
			sd_ddl_addf(ddl, "ALTER INDEX %s ALTER COLUMN %d SET STATISTICS %s",
						object->identity, atoi(lfirst(cell)), strchr(lfirst(cell), '=') + 1);
}

static bool
is_usable(const SdObject *object)
{
	return !sd_object_flag(object, "invalid") && !sd_object_flag(object, "not_ready");
}

static void
cannot_invalidate(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_impossible(ddl, "The index %s is invalid, as a failed CREATE INDEX CONCURRENTLY leaves it;"
					  " no statement can make it so.", object->identity);
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	if (!is_usable(object))
		cannot_invalidate(ddl, object);
	sd_ddl_add(ddl, sd_index_text(object, "TABLESPACE"));
	alter_statistics(ddl, object, NULL, sd_object_value(object, "statistics"));
	sd_index_attach(ddl, object, object->identity);
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	if (sd_object_value(object, "attached_to") == NULL || ddl->is_detached)
		sd_ddl_addf(ddl, "DROP INDEX %s", object->identity);
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const SdObject *from = change->from;
	const SdObject *to = change->to;

	if (sd_change_has(change, "attached_to") && !sd_index_alter_attached(ddl, change, to->identity))
		return false;
	if (sd_change_has(change, "options"))
	{
		if (sd_object_flag(to, "partitioned"))
			return false;
		sd_ddl_options(ddl, psprintf("ALTER INDEX %s", to->identity), "",
					   sd_object_value(from, "options"), sd_object_value(to, "options"));
	}
	if (sd_change_has(change, "statistics"))
		alter_statistics(ddl, to, sd_object_value(from, "statistics"), sd_object_value(to, "statistics"));
	if (sd_change_has(change, "invalid") || sd_change_has(change, "not_ready"))
	{
		if (is_usable(to))
			sd_ddl_addf(ddl, "REINDEX INDEX %s", to->identity);
		else
			cannot_invalidate(ddl, to);
	}
	return true;
}

SdKind		sd_kind_index = {
	.name = "index",
	.keyword = "INDEX",
	.traits = SD_K_WITH_WHOLE,
	.catalog = "pg_class",
	.sorts = "iI",
	.from = "FROM pg_catalog.pg_index i"
	" JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
	" JOIN pg_catalog.pg_class t ON t.oid = i.indrelid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace"
	" LEFT JOIN (pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent"
	" JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace) ON h.inhrelid = c.oid"
	" LEFT JOIN (pg_catalog.pg_inherits th JOIN pg_catalog.pg_class tp ON tp.oid = th.inhparent"
	" JOIN pg_catalog.pg_namespace tpn ON tpn.oid = tp.relnamespace)"
	" ON th.inhrelid = t.oid AND t.relispartition"
	" WHERE t.relkind IN ('r', 'p', 'm') AND " SD_USER_SCHEMA("n")
	/* not as an outer join: the planner would take no row to be left */
	" AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid"
	" AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))",
	.oid = "c.oid",
	.identity = SD_QUALIFIED("n", "c.relname"),
	.parent = "CASE t.relkind WHEN 'm' THEN 'matview ' ELSE 'table ' END || " SD_QUALIFIED("n", "t.relname"),
	.member = "pg_class t.oid",
	.has_comment = true,
	.own = properties,
	.removed = SD_CLASS_RISKY,
	.create = create,
	.drop = drop,
	.alter = alter,
};
