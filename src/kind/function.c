/*
 * function.c
 *	  Kind: functions, window functions and trigger functions included.
 *
 * Its body is text, whatever it names; only a body parsed at creation (BEGIN
 * ATOMIC, RETURN) depends on what it uses and stands in the way of changing
 * that, which is why functions count as bound to text.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "kind/routine.h"

static const SdProperty properties[] = {
	SD_ROUTINE_PROPERTIES("FUNCTION"),
	{.name = "result",
		.expr = "pg_catalog.pg_get_function_result(p.oid)",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "window",
		.expr = SD_FLAG("p.prokind = 'w'"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "volatility",
		.expr = "CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REQUIRED,
		.set = "ALTER FUNCTION {identity} {value}"},
	{.name = "strict",
		.expr = SD_FLAG("p.proisstrict"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.set = "ALTER FUNCTION {identity} STRICT",
		.unset = "ALTER FUNCTION {identity} CALLED ON NULL INPUT"},
	{.name = "leakproof",
		.expr = SD_FLAG("p.proleakproof"),
		.class = SD_CLASS_SECURITY,
		.flags = SD_P_OWN,
		.set = "ALTER FUNCTION {identity} LEAKPROOF",
		.unset = "ALTER FUNCTION {identity} NOT LEAKPROOF"},
	{.name = "parallel",
		.expr = "CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REQUIRED,
		.set = "ALTER FUNCTION {identity} PARALLEL {value}"},
	{.name = "default_cost",
		.expr = "CASE WHEN l.lanname IN ('internal', 'c') THEN 1 ELSE 100 END",
		.flags = SD_P_DETAIL},
	{.name = "cost",
		.expr = "CASE WHEN p.procost <> CASE WHEN l.lanname IN ('internal', 'c') THEN 1 ELSE 100 END"
		" THEN p.procost END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.set = "ALTER FUNCTION {identity} COST {value}",
		.unset = "ALTER FUNCTION {identity} COST {default_cost}"},
	{.name = "rows",
		.expr = "CASE WHEN p.proretset AND p.prorows <> 1000 THEN p.prorows END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.set = "ALTER FUNCTION {identity} ROWS {value}",
		.unset = "ALTER FUNCTION {identity} ROWS 1000"},
	{.name = "support",
		.expr = "NULLIF(p.prosupport::pg_catalog.text, '-')",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.set = "ALTER FUNCTION {identity} SUPPORT {value}"},
	{NULL}
};

static void
append_clauses(StringInfo buf, const SdObject *function)
{
	const char *value;

	if (sd_object_flag(function, "window"))
		appendStringInfoString(buf, " WINDOW");
	value = sd_object_value(function, "volatility");
	if (strcmp(value, "VOLATILE") != 0)
		appendStringInfo(buf, " %s", value);
	if (sd_object_flag(function, "strict"))
		appendStringInfoString(buf, " STRICT");
	if (sd_object_flag(function, "leakproof"))
		appendStringInfoString(buf, " LEAKPROOF");
	value = sd_object_value(function, "parallel");
	if (strcmp(value, "UNSAFE") != 0)
		appendStringInfo(buf, " PARALLEL %s", value);
	if ((value = sd_object_value(function, "cost")) != NULL)
		appendStringInfo(buf, " COST %s", value);
	if ((value = sd_object_value(function, "rows")) != NULL)
		appendStringInfo(buf, " ROWS %s", value);
	if ((value = sd_object_value(function, "support")) != NULL)
		appendStringInfo(buf, " SUPPORT %s", value);
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_routine_create(ddl, object, append_clauses);
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	return sd_routine_alter(ddl, change, append_clauses);
}

SdKind		sd_kind_function = {
	.name = "function",
	.keyword = "FUNCTION",
	.traits = SD_K_TEXT_BOUND,
	.catalog = "pg_proc",
	.from = SD_ROUTINE_FROM("p.prokind IN ('f', 'w')"),
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
