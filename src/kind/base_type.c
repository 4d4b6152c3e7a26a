/*
 * base_type.c
 *	  Kind: base types, made of input and output functions.
 *
 * Those take the very type they belong to: it is declared first and defined
 * late, when they are there, and takes them along when it goes.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/kind.h"

#define FUNCTION_NAME(oid) "NULLIF(" oid "::pg_catalog.regproc::pg_catalog.text, '-')"

/* The templates are options of CREATE TYPE, and of ALTER TYPE SET where it has them. */
#define RECREATED(property, expression, option) \
	{.name = property, .expr = expression, .class = SD_CLASS_BREAKING, .flags = SD_P_RECREATE, .set = option}
#define ALTERED(property, expression, option, none) \
	{.name = property, .expr = expression, .class = SD_CLASS_RISKY, .flags = SD_P_OWN, .set = option, .unset = none}

static const SdProperty properties[] = {
	RECREATED("input", "t.typinput::pg_catalog.regproc", "INPUT = {value}"),
	RECREATED("output", "t.typoutput::pg_catalog.regproc", "OUTPUT = {value}"),
	ALTERED("receive", FUNCTION_NAME("t.typreceive"), "RECEIVE = {value}", "RECEIVE = NONE"),
	ALTERED("send", FUNCTION_NAME("t.typsend"), "SEND = {value}", "SEND = NONE"),
	ALTERED("typmod_in", FUNCTION_NAME("t.typmodin"), "TYPMOD_IN = {value}", "TYPMOD_IN = NONE"),
	ALTERED("typmod_out", FUNCTION_NAME("t.typmodout"), "TYPMOD_OUT = {value}", "TYPMOD_OUT = NONE"),
	ALTERED("analyze", FUNCTION_NAME("t.typanalyze"), "ANALYZE = {value}", "ANALYZE = NONE"),
	ALTERED("subscript", FUNCTION_NAME("t.typsubscript"), "SUBSCRIPT = {value}", "SUBSCRIPT = NONE"),
	RECREATED("internal_length", "CASE t.typlen WHEN -1 THEN 'VARIABLE' ELSE t.typlen::pg_catalog.text END",
			  "INTERNALLENGTH = {value}"),
	RECREATED("by_value", SD_FLAG("t.typbyval"), "PASSEDBYVALUE"),
	RECREATED("alignment",
			  "CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4' ELSE 'double' END",
			  "ALIGNMENT = {value}"),
	{.name = "storage",
		.expr = "CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'"
		" ELSE 'EXTENDED' END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REQUIRED,
		.set = "STORAGE = {value}"},
	RECREATED("category",
			  "CASE WHEN t.typcategory <> 'U' THEN pg_catalog.quote_literal(t.typcategory::pg_catalog.text) END",
			  "CATEGORY = {value}"),
	RECREATED("preferred", SD_FLAG("t.typispreferred"), "PREFERRED = true"),
	RECREATED("default", "pg_catalog.quote_literal(t.typdefault)", "DEFAULT = {value}"),
	RECREATED("element", "CASE WHEN t.typelem <> 0 THEN " SD_TYPE("t.typelem", "NULL") " END", "ELEMENT = {value}"),
	RECREATED("delimiter",
			  "CASE WHEN t.typdelim <> ',' THEN pg_catalog.quote_literal(t.typdelim::pg_catalog.text) END",
			  "DELIMITER = {value}"),
	RECREATED("collatable", SD_FLAG("t.typcollation <> 0"), "COLLATABLE = true"),
	{NULL}
};

static void
create(SdDdl *ddl, const SdObject *object)
{
	List	   *options = NIL;
	int			i;

	for (i = 0; i < lengthof(properties) - 1; i++)
		if (object->values[i])
			options = lappend(options, sd_ddl_fill(properties[i].set, object, object->values[i], NULL));
	sd_ddl_addf(ddl, "CREATE TYPE %s", object->identity);
	sd_ddl_latef(ddl, "CREATE TYPE %s (\n    %s\n)", object->identity, sd_join(options, ",\n    "));
}

/* Its functions cannot go before it. */
static void
drop(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_addf(ddl, "DROP TYPE %s%s", object->identity, ddl->no_cascade ? "" : " CASCADE");
}

/* Is that text the type, with whatever modifier, but no array of it? */
static bool
is_type(const char *text, const SdObject *type)
{
	size_t		length = strlen(type->identity);

	return strncmp(text, type->identity, length) == 0 &&
		(text[length] == '\0' || (text[length] == '(' && text[strlen(text) - 1] == ')'));
}

/* Is the column of the type, or of a domain over it? */
static bool
is_stored_as(const SdDdl *ddl, const SdObject *column, const SdObject *type)
{
	const char *name = sd_object_value(column, "type");
	const SdObject *domain = sd_snapshot_find(ddl->snapshot, sd_object_key("domain", name));

	return is_type(name, type) || (domain && is_type(sd_object_value(domain, "type"), type));
}

/*
 * Columns keep the storage that the type had when they were made.  Those that
 * are to have the type's have to be told.
 */
static void
set_storage_of_columns(SdDdl *ddl, const SdObject *type)
{
	int			i;

	for (i = 0; i < ddl->snapshot->nobjects; i++)
	{
		const SdObject *column = ddl->snapshot->objects[i];
		const SdObject *before;

		if (strcmp(column->kind->name, "column") != 0 || sd_object_value(column, "storage") ||
			!is_stored_as(ddl, column, type))
			continue;
		before = ddl->other ? sd_snapshot_find(ddl->other, column->key) : NULL;
		if (before && sd_object_value(before, "storage") == NULL)
			sd_ddl_latef(ddl, "ALTER TABLE ONLY %s ALTER COLUMN %s SET STORAGE %s",
						 sd_object_parent_identity(column), sd_object_value(column, "name"),
						 sd_object_value(type, "storage"));
	}
}

/* Late, since a new function may take the type.  PLAIN is for new types only. */
static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	List	   *options = NIL;
	int			i = -1;

	if (sd_change_has(change, "storage") && strcmp(sd_object_value(to, "storage"), "PLAIN") == 0)
		return false;
	while ((i = bms_next_member(change->properties, i)) >= 0)
	{
		const SdProperty *p = &to->kind->properties[i];

		if (p->flags & SD_P_OWN)
			options = lappend(options, sd_ddl_fill(to->values[i] ? p->set : p->unset, to, to->values[i], NULL));
	}
	sd_ddl_latef(ddl, "ALTER TYPE %s SET (%s)", to->identity, sd_join(options, ", "));
	if (sd_change_has(change, "storage"))
		set_storage_of_columns(ddl, to);
	return true;
}

/* The array types that the server makes along with other types are left out. */
SdKind		sd_kind_base_type = {
	.name = "base_type",
	.keyword = "TYPE",
	.traits = SD_K_TWO_PHASE,
	.catalog = "pg_type",
	.sorts = "b",
	.from = "FROM pg_catalog.pg_type t"
	" JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
	" WHERE t.typtype = 'b' AND t.typisdefined AND (t.typelem = 0"
	" OR (SELECT e.typarray FROM pg_catalog.pg_type e WHERE e.oid = t.typelem) <> t.oid)"
	" AND " SD_USER_SCHEMA("n"),
	.oid = "t.oid",
	.identity = SD_QUALIFIED("n", "t.typname"),
	.owner = "t.typowner",
	.acl = "t.typacl",
	.acl_type = "T",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.form = 2,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.drop = drop,
	.alter = alter,
};
