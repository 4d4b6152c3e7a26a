/*
 * composite.c
 *	  Kind: stand-alone composite types.
 *
 * Their attributes are parts (attribute.c) written inline by CREATE TYPE.  The
 * row types of tables and views are those relations' affair.
 */
#include "postgres.h"

#include "base/text.h"
#include "kind/kind.h"
#include "kind/names.h"

/*
 * Does dropping what goes and appending what comes give the order of the new
 * side?  Unlike a table's, a type's order can be had by a new type.
 */
static bool
same_order(const SdObject *from, const SdObject *to, int property)
{
	List	   *before = sd_split_names(from->values[property]);
	List	   *after = sd_split_names(to->values[property]);
	List	   *altered = NIL;
	ListCell   *cell;

	foreach(cell, before)
		if (sd_names_contain(after, lfirst(cell)))
			altered = lappend(altered, lfirst(cell));
	foreach(cell, after)
		if (!sd_names_contain(before, lfirst(cell)))
			altered = lappend(altered, lfirst(cell));
	return strcmp(sd_join(altered, ", "), to->values[property]) == 0;
}

/* Looked up type by type, for the reason given in enum.c. */
static const SdProperty properties[] = {
	{.name = "attribute_order",
		.expr = "(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)"
		" FROM pg_catalog.pg_attribute a"
		" WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_RECREATE,
		.equal = same_order},
	{NULL}
};

static int
by_position(const ListCell *a, const ListCell *b)
{
	return atoi(sd_object_value(lfirst(a), "position")) - atoi(sd_object_value(lfirst(b), "position"));
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	List	   *attributes = sd_snapshot_parts(ddl->snapshot, object->key, "attribute");
	List	   *texts = NIL;
	ListCell   *cell;

	list_sort(attributes, by_position);
	foreach(cell, attributes)
	{
		const SdObject *attribute = lfirst(cell);
		const char *collation = sd_object_value(attribute, "collation");

		texts = lappend(texts, psprintf("\n    %s%s%s",
										sd_ddl_fill("{name} {type}", attribute, NULL, NULL),
										collation ? " COLLATE " : "", collation ? collation : ""));
	}
	sd_ddl_addf(ddl, "CREATE TYPE %s AS (%s%s)", object->identity, sd_join(texts, ","),
				texts ? "\n" : "");
}

SdKind		sd_kind_composite = {
	.name = "composite",
	.keyword = "TYPE",
	.catalog = "pg_type",
	.sorts = "c",
	.from = "FROM pg_catalog.pg_type t"
	" JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
	" JOIN pg_catalog.pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'"
	" WHERE t.typtype = 'c' AND " SD_USER_SCHEMA("n"),
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
};
