/*
 * range.c
 *	  Kind: range types, which stand for their multirange types too.
 *
 * No part of a range type can be altered.  A canonical function takes the very
 * type it belongs to: then the type is declared first and defined late, when
 * the function is there.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/kind.h"

static const SdProperty properties[] = {
	{.name = "subtype",
		.expr = SD_TYPE("r.rngsubtype", "NULL"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "subtype_opclass",
		.expr = "CASE WHEN NOT oc.opcdefault THEN " SD_QUALIFIED("ocn", "oc.opcname") " END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "collation",
		.expr = SD_COLLATION("r.rngcollation", "st.typcollation"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "canonical",
		.expr = "NULLIF(r.rngcanonical::pg_catalog.text, '-')",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "subtype_diff",
		.expr = "NULLIF(r.rngsubdiff::pg_catalog.text, '-')",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE},
	{.name = "multirange_type_name",
		.expr = SD_QUALIFIED("mn", "m.typname"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{NULL}
};

/* All properties but the aspects are options of CREATE TYPE by their names. */
static void
create(SdDdl *ddl, const SdObject *object)
{
	List	   *options = NIL;
	const char *canonical = sd_object_value(object, "canonical");
	char	   *statement;
	int			i;

	for (i = 0; i < lengthof(properties) - 1; i++)
		if (object->values[i])
			options = lappend(options, psprintf("%s = %s", properties[i].name, object->values[i]));
	statement = psprintf("CREATE TYPE %s AS RANGE (%s)", object->identity, sd_join(options, ", "));
	if (canonical)
	{
		sd_ddl_addf(ddl, "CREATE TYPE %s", object->identity);
		sd_ddl_latef(ddl, "%s", statement);
	}
	else
		sd_ddl_add(ddl, statement);
}

/* CASCADE for the canonical function, which cannot go before its type. */
static void
drop(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_addf(ddl, "DROP TYPE %s%s", object->identity,
				sd_object_value(object, "canonical") && !ddl->no_cascade ? " CASCADE" : "");
}

SdKind		sd_kind_range = {
	.name = "range",
	.keyword = "TYPE",
	.traits = SD_K_TWO_PHASE,
	.catalog = "pg_type",
	.sorts = "r",
	.from = "FROM pg_catalog.pg_range r"
	" JOIN pg_catalog.pg_type t ON t.oid = r.rngtypid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
	" JOIN pg_catalog.pg_type st ON st.oid = r.rngsubtype"
	" JOIN pg_catalog.pg_opclass oc ON oc.oid = r.rngsubopc"
	" JOIN pg_catalog.pg_namespace ocn ON ocn.oid = oc.opcnamespace"
	" JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid"
	" JOIN pg_catalog.pg_namespace mn ON mn.oid = m.typnamespace"
	" WHERE " SD_USER_SCHEMA("n"),
	.oid = "t.oid",
	.identity = SD_QUALIFIED("n", "t.typname"),
	.owner = "t.typowner",
	.acl = "t.typacl",
	.acl_type = "T",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.drop = drop,
};
