/*
 * operator_class.c
 *	  Kind: operator classes, with the operators and functions that they hold.
 *
 * Nothing of one can be altered; indexes of the class are built anew with it.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/family.h"

/* Rows of pg_amop or pg_amproc that pg_depend says are the class's own. */
#define MEMBERS(text, catalog, number) \
	"(SELECT pg_catalog.string_agg(" text ", E',\\n    ' ORDER BY " number ", (" text ") COLLATE pg_catalog.\"C\")" \
	" FROM pg_catalog.pg_depend d JOIN pg_catalog." catalog " m ON m.oid = d.objid" \
	" WHERE d.refclassid = 'pg_catalog.pg_opclass'::pg_catalog.regclass AND d.refobjid = c.oid" \
	" AND d.classid = 'pg_catalog." catalog "'::pg_catalog.regclass AND d.deptype IN ('a', 'i'))"

static const SdProperty properties[] = {
	{.name = "name",
		.expr = SD_QUALIFIED("n", "c.opcname"),
		.flags = SD_P_DETAIL},
	{.name = "method",
		.expr = "pg_catalog.quote_ident(am.amname)",
		.flags = SD_P_DETAIL},
	{.name = "default",
		.expr = SD_FLAG("c.opcdefault"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "type",
		.expr = SD_TYPE("c.opcintype", "NULL"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "family",
		.expr = SD_QUALIFIED("fn", "f.opfname"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "operators",
		.expr = MEMBERS("'OPERATOR ' || m.amopstrategy || ' ' || m.amopopr::pg_catalog.regoperator || "
						SD_FAMILY_ORDER_BY("m"), "pg_amop", "m.amopstrategy"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "functions",
		.expr = MEMBERS("'FUNCTION ' || " SD_FAMILY_PLACE("m.amprocnum", "m.amproclefttype", "m.amprocrighttype")
						" || ' ' || m.amproc::pg_catalog.regprocedure", "pg_amproc", "m.amprocnum"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "storage",
		.expr = "CASE WHEN c.opckeytype <> 0 THEN " SD_TYPE("c.opckeytype", "NULL") " END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	const char *operators = sd_object_value(object, "operators");
	const char *functions = sd_object_value(object, "functions");
	const char *storage = sd_object_value(object, "storage");
	List	   *items = NIL;

	if (operators)
		items = lappend(items, unconstify(char *, operators));
	if (functions)
		items = lappend(items, unconstify(char *, functions));
	/* the grammar demands an item; the storage that goes without saying is none */
	if (storage || items == NIL)
		items = lappend(items, psprintf("STORAGE %s", storage ? storage : sd_object_value(object, "type")));
	sd_ddl_addf(ddl, "CREATE OPERATOR CLASS %s%s AS\n    %s", sd_object_value(object, "name"),
				sd_ddl_fill(sd_object_flag(object, "default") ?
							" DEFAULT FOR TYPE {type} USING {method} FAMILY {family}" :
							" FOR TYPE {type} USING {method} FAMILY {family}", object, NULL, NULL),
				sd_join(items, ",\n    "));
}

SdKind		sd_kind_operator_class = {
	.name = "operator_class",
	.keyword = "OPERATOR CLASS",
	.catalog = "pg_opclass",
	.from = "FROM pg_catalog.pg_opclass c"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.opcnamespace"
	" JOIN pg_catalog.pg_opfamily f ON f.oid = c.opcfamily" SD_FAMILY_JOINS
	" WHERE " SD_USER_SCHEMA("n"),
	.oid = "c.oid",
	.identity = SD_QUALIFIED("n", "c.opcname") " || ' USING ' || pg_catalog.quote_ident(am.amname)",
	.owner = "c.opcowner",
	.form = 2,
	.has_comment = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
};
