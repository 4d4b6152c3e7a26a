/*
 * aggregate.c
 *	  Kind: aggregates: plain, ordered-set and hypothetical-set ones.
 *
 * What the state is made of can be replaced; what a caller sees (arguments,
 * result, sort of aggregate) takes a new one.  Where an option is an SQL
 * literal its value is kept as one, so that an empty text differs from none.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/kind.h"

#define FUNCTION_NAME(oid) "NULLIF(" oid "::pg_catalog.text, '-')"

/* READ_ONLY is the default of plain aggregates, READ_WRITE of the others. */
#define FINAL_MODIFY(column) \
	"CASE WHEN a." column " <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN" \
	" CASE a." column " WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END"

/* An option of CREATE AGGREGATE: its template is "NAME = {value}". */
#define OPTION(property, expression, option) \
	{.name = property, .expr = expression, .class = SD_CLASS_RISKY, .flags = SD_P_OWN, .set = option}

static const SdProperty properties[] = {
	{.name = "name",
		.expr = SD_QUALIFIED("n", "p.proname"),
		.flags = SD_P_DETAIL},
	{.name = "call",
		.expr = SD_QUALIFIED("n", "p.proname") " || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')'",
		.flags = SD_P_DETAIL},
	{.name = "arguments",
		.expr = "CASE p.pronargs WHEN 0 THEN '*' ELSE pg_catalog.pg_get_function_arguments(p.oid) END",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "result",
		.expr = "pg_catalog.pg_get_function_result(p.oid)",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "hypothetical",
		.expr = SD_FLAG("a.aggkind = 'h'"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE,
		.set = "HYPOTHETICAL"},
	OPTION("state_function", "a.aggtransfn::pg_catalog.text", "SFUNC = {value}"),
	OPTION("state_type", SD_TYPE("a.aggtranstype", "NULL"), "STYPE = {value}"),
	OPTION("state_space", "NULLIF(a.aggtransspace, 0)", "SSPACE = {value}"),
	OPTION("final_function", FUNCTION_NAME("a.aggfinalfn"), "FINALFUNC = {value}"),
	OPTION("final_extra", SD_FLAG("a.aggfinalextra"), "FINALFUNC_EXTRA"),
	OPTION("final_modify", FINAL_MODIFY("aggfinalmodify"), "FINALFUNC_MODIFY = {value}"),
	OPTION("combine_function", FUNCTION_NAME("a.aggcombinefn"), "COMBINEFUNC = {value}"),
	OPTION("serial_function", FUNCTION_NAME("a.aggserialfn"), "SERIALFUNC = {value}"),
	OPTION("deserial_function", FUNCTION_NAME("a.aggdeserialfn"), "DESERIALFUNC = {value}"),
	OPTION("initial", "pg_catalog.quote_literal(a.agginitval)", "INITCOND = {value}"),
	OPTION("moving_state_function", FUNCTION_NAME("a.aggmtransfn"), "MSFUNC = {value}"),
	OPTION("moving_inverse_function", FUNCTION_NAME("a.aggminvtransfn"), "MINVFUNC = {value}"),
	OPTION("moving_state_type", "CASE WHEN a.aggmtranstype <> 0 THEN " SD_TYPE("a.aggmtranstype", "NULL") " END",
		   "MSTYPE = {value}"),
	OPTION("moving_state_space", "NULLIF(a.aggmtransspace, 0)", "MSSPACE = {value}"),
	OPTION("moving_final_function", FUNCTION_NAME("a.aggmfinalfn"), "MFINALFUNC = {value}"),
	OPTION("moving_final_extra", SD_FLAG("a.aggmfinalextra"), "MFINALFUNC_EXTRA"),
	OPTION("moving_final_modify", FINAL_MODIFY("aggmfinalmodify"), "MFINALFUNC_MODIFY = {value}"),
	OPTION("moving_initial", "pg_catalog.quote_literal(a.aggminitval)", "MINITCOND = {value}"),
	OPTION("sort_operator", "CASE WHEN a.aggsortop <> 0 THEN"
		   " 'OPERATOR(' || pg_catalog.quote_ident(opn.nspname) || '.' || op.oprname || ')' END",
		   "SORTOP = {value}"),
	OPTION("parallel", "CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END",
		   "PARALLEL = {value}"),
	{NULL}
};

static void
add_statement(SdDdl *ddl, const SdObject *object, const char *verb)
{
	List	   *options = NIL;
	int			i;

	for (i = 0; i < lengthof(properties) - 1; i++)
		if (properties[i].set && object->values[i])
			options = lappend(options, sd_ddl_fill(properties[i].set, object, object->values[i], NULL));
	sd_ddl_addf(ddl, "%s AGGREGATE %s(%s) (\n    %s\n)", verb, sd_object_value(object, "name"),
				sd_object_value(object, "arguments"), sd_join(options, ",\n    "));
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

SdKind		sd_kind_aggregate = {
	.name = "aggregate",
	.keyword = "AGGREGATE",
	.catalog = "pg_proc",
	.from = "FROM pg_catalog.pg_aggregate a"
	" JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"
	" LEFT JOIN (pg_catalog.pg_operator op JOIN pg_catalog.pg_namespace opn ON opn.oid = op.oprnamespace)"
	" ON op.oid = a.aggsortop"
	" WHERE " SD_USER_SCHEMA("n"),
	.oid = "p.oid",
	.identity = SD_QUALIFIED("n", "p.proname") " || '(' || CASE p.pronargs WHEN 0 THEN '*'"
	" ELSE pg_catalog.oidvectortypes(p.proargtypes) END || ')'",
	.owner = "p.proowner",
	.acl = "p.proacl",
	.acl_type = "f",
	.acl_keyword = "FUNCTION",
	.acl_identity = "{call}",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.alter = alter,
};
