/*
 * attribute.c
 *	  Kind: attributes of composite types, parts of their type.
 *
 * CASCADE carries a change to the tables made OF the type.  It is written only
 * where there are such tables, since it would also take along whatever else
 * depends on a dropped attribute.
 */
#include "postgres.h"

#include "kind/cast_path.h"
#include "kind/loss.h"
#include "model/plan.h"

static const SdProperty properties[] = {
	{.name = "name",
		.expr = "pg_catalog.quote_ident(a.attname)",
		.flags = SD_P_DETAIL},
	{.name = "position",
		.expr = "a.attnum",
		.flags = SD_P_DETAIL | SD_P_REQUIRED},
	{.name = "type",
		.expr = SD_TYPE("a.atttypid", "a.atttypmod"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN | SD_P_REBUILD | SD_P_REQUIRED},
	{.name = "collation",
		.expr = SD_COLLATION("a.attcollation", "t.typcollation"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REBUILD},
	{NULL}
};

/* " CASCADE" where a table is made of the attribute's type. */
static const char *
cascade(const SdDdl *ddl, const SdObject *attribute)
{
	const SdKind *table = sd_kind_find("table");
	int			of_type = sd_kind_property(table, "of_type");
	int			i;

	for (i = 0; i < ddl->snapshot->nobjects; i++)
	{
		const SdObject *object = ddl->snapshot->objects[i];

		if (object->kind == table && object->values[of_type] &&
			strcmp(object->values[of_type], sd_object_parent_identity(attribute)) == 0)
			return " CASCADE";
	}
	return "";
}

static SdStatement *
add_statement(SdDdl *ddl, const SdObject *object, const char *template)
{
	const char *collation = sd_object_value(object, "collation");

	return sd_ddl_addf(ddl, "%s%s%s%s", sd_ddl_fill(template, object, NULL, NULL),
				collation ? " COLLATE " : "", collation ? collation : "", cascade(ddl, object));
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	if (!ddl->inlined)
		add_statement(ddl, object, "ALTER TYPE {parent} ADD ATTRIBUTE {name} {type}");
}

static void
drop(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_addf(ddl, "%s%s",
				sd_ddl_fill("ALTER TYPE {parent} DROP ATTRIBUTE {name}", object, NULL, NULL),
				cascade(ddl, object))->loses_data = sd_loss_of_drop(ddl, object);
}

/*
 * Does anything keep values of the type: a column, also by way of a domain or
 * of another composite type?  Then the server refuses to alter an attribute.
 */
static bool
is_stored(const SdSnapshot *snapshot, const char *key)
{
	int			i;
	ListCell   *cell;

	for (i = 0; i < snapshot->nobjects; i++)
	{
		const SdObject *object = snapshot->objects[i];
		const char *kind = object->kind->name;

		foreach(cell, object->depends)
			if (strcmp(((SdDepend *) lfirst(cell))->key, key) == 0)
			{
				if (strcmp(kind, "column") == 0 || strcmp(kind, "matview") == 0)
					return true;
				if (strcmp(kind, "attribute") == 0 && is_stored(snapshot, object->parent))
					return true;
				if (strcmp(kind, "domain") == 0 && is_stored(snapshot, object->key))
					return true;
			}
	}
	return false;
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	const char *type = sd_object_value(to, "type");
	char	   *loss = NULL;
	List	   *made_of;

	if (is_stored(ddl->snapshot, to->parent))
		return false;
	made_of = sd_loss_made_of(ddl->snapshot, to);
	if (made_of && !sd_cast_keeps(ddl, sd_object_value(change->from, "type"), type, false))
		loss = psprintf("values of %s that %s cannot hold", sd_loss_names(made_of), type);
	add_statement(ddl, to, "ALTER TYPE {parent} ALTER ATTRIBUTE {name} TYPE {type}")->loses_data = loss;
	return true;
}

SdKind		sd_kind_attribute = {
	.name = "attribute",
	.keyword = "COLUMN",
	.traits = SD_K_INLINE | SD_K_WITH_WHOLE,
	.catalog = "pg_class",
	.sorts = "c",
	.from = "FROM pg_catalog.pg_attribute a"
	" JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
	" WHERE c.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped AND " SD_USER_SCHEMA("n"),
	.oid = "c.oid",
	.subid = "a.attnum",
	.identity = SD_QUALIFIED("n", "c.relname") " || '.' || pg_catalog.quote_ident(a.attname)",
	.parent = "'composite ' || " SD_QUALIFIED("n", "c.relname"),
	.member = "pg_type c.reltype",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.drop = drop,
	.alter = alter,
};
