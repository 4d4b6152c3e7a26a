/*
 * enum.c
 *	  Kind: enumerated types.
 *
 * The labels are one ordered property.  Labels can be added anywhere by ALTER
 * TYPE; a label that goes or moves takes a new type.  A label that comes while
 * another goes is never guessed to be a renamed one.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "kind/kind.h"

/*
 * Labels are looked up type by type through an index: on catalogs that were
 * never analyzed a join to their aggregate becomes a nested loop over all.
 */
static const SdProperty properties[] = {
	{.name = "labels",
		.expr = "(SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', '"
		" ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{NULL}
};

/* Split "'a', 'b, c'"; quotes inside a literal are doubled, so they toggle. */
static List *
split_labels(const char *labels)
{
	List	   *list = NIL;
	const char *start = labels;
	const char *p;
	bool		quoted = false;

	if (labels == NULL)
		return NIL;
	for (p = labels; *p; p++)
	{
		if (*p == '\'')
			quoted = !quoted;
		else if (!quoted && p[0] == ',')
		{
			list = lappend(list, pnstrdup(start, p - start));
			start = p + 2;
		}
	}
	return lappend(list, pstrdup(start));
}

static int
label_index(List *labels, const char *label)
{
	int			i;

	for (i = 0; i < list_length(labels); i++)
		if (strcmp(list_nth(labels, i), label) == 0)
			return i;
	return -1;
}

/* Are all labels of the first list in the second, in the same order? */
static bool
is_subsequence(List *labels, List *of)
{
	int			found = -1;
	ListCell   *cell;

	foreach(cell, labels)
	{
		int			next = label_index(of, lfirst(cell));

		if (next <= found)
			return false;
		found = next;
	}
	return true;
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_add(ddl, sd_ddl_fill("CREATE TYPE {identity} AS ENUM ({labels})", object, NULL, NULL));
}

/*
 * Each new label goes after its predecessor, which is there by then; before
 * the first old one when it has none.
 */
static bool
alter(SdDdl *ddl, const SdChange *change)
{
	List	   *before = split_labels(sd_object_value(change->from, "labels"));
	List	   *after = split_labels(sd_object_value(change->to, "labels"));
	const char *last = before ? llast(before) : NULL;
	const char *previous = NULL;
	ListCell   *cell;

	if (!is_subsequence(before, after))
		return false;
	foreach(cell, after)
	{
		const char *label = lfirst(cell);

		if (label_index(before, label) < 0)
		{
			if (previous == last)
			{
				sd_ddl_addf(ddl, "ALTER TYPE %s ADD VALUE %s", change->to->identity, label);
				last = label;
			}
			else
				sd_ddl_addf(ddl, "ALTER TYPE %s ADD VALUE %s %s %s", change->to->identity, label,
							previous ? "AFTER" : "BEFORE",
							previous ? previous : (char *) linitial(before));
		}
		else if (last && strcmp(label, last) == 0)
			last = label;
		previous = label;
	}
	return true;
}

SdKind		sd_kind_enum = {
	.name = "enum",
	.keyword = "TYPE",
	.catalog = "pg_type",
	.from = "FROM pg_catalog.pg_type t"
	" JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
	" WHERE t.typtype = 'e' AND " SD_USER_SCHEMA("n"),
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
	.alter = alter,
};
