/*
 * enum.c
 *	  Kind: enumerated types.
 *
 * The labels are one ordered property.  Labels can be added anywhere by ALTER
 * TYPE; a label that goes or moves takes a new type.  A label that comes while
 * another goes is never guessed to be a renamed one: only the number that it
 * bears in one and the same database tells.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/text.h"
#include "kind/enum.h"
#include "kind/loss.h"
#include "model/plan.h"

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
	{.name = "label_numbers",
		.expr = "(SELECT pg_catalog.string_agg(e.oid::pg_catalog.text, ', '"
		" ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)",
		.flags = SD_P_DETAIL},
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

List *
sd_enum_renamed(const SdObject *from, const SdObject *to)
{
	List	   *labels = split_labels(sd_object_value(from, "labels"));
	List	   *numbers = split_labels(sd_object_value(from, "label_numbers"));
	List	   *new_labels = split_labels(sd_object_value(to, "labels"));
	List	   *new_numbers = split_labels(sd_object_value(to, "label_numbers"));
	List	   *renamed = NIL;
	int			i;

	if (list_length(labels) != list_length(numbers) || list_length(new_labels) != list_length(new_numbers))
		return NIL;
	for (i = 0; i < list_length(labels); i++)
	{
		int			place = label_index(new_numbers, list_nth(numbers, i));
		SdLabelName *name;

		/* with a label that goes the type is built anew */
		if (place < 0)
			return NIL;
		if (strcmp(list_nth(labels, i), list_nth(new_labels, place)) == 0)
			continue;
		name = palloc(sizeof(SdLabelName));
		name->before = list_nth(labels, i);
		name->after = list_nth(new_labels, place);
		renamed = lappend(renamed, name);
	}
	return renamed;
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

/* The columns that keep values of the type before and after. */
static List *
kept_columns(const SdDdl *ddl, const SdObject *object)
{
	List	   *columns = NIL;
	ListCell   *cell;

	foreach(cell, sd_loss_keepers(ddl->other, object->identity))
	{
		const SdObject *column = lfirst(cell);
		const SdObject *after = sd_snapshot_find(ddl->snapshot, column->key);

		if (after && strcmp(sd_object_value(column, "type"), sd_object_value(after, "type")) == 0)
			columns = lappend(columns, lfirst(cell));
	}
	return columns;
}

/*
 * Nobody but the owner of the data knows what is to become of rows that use a
 * label which goes; the conversion of their columns stops at them.
 */
static void
note_gone_labels(SdDdl *ddl, const SdObject *object)
{
	const SdObject *before = ddl->other ? sd_snapshot_find(ddl->other, object->key) : NULL;
	List	   *labels = before ? split_labels(sd_object_value(object, "labels")) : NIL;
	List	   *gone = NIL;
	List	   *columns;
	bool		is_one;
	ListCell   *cell;

	foreach(cell, before ? split_labels(sd_object_value(before, "labels")) : NIL)
		if (label_index(labels, lfirst(cell)) < 0)
			gone = lappend(gone, lfirst(cell));
	columns = gone ? kept_columns(ddl, object) : NIL;
	if (columns == NIL)
		return;
	is_one = list_length(gone) == 1;
	sd_ddl_note(ddl, "The enum %s loses the label%s %s: rows that use %s in %s must be changed first,"
				" or the plan fails.", object->identity, is_one ? "" : "s", sd_join(gone, ", "), is_one ? "it" : "them",
				sd_loss_names(columns));
}

static void
create(SdDdl *ddl, const SdObject *object)
{
	sd_ddl_add(ddl, sd_ddl_fill("CREATE TYPE {identity} AS ENUM ({labels})", object, NULL, NULL));
	note_gone_labels(ddl, object);
}

/*
 * Rename labels one after the other, as far as the new name is free; the rest
 * waits for that, and a circle takes a temporary name.
 */
static List *
rename_labels(SdDdl *ddl, const SdChange *change, List *labels)
{
	List	   *names = sd_enum_renamed(change->from, change->to);

	while (names)
	{
		SdLabelName *name = NULL;
		const char *after;
		ListCell   *cell;

		foreach(cell, names)
			if (label_index(labels, ((SdLabelName *) lfirst(cell))->after) < 0)
				name = lfirst(cell);
		after = name ? name->after : "'schemadrift_aside'";
		if (name == NULL)
			name = linitial(names);
		sd_ddl_addf(ddl, "ALTER TYPE %s RENAME VALUE %s TO %s", change->to->identity, name->before, after);
		lfirst(list_nth_cell(labels, label_index(labels, name->before))) = pstrdup(after);
		if (after == name->after)
			names = list_delete_ptr(names, name);
		else
			name->before = after;
	}
	return labels;
}

/* Do both sides come from one database, so that numbers mean the same? */
static bool
is_same_type(const SdDdl *ddl, const SdChange *change)
{
	return ddl->other && sd_snapshot_same_database(ddl->other, ddl->snapshot) &&
		change->from->objid == change->to->objid;
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
	const char *last;
	const char *previous = NULL;
	ListCell   *cell;

	if (is_same_type(ddl, change))
		before = rename_labels(ddl, change, before);
	if (!is_subsequence(before, after))
		return false;
	last = before ? llast(before) : NULL;
	foreach(cell, after)
	{
		const char *label = lfirst(cell);

		if (label_index(before, label) < 0)
		{
			char	   *place = previous == last ? "" :
				psprintf(" %s %s", previous ? "AFTER" : "BEFORE",
						 previous ? previous : (char *) linitial(before));

			sd_ddl_add(ddl, psprintf("ALTER TYPE %s ADD VALUE %s%s", change->to->identity, label,
									 place))->commit_before = label;
			if (previous == last)
				last = label;
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
	.sorts = "e",
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
