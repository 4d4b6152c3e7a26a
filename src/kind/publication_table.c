/*
 * publication_table.c
 *	  Kind: tables of a publication, parts of it, each with its columns and the
 *	  condition on its rows.
 *
 * Neither columns nor condition can be altered for one table alone; it leaves
 * and comes back.  The type of a column in the condition cannot be changed
 * meanwhile either.
 */
#include "postgres.h"

#include "kind/kind.h"

static const SdProperty properties[] = {
	{.name = "table",
		.expr = SD_QUALIFIED("n", "c.relname"),
		.flags = SD_P_DETAIL},
	{.name = "columns",
		.expr = "(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', '"
		" ORDER BY a.attname COLLATE pg_catalog.\"C\")"
		" FROM pg_catalog.unnest(r.prattrs::pg_catalog.int2[]) k(attnum)"
		" JOIN pg_catalog.pg_attribute a ON a.attrelid = r.prrelid AND a.attnum = k.attnum)",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "where",
		.expr = "pg_catalog.pg_get_expr(r.prqual, r.prrelid)",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	const char *columns = sd_object_value(object, "columns");
	const char *where = sd_object_value(object, "where");

	sd_ddl_addf(ddl, "%s%s%s",
				sd_ddl_fill("ALTER PUBLICATION {parent} ADD TABLE ONLY {table}", object, NULL, NULL),
				columns ? psprintf(" (%s)", columns) : "", where ? psprintf(" WHERE (%s)", where) : "");
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_add(ddl, sd_ddl_fill("ALTER PUBLICATION {parent} DROP TABLE ONLY {table}", object, NULL, NULL));
}

SdKind		sd_kind_publication_table = {
	.name = "publication_table",
	.keyword = "TABLE",
	.traits = SD_K_WITH_WHOLE | SD_K_TEXT_BOUND | SD_K_NAMELESS,
	.catalog = "pg_publication_rel",
	.from = "FROM pg_catalog.pg_publication_rel r"
	" JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid"
	" JOIN pg_catalog.pg_class c ON c.oid = r.prrelid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" WHERE r.oid >= 16384",
	.oid = "r.oid",
	.identity = SD_QUALIFIED("n", "c.relname") " || ' IN ' || pg_catalog.quote_ident(p.pubname)",
	.parent = "'publication ' || pg_catalog.quote_ident(p.pubname)",
	.member = "pg_publication p.oid",
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.drop = drop,
};
