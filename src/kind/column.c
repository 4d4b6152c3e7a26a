/*
 * column.c
 *	  Kind: columns of tables and foreign tables, parts of their table.
 *
 * A default that uses nothing of the user's (a constant, a built-in function)
 * is written inline; one that uses a sequence or a function is set late, when
 * that exists, which also breaks the circle of a serial column and its
 * sequence.  An inherited column follows its parent's ADD, DROP and TYPE;
 * default, NOT NULL and storage are its own.  From 17 on a partition shares
 * the identity of its parent, and the sequence; that is the parent's alone.
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "base/text.h"
#include "kind/acl.h"
#include "kind/cast_path.h"
#include "kind/column.h"
#include "kind/inherit.h"
#include "kind/loss.h"
#include "kind/names.h"
#include "kind/not_null.h"
#include "kind/options.h"
#include "kind/relation.h"
#include "kind/sequence.h"
#include "model/plan.h"

static const SdProperty properties[] = {
	{.name = "name",
		.expr = "pg_catalog.quote_ident(a.attname)",
		.flags = SD_P_DETAIL},
	{.name = "position",
		.expr = "a.attnum",
		.flags = SD_P_DETAIL | SD_P_REQUIRED},
	{.name = "inherited",
		.expr = "CASE WHEN c.reloftype <> 0 THEN 'type' WHEN a.attinhcount > 0"
		" THEN CASE WHEN a.attislocal AND NOT c.relispartition THEN 'merged' ELSE 'yes' END END",
		.flags = SD_P_DETAIL},
	/* goes with the parent's; INHERIT by itself leaves a table its own */
	{.name = "inherited_only",
		.expr = SD_FLAG("a.attinhcount > 0 AND NOT a.attislocal AND NOT c.relispartition"),
		.class = SD_CLASS_ADDITIVE,
		.flags = SD_P_OWN,
		.form = 2},
	{.name = "type",
		.expr = SD_TYPE("a.atttypid", "a.atttypmod"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN | SD_P_REBUILD | SD_P_REQUIRED},
	{.name = "collation",
		.expr = "CASE WHEN a.attcollation <> 0 AND a.attcollation <> t.typcollation THEN "
		SD_COLLATION("a.attcollation", "0") " END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN | SD_P_REBUILD},
	SD_NOT_NULL_PROPERTIES,
	{.name = "default",
		.expr = "CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, 0) END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_LATE,
		.set = "ALTER TABLE ONLY {parent} ALTER COLUMN {name} SET DEFAULT {value}",
		.unset = "ALTER TABLE ONLY {parent} ALTER COLUMN {name} DROP DEFAULT"},
	{.name = "generated",
		.expr = "CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN},
	{.name = "generated_virtual",
		.expr = SD_FLAG("a.attgenerated = 'v'"),
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_RECREATE},
	{.name = "identity",
		.expr = "CASE WHEN s.seqrelid IS NOT NULL THEN"
		" CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END END",
		.class = SD_CLASS_BREAKING,
		.flags = SD_P_OWN},
	{.name = "identity_sequence",
		.expr = "CASE WHEN a.attidentity <> '' AND s.seqrelid IS NOT NULL THEN "
		SD_QUALIFIED("sn", "sc.relname") " END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "identity_options",
		.expr = "CASE WHEN a.attidentity <> '' AND s.seqrelid IS NOT NULL THEN pg_catalog.format("
		"'START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s%s', s.seqstart, s.seqincrement,"
		" s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' END) END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "identity_persistence",
		.expr = "CASE WHEN a.attidentity <> '' AND sc.relpersistence <> c.relpersistence THEN"
		" CASE sc.relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.form = 2},
	{.name = "persistence",
		.expr = "CASE WHEN a.attidentity <> '' THEN CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED'"
		" ELSE 'LOGGED' END END",
		.flags = SD_P_DETAIL},
	{.name = "storage",
		.expr = "CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN'"
		" WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' WHEN 'x' THEN 'EXTENDED' END END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_LATE,
		.set = "ALTER TABLE ONLY {parent} ALTER COLUMN {name} SET STORAGE {value}",
		.unset = "ALTER TABLE ONLY {parent} ALTER COLUMN {name} SET STORAGE {type_storage}"},
	{.name = "type_storage",
		.expr = "CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'"
		" WHEN 'm' THEN 'MAIN' WHEN 'x' THEN 'EXTENDED' END",
		.flags = SD_P_DETAIL},
	{.name = "compression",
		.expr = "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_LATE,
		.set = "ALTER TABLE ONLY {parent} ALTER COLUMN {name} SET COMPRESSION {value}",
		.unset = "ALTER TABLE ONLY {parent} ALTER COLUMN {name} SET COMPRESSION default"},
	{.name = "statistics",
		.expr = "NULLIF(a.attstattarget, -1)",
		.class = SD_CLASS_RISKY,
		.set = "ALTER TABLE ONLY {parent} ALTER COLUMN {name} SET STATISTICS {value}",
		.unset = "ALTER TABLE ONLY {parent} ALTER COLUMN {name} SET STATISTICS -1"},
	{.name = "options",
		/* the server's own mark, on nearly every column, is mostly alone */
		.expr = "CASE WHEN a.attoptions[2] IS NOT NULL"
		" OR NOT pg_catalog.starts_with(a.attoptions[1], 'pg_attver=') THEN "
		SD_OPTIONS_BUT("a.attoptions", "o !~ '^pg_attver='") " END",
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN},
	{.name = "foreign_options",
		.expr = SD_FOREIGN_OPTIONS("a.attfdwoptions"),
		.class = SD_CLASS_RISKY,
		.flags = SD_P_OWN,
		.form = 2},
	{NULL}
};

#define SD_CAN_SET_EXPRESSION 170000

static const char *
inherited(const SdObject *column)
{
	const char *how = sd_object_value(column, "inherited");

	return how ? how : "no";
}

/* Does its parent table's or type's ADD, DROP or TYPE reach the column? */
static bool
follows_parent(const SdObject *column)
{
	return strcmp(inherited(column), "no") != 0;
}

static int
by_position(const ListCell *a, const ListCell *b)
{
	return atoi(sd_object_value(lfirst(a), "position")) - atoi(sd_object_value(lfirst(b), "position"));
}

List *
sd_column_list(const SdSnapshot *snapshot, const SdObject *table)
{
	List	   *columns = sd_snapshot_parts(snapshot, table->key, "column");

	list_sort(columns, by_position);
	return columns;
}

bool
sd_column_order_equal(const char *from, const char *to)
{
	List	   *before = sd_split_names(from);
	List	   *after = sd_split_names(to);
	List	   *kept = NIL;
	ListCell   *cell;
	int			next = 0;

	foreach(cell, before)
		if (sd_names_contain(after, lfirst(cell)))
			kept = lappend(kept, lfirst(cell));
	foreach(cell, after)
	{
		if (!sd_names_contain(before, lfirst(cell)))
			continue;
		if (strcmp(list_nth(kept, next++), lfirst(cell)) != 0)
			return false;
	}
	return true;
}

/* Does the default wait for something that is created later? */
static bool
has_late_default(const SdObject *column)
{
	ListCell   *cell;

	foreach(cell, column->depends)
		if (((SdDepend *) lfirst(cell))->need == SD_NEED_LATE)
			return true;
	return false;
}

/* The sequence behind it, "schema.name". */
static const char *
identity_sequence(const SdObject *column)
{
	const char *sequence = sd_object_value(column, "identity_sequence");

	if (sequence == NULL || strchr(sequence, '.') == NULL)
		elog(ERROR, "malformed identity of \"%s\"", column->key);
	return sequence;
}

static void
append_identity(StringInfo buf, const SdObject *column)
{
	appendStringInfo(buf, " GENERATED %s AS IDENTITY (SEQUENCE NAME %s %s)",
					 sd_object_value(column, "identity"),
					 identity_sequence(column),
					 sd_object_value(column, "identity_options"));
}

static char *
column_text_with(const SdDdl *ddl, const SdObject *column, bool with_generated)
{
	StringInfoData buf;
	const char *value;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s %s", sd_object_value(column, "name"), sd_object_value(column, "type"));
	if ((value = sd_object_value(column, "compression")) != NULL)
		appendStringInfo(&buf, " COMPRESSION %s", value);
	appendStringInfoString(&buf, sd_options_foreign(NULL, column, "foreign_options"));
	if ((value = sd_object_value(column, "collation")) != NULL)
		appendStringInfo(&buf, " COLLATE %s", value);
	if ((value = sd_object_value(column, "default")) != NULL && !has_late_default(column))
		appendStringInfo(&buf, " DEFAULT %s", value);
	if (with_generated && (value = sd_object_value(column, "generated")) != NULL)
		appendStringInfo(&buf, " GENERATED ALWAYS AS (%s) %s", value,
						 sd_object_flag(column, "generated_virtual") ? "VIRTUAL" : "STORED");
	sd_not_null_append(&buf, ddl, column);
	if (sd_object_value(column, "identity"))
		append_identity(&buf, column);
	return buf.data;
}

static char *
column_text(const SdDdl *ddl, const SdObject *column)
{
	return column_text_with(ddl, column, true);
}

/* Does CREATE TABLE define the column?  A partition is created standing alone. */
static bool
is_written(const SdObject *column, const SdObject *table)
{
	return sd_object_value(table, "partition_of") != NULL ||
		(strcmp(inherited(column), "yes") != 0 && strcmp(inherited(column), "type") != 0);
}

char *
sd_column_inline(const SdDdl *ddl, const SdObject *column, const SdObject *table)
{
	return is_written(column, table) ? column_text(ddl, column) :
		strcmp(inherited(column), "yes") == 0 ? sd_not_null_element(ddl, column) : NULL;
}

/*
 * In CREATE TABLE … INHERITS a column that its parent generates may not, before
 * 16, say so again.
 */
char *
sd_column_inline_beside(const SdDdl *ddl, const SdObject *column, const SdObject *table)
{
	return strcmp(inherited(column), "merged") == 0 && sd_inherit_repeats(ddl->snapshot, column, "generated") ?
		column_text_with(ddl, column, false) : sd_column_inline(ddl, column, table);
}

/* What neither CREATE TABLE nor ADD COLUMN can say, or was not asked to. */
static void
create_rest(SdDdl *ddl, const SdObject *column, bool written)
{
	static const char *const rest[] = {"storage", "statistics"};
	const char *value = sd_object_value(column, "default");
	const SdKind *kind = column->kind;
	bool		is_said;
	int			i;

	if (value && (!written || has_late_default(column)))
	{
		sd_ddl_late(ddl, sd_ddl_fill(kind->properties[sd_kind_property(kind, "default")].set,
									 column, value, NULL));
	}
	is_said = written || (ddl->inlined && strcmp(inherited(column), "yes") == 0 &&
						  sd_not_null_element(ddl, column) != NULL);
	sd_not_null_create(ddl, column, is_said);
	for (i = 0; i < lengthof(rest); i++)
		if ((value = sd_object_value(column, rest[i])) != NULL)
			sd_ddl_add(ddl, sd_ddl_fill(kind->properties[sd_kind_property(kind, rest[i])].set,
										column, value, NULL));
	sd_ddl_options(ddl, sd_ddl_fill("ALTER TABLE ONLY {parent} ALTER COLUMN {name}", column, NULL, NULL),
				   "", NULL, sd_object_value(column, "options"));
	if ((value = sd_object_value(column, "identity_persistence")) != NULL)
		sd_ddl_add(ddl, sd_ddl_fill("ALTER SEQUENCE {identity_sequence} SET {value}", column, value, NULL));
	if (written && (value = sd_object_value(column, "identity_sequence")) != NULL)
		sd_acl_create_sequence(ddl, column, value);
}

static void
add_column(SdDdl *ddl, const SdObject *column)
{
	sd_ddl_addf(ddl, "ALTER TABLE %s ADD COLUMN %s", sd_object_parent_identity(column),
				column_text(ddl, column));
}

/* Has an ordinary table the column from its parents alone? */
static bool
is_only_inherited(const SdSnapshot *snapshot, const SdObject *column)
{
	const SdObject *table = sd_snapshot_find(snapshot, column->parent);

	return strcmp(inherited(column), "yes") == 0 && table && sd_object_value(table, "inherits") != NULL;
}

bool
sd_column_is_given_up(const SdSnapshot *from, const SdSnapshot *to, const SdObject *column)
{
	const SdObject *before = sd_snapshot_find(from, column->key);

	return before && !follows_parent(before) && is_only_inherited(to, column);
}

/* A name for something that lives as long as the plan runs. */
static char *
passing_name(const SdObject *column)
{
	return psprintf("schemadrift_%08x", hash_bytes((const unsigned char *) column->key, strlen(column->key)));
}

/*
 * A column that its table has alone is marked as its own, and stays so when the
 * table gets a parent with the same column; one that comes by a parent's ADD
 * is not, and stays so while there is always some parent.  So a parent is made
 * that lives as long as the plan runs.
 */
static void
hold(SdDdl *ddl, const SdObject *column, bool exists)
{
	const char *table = sd_object_parent_identity(column);
	const char *collation = sd_object_value(column, "collation");
	char	   *parent = psprintf("%s.%s", sd_schema_of(table), passing_name(column));

	ddl->to_first = exists;
	if (exists)
		sd_ddl_addf(ddl, "CREATE TABLE %s (%s %s%s%s)", parent, sd_object_value(column, "name"),
					sd_object_value(column, "type"), collation ? " COLLATE " : "", collation ? collation : "");
	else
		sd_ddl_addf(ddl, "CREATE TABLE %s ()", parent);
	sd_ddl_addf(ddl, "ALTER TABLE %s INHERIT %s", table, parent);
	if (!exists)
		sd_ddl_addf(ddl, "ALTER TABLE %s ADD COLUMN %s", parent, column_text(ddl, column));
	ddl->to_first = false;
	ddl->to_last = true;
	sd_ddl_addf(ddl, "ALTER TABLE %s NO INHERIT %s", table, parent);
	sd_ddl_addf(ddl, "DROP TABLE %s", parent);
	ddl->to_last = false;
}

void
sd_column_hold_inherited(SdDdl *ddl, const SdObject *table)
{
	ListCell   *cell;

	foreach(cell, ddl->other ? sd_column_list(ddl->snapshot, table) : NIL)
	{
		const SdObject *column = lfirst(cell);
		const SdObject *before = sd_snapshot_find(ddl->other, column->key);

		if (before && is_only_inherited(ddl->snapshot, column) && is_only_inherited(ddl->other, before) &&
			strcmp(sd_object_value(before, "type"), sd_object_value(column, "type")) == 0 &&
			!sd_inherit_from_kept(ddl->snapshot, ddl->other, column))
			hold(ddl, column, true);
	}
}

/* Carry the data of the column that was given up over to the one from the parent. */
static void
carry_over(SdDdl *ddl, const SdObject *column)
{
	const char *table = sd_object_parent_identity(column);

	ddl->to_last = true;
	sd_ddl_addf(ddl, "UPDATE %s SET %s = %s", table, sd_object_value(column, "name"), passing_name(column));
	sd_ddl_addf(ddl, "ALTER TABLE %s DROP COLUMN %s", table, passing_name(column));
	ddl->to_last = false;
}

/* Must the column be added by itself, before its table gets this parent? */
static bool
comes_alone(const SdDdl *ddl, const SdObject *column)
{
	return !follows_parent(column) || ddl->is_detached ||
		(ddl->other && strcmp(inherited(column), "type") != 0 &&
		 !sd_inherit_from_kept(ddl->snapshot, ddl->other, column));
}

/*
 * Children that have the column as their own as well get it first: the
 * parent's ADD then merges with it.
 */
static void
add_to_children(SdDdl *ddl, const SdObject *column)
{
	ListCell   *cell;

	foreach(cell, ddl->other ? sd_inherit_kept_children(ddl->snapshot, ddl->other, column) : NIL)
	{
		const SdObject *child = lfirst(cell);

		if (strcmp(inherited(child), "merged") == 0 && sd_snapshot_find(ddl->other, child->key) == NULL)
			add_column(ddl, child);
	}
}

static void
create(SdDdl *ddl, const SdObject *column)
{
	const SdObject *table = sd_snapshot_find(ddl->snapshot, column->parent);
	bool		written;

	if (ddl->inlined)
		written = is_written(column, table);
	else
	{
		written = comes_alone(ddl, column);
		add_to_children(ddl, column);
		if (written && is_only_inherited(ddl->snapshot, column))
			hold(ddl, column, false);
		else if (written)
			add_column(ddl, column);
		if (ddl->other && !sd_relation_is_foreign(column) &&
			sd_column_is_given_up(ddl->other, ddl->snapshot, column))
			carry_over(ddl, column);
	}
	create_rest(ddl, column, written);
}

/*
 * One that is built anew takes its children's along.  Otherwise
 * children may keep the column, then as their own alone; those that do not
 * lose it with the parent's unless they have it as their own as well.
 */
static void
drop_down(SdDdl *ddl, const SdObject *column)
{
	List	   *children = ddl->other ? sd_inherit_kept_children(ddl->snapshot, ddl->other, column) : NIL;
	bool		is_anew = ddl->other && sd_snapshot_find(ddl->other, column->key) != NULL;
	bool		is_kept = false;
	ListCell   *cell;

	foreach(cell, is_anew ? NIL : children)
		is_kept = is_kept || sd_snapshot_find(ddl->other, ((SdObject *) lfirst(cell))->key);
	sd_ddl_addf(ddl, "ALTER TABLE %s%s DROP COLUMN %s", is_kept ? "ONLY " : "",
				sd_object_parent_identity(column), sd_object_value(column, "name"))->loses_data =
		sd_loss_of_drop(ddl, column);
	foreach(cell, children)
	{
		const SdObject *child = lfirst(cell);

		if ((is_anew || sd_snapshot_find(ddl->other, child->key) == NULL) &&
			(is_kept || strcmp(inherited(child), "merged") == 0))
			drop_down(ddl, child);
	}
}

static void
drop(SdDdl *ddl, const SdObject *column)
{
	bool		is_reached = follows_parent(column) && !ddl->is_detached &&
		(ddl->other == NULL || strcmp(inherited(column), "type") == 0 ||
		 sd_inherit_from_kept(ddl->snapshot, ddl->other, column));
	const SdObject *after = ddl->other ? sd_snapshot_find(ddl->other, column->key) : NULL;

	if (after && !sd_relation_is_foreign(column) && sd_column_is_given_up(ddl->snapshot, ddl->other, after))
		sd_ddl_addf(ddl, "ALTER TABLE %s RENAME COLUMN %s TO %s", sd_object_parent_identity(column),
					sd_object_value(column, "name"), passing_name(column));
	else if (!is_reached)
		drop_down(ddl, column);
}

bool
sd_column_type_is(const char *type, const char *identity)
{
	size_t		length = strlen(identity);

	return strncmp(type, identity, length) == 0 &&
		(type[length] == '\0' || type[length] == '(' || strcmp(type + length, "[]") == 0);
}

/*
 * " USING a::integer", which the server takes of no foreign table, be it a
 * child of the table that is altered; there only the type is stated.
 */
static char *
conversion(const SdDdl *ddl, const SdObject *column, const char *through)
{
	ListCell   *cell;

	if (sd_relation_is_foreign(column))
		return "";
	foreach(cell, sd_inherit_kept_children(ddl->snapshot, ddl->other ? ddl->other : ddl->snapshot, column))
		if (*conversion(ddl, lfirst(cell), through) == '\0')
			return "";
	return psprintf(" USING %s%s", sd_object_value(column, "name"), through);
}

/* Is it named in the partition key of its table, or may be? */
static bool
is_in_partition_key(const SdDdl *ddl, const SdObject *column)
{
	const SdObject *table = sd_snapshot_find(ddl->snapshot, column->parent);
	const char *key = table && !sd_relation_is_foreign(column) ? sd_object_value(table, "partition_key") : NULL;

	return key && strstr(key, sd_object_value(column, "name"));
}

static bool
is_of_collation(const SdObject *column, const SdObject *needed)
{
	const char *collation = sd_object_value(column, "collation");

	return collation && strcmp(needed->kind->name, "collation") == 0 &&
		strcmp(collation, needed->identity) == 0;
}

/*
 * While its type is built anew the column keeps its data as text, and while
 * its collation is, without one; the server allows that of all columns but
 * those that partition their table, and has no way back for a table with
 * foreign children.
 */
static bool
release(SdDdl *ddl, const SdObject *column, const SdObject *needed)
{
	bool		of_collation = is_of_collation(column, needed);
	const char *type = sd_object_value(column, "type");
	bool		of_type = sd_column_type_is(type, needed->identity) ||
		(strcmp(needed->kind->name, "range") == 0 &&
		 sd_column_type_is(type, sd_object_value(needed, "multirange_type_name")));

	if (!(of_collation || of_type) || is_in_partition_key(ddl, column))
		return false;
	if (follows_parent(column) && !ddl->is_detached)
		return true;
	if (!of_collation && !sd_relation_is_foreign(column) && *conversion(ddl, column, "") == '\0')
		return false;
	if (sd_object_value(column, "default"))
		sd_ddl_add(ddl, sd_ddl_fill("ALTER TABLE {parent} ALTER COLUMN {name} DROP DEFAULT", column, NULL, NULL));
	sd_ddl_addf(ddl, "%s%s", sd_ddl_fill(of_collation ?
										 "ALTER TABLE {parent} ALTER COLUMN {name} TYPE {type}"
										 " COLLATE pg_catalog.\"default\"" :
										 "ALTER TABLE {parent} ALTER COLUMN {name} TYPE text", column, NULL, NULL),
				of_collation ? "" : conversion(ddl, column, "::text"));
	return true;
}

static void
restore(SdDdl *ddl, const SdObject *column, const SdChange *change)
{
	const char *value = sd_object_value(column, "default");
	const char *type = sd_object_value(column, "type");

	if (follows_parent(column) && !ddl->is_detached)
		return;
	if (change == NULL || !sd_change_has(change, "type"))
		sd_ddl_addf(ddl, "%s%s",
					sd_ddl_fill(sd_object_value(column, "collation") ?
								"ALTER TABLE {parent} ALTER COLUMN {name} TYPE {type} COLLATE {collation}" :
								"ALTER TABLE {parent} ALTER COLUMN {name} TYPE {type}", column, NULL, NULL),
					conversion(ddl, column, psprintf("::%s", type)))->loses_data =
			sd_loss_of_type(ddl, column, type, type, true);
	if (value && (change == NULL || !(sd_change_has(change, "default") || sd_change_has(change, "type"))))
		sd_ddl_latef(ddl, "%s", sd_ddl_fill("ALTER TABLE {parent} ALTER COLUMN {name} SET DEFAULT {value}",
											column, value, NULL));
}

/*
 * A new type brings its own storage and compression; set ours again, late, for
 * an inherited column changes with its parent.
 */
static void
keep_after_type(SdDdl *ddl, const SdChange *change)
{
	static const char *const reset[] = {"storage", "compression"};
	const SdKind *kind = change->to->kind;
	int			i;

	for (i = 0; i < lengthof(reset); i++)
	{
		const char *value = sd_object_value(change->to, reset[i]);

		if (value && !sd_change_has(change, reset[i]))
			sd_ddl_late(ddl, sd_ddl_fill(kind->properties[sd_kind_property(kind, reset[i])].set,
										 change->to, value, NULL));
	}
}

/*
 * A default cannot always follow its column to a new type by itself; it is
 * dropped before and set again after.
 */
static void
alter_type(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	const char *type = sd_object_value(to, "type");
	const char *collation = sd_object_value(to, "collation");
	const char *before = sd_object_value(change->from, "type");
	bool		is_other = sd_change_has(change, "type");
	bool		is_cast = is_other && !sd_cast_by_itself(before, type);
	bool		had_default = sd_object_value(change->from, "default") != NULL;
	char	   *column = sd_ddl_fill("ALTER TABLE {parent} ALTER COLUMN {name}", to, NULL, NULL);

	keep_after_type(ddl, change);
	if (follows_parent(to) && !ddl->is_detached)
		return;
	if (had_default && is_other)
		sd_ddl_addf(ddl, "%s DROP DEFAULT", column);
	sd_ddl_addf(ddl, "%s TYPE %s%s%s%s", column, type,
				collation ? " COLLATE " : "", collation ? collation : "",
				is_cast ? conversion(ddl, to, psprintf("%s::%s", sd_cast_path(ddl, before, type), type)) :
				"")->loses_data = is_other ? sd_loss_of_type(ddl, change->from, before, type, is_cast) : NULL;
	if (had_default && is_other && sd_object_value(to, "default") &&
		!sd_change_has(change, "default"))
		sd_ddl_latef(ddl, "%s SET DEFAULT %s", column, sd_object_value(to, "default"));
}

/* The number after that word of a sequence's options. */
static int64
option_number(const SdObject *column, const char *options, const char *word)
{
	const char *found = options ? strstr(options, word) : NULL;

	if (found == NULL)
		elog(ERROR, "malformed options of the identity of \"%s\"", column->key);
	return strtoll(found + strlen(word), NULL, 10);
}

static SdSequenceBounds
identity_bounds(const SdObject *column)
{
	const char *options = sd_object_value(column, "identity_options");
	SdSequenceBounds result;

	result.start = option_number(column, options, "START WITH ");
	result.min = option_number(column, options, " MINVALUE ");
	result.max = option_number(column, options, " MAXVALUE ");
	return result;
}

static void
alter_identity_options(SdDdl *ddl, const SdChange *change)
{
	const char *sequence = identity_sequence(change->to);
	const char *options = sd_object_value(change->to, "identity_options");
	const char *restart = sd_sequence_move(ddl, sequence, identity_bounds(change->from),
										   identity_bounds(change->to));

	sd_ddl_addf(ddl, "ALTER SEQUENCE %s %s%s%s", sequence, options,
				strstr(options, " CYCLE") ? "" : " NO CYCLE", restart)->loses_data =
		*restart ? sd_loss_of_position(sequence) : NULL;
}

static void
alter_identity(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	const char *from_identity = sd_object_value(change->from, "identity");
	const char *to_identity = sd_object_value(to, "identity");
	char	   *column = sd_ddl_fill("ALTER TABLE {parent} ALTER COLUMN {name}", to, NULL, NULL);

	if (to_identity == NULL)
		sd_ddl_addf(ddl, "%s DROP IDENTITY", column)->loses_data =
			sd_loss_of_position(identity_sequence(change->from));
	else if (from_identity == NULL)
	{
		StringInfoData buf;

		initStringInfo(&buf);
		appendStringInfo(&buf, "%s ADD", column);
		append_identity(&buf, to);
		sd_ddl_add(ddl, buf.data);
		sd_acl_create_sequence(ddl, to, identity_sequence(to));
	}
	else
	{
		if (sd_change_has(change, "identity"))
			sd_ddl_addf(ddl, "%s SET GENERATED %s", column, to_identity);
		if (sd_change_has(change, "identity_sequence"))
		{
			const char *sequence = identity_sequence(to);
			const char *name = sequence + strlen(sd_schema_of(sequence)) + 1;

			sd_ddl_addf(ddl, "ALTER SEQUENCE %s RENAME TO %s",
						identity_sequence(change->from), name);
		}
		if (sd_change_has(change, "identity_options"))
			alter_identity_options(ddl, change);
	}
}

/* A new expression from 17 on; none where it is stored; else a new column. */
static bool
alter_generated(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	const char *value = sd_object_value(to, "generated");

	if (value == NULL && !sd_object_flag(change->from, "generated_virtual"))
		sd_ddl_add(ddl, sd_ddl_fill("ALTER TABLE {parent} ALTER COLUMN {name} DROP EXPRESSION", to, NULL, NULL));
	else if (value && sd_object_value(change->from, "generated") && sd_ddl_server(ddl) >= SD_CAN_SET_EXPRESSION)
		sd_ddl_add(ddl, sd_ddl_fill("ALTER TABLE {parent} ALTER COLUMN {name} SET EXPRESSION AS ({value})",
									to, value, NULL));
	else
		return false;
	return true;
}

static bool
alter(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	bool		identity = sd_change_has(change, "identity") || sd_change_has(change, "identity_sequence") ||
		sd_change_has(change, "identity_options");

	if (sd_change_has(change, "inherited_only") && follows_parent(change->from) && follows_parent(to) && ddl->other &&
		(sd_object_flag(to, "inherited_only") || sd_inherit_from_kept(ddl->snapshot, ddl->other, to)))
		sd_ddl_impossible(ddl, "The column %s is its table's own besides being inherited on one side only, "
						  "which only a new table can change.", to->identity);
	if (sd_change_has(change, "generated") && !alter_generated(ddl, change))
		return false;
	/* identity demands NOT NULL */
	sd_not_null_alter_first(ddl, change);
	if (sd_change_has(change, "type") || sd_change_has(change, "collation"))
		alter_type(ddl, change);
	if (identity)
		alter_identity(ddl, change);
	sd_not_null_alter_last(ddl, change);
	if (sd_change_has(change, "identity_persistence") && sd_object_value(to, "identity"))
		sd_ddl_late(ddl, sd_ddl_fill(sd_object_value(to, "identity_persistence") ?
									 "ALTER SEQUENCE {identity_sequence} SET {identity_persistence}" :
									 "ALTER SEQUENCE {identity_sequence} SET {persistence}", to, NULL, NULL));
	if (sd_change_has(change, "options"))
		sd_ddl_options(ddl, sd_ddl_fill("ALTER TABLE ONLY {parent} ALTER COLUMN {name}", to, NULL, NULL),
					   "", sd_object_value(change->from, "options"), sd_object_value(to, "options"));
	if (sd_change_has(change, "foreign_options"))
		sd_options_foreign_alter(ddl, change, "foreign_options",
								 sd_ddl_fill("ALTER FOREIGN TABLE {parent} ALTER COLUMN {name}", to, NULL, NULL));
	return true;
}

SdKind		sd_kind_column = {
	.name = "column",
	.keyword = "COLUMN",
	.traits = SD_K_INLINE | SD_K_WITH_WHOLE | SD_K_HOLDS_DATA,
	.catalog = "pg_class",
	.sorts = "rpf",
	.from = "FROM pg_catalog.pg_attribute a"
	" JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
	" LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
	SD_NOT_NULL_JOINS
	" LEFT JOIN (pg_catalog.pg_depend sd JOIN pg_catalog.pg_sequence s ON s.seqrelid = sd.objid"
	" JOIN pg_catalog.pg_class sc ON sc.oid = sd.objid"
	" JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace)"
	" ON sd.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
	" AND sd.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
	" AND sd.refobjid = a.attrelid AND sd.refobjsubid = a.attnum AND sd.deptype = 'i'"
	" WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND " SD_USER_SCHEMA("n"),
	.oid = "c.oid",
	.subid = "a.attnum",
	.identity = SD_QUALIFIED("n", "c.relname") " || '.' || pg_catalog.quote_ident(a.attname)",
	.parent = SD_RELATION_KEY("n", "c"),
	.acl = "a.attacl",
	.acl_type = "c",
	.acl_keyword = "TABLE",
	.acl_owner = "c.relowner",
	.has_comment = true,
	.has_label = true,
	.own = properties,
	.removed = SD_CLASS_BREAKING,
	.create = create,
	.drop = drop,
	.alter = alter,
	.release = release,
	.restore = restore,
};
