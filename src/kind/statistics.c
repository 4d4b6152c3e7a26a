/*
 * statistics.c
 *	  Kind: extended statistics objects of tables and materialized views.
 *
 * The server writes the whole CREATE; what kinds of statistics it names, which
 * columns and which expressions cannot be altered.  A new type of a column
 * makes the server build the object anew, and then it forgets its target; so
 * it counts as bound to text, which has the plan do it.
 *
 * It is no member of the extension that owns its table, and pg_dump writes it
 * there too, so neither is it left out here.
 */
#include "postgres.h"

#include "kind/kind.h"

static const SdProperty properties[] = {
	{.name = "definition",
		.expr = "pg_catalog.pg_get_statisticsobjdef(s.oid)",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE | SD_P_REQUIRED},

	/* -1 says "the default" up to 16, NULL from 17 on; -1 can be set on all */
	{.name = "target",
		.expr = "CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END",
		.class = SD_CLASS_RISKY,
		.set = "ALTER STATISTICS {identity} SET STATISTICS {value}",
		.unset = "ALTER STATISTICS {identity} SET STATISTICS -1"},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	const char *target = sd_object_value(object, "target");

	sd_ddl_addf(ddl, "%s", sd_object_value(object, "definition"));
	if (target)
		sd_ddl_addf(ddl, "ALTER STATISTICS %s SET STATISTICS %s", object->identity, target);
}

SdKind		sd_kind_statistics = {
	.name = "statistics",
	.keyword = "STATISTICS",
	.traits = SD_K_WITH_WHOLE | SD_K_TEXT_BOUND,
	.catalog = "pg_statistic_ext",
	.from = "FROM pg_catalog.pg_statistic_ext s"
	" JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace"
	" JOIN pg_catalog.pg_class t ON t.oid = s.stxrelid"
	" JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace"
	" WHERE " SD_USER_SCHEMA("n"),
	.oid = "s.oid",
	.identity = SD_QUALIFIED("n", "s.stxname"),
	.parent = "CASE t.relkind WHEN 'm' THEN 'matview ' WHEN 'f' THEN 'foreign_table ' ELSE 'table ' END || "
	SD_QUALIFIED("tn", "t.relname"),
	.owner = "s.stxowner",
	.has_comment = true,
	.own = properties,
	.removed = SD_CLASS_RISKY,
	.create = create,
};
