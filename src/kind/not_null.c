/*
 * not_null.c
 *	  NOT NULL of a table's column: a flag before 18, a constraint from 18 on.
 *
 * So that one schema has one canonical form on all majors, a name that a server
 * chooses by itself is no name: table_column_not_null cut to length, a number
 * after it where that was taken, or the name that a parent's constraint has.
 * DDL writes every name that pg_dump would, and only what the server that runs
 * the plan understands.
 *
 * What a parent's NOT NULL gives to a child is not written for the child: from
 * 18 on that would make it the child's own besides, which no ALTER takes back.
 */
#include "postgres.h"

#include "commands/defrem.h"
#include "utils/builtins.h"

#include "base/text.h"
#include "kind/inherit.h"
#include "kind/not_null.h"
#include "kind/relation.h"

#define SD_NOT_NULL_IS_CONSTRAINT 180000

static bool
has_constraints(const SdDdl *ddl)
{
	return sd_ddl_server(ddl) >= SD_NOT_NULL_IS_CONSTRAINT;
}

/* An identifier without its quotes. */
static char *
unquoted(const char *identifier)
{
	char	   *result = palloc(strlen(identifier) + 1);
	char	   *end = result;

	if (identifier[0] != '"')
		return strcpy(result, identifier);
	for (identifier++; *identifier; identifier++)
	{
		if (*identifier == '"' && *++identifier != '"')
			break;
		*end++ = *identifier;
	}
	*end = '\0';
	return result;
}

/* The last name of "schema.name", without quotes. */
static char *
last_name(const char *identity)
{
	const char *p = identity;
	const char *name = p;
	bool		quoted = false;

	for (; *p; p++)
	{
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '.' && !quoted)
			name = p + 1;
	}
	return unquoted(name);
}

static char *
table_name(const SdObject *column)
{
	return last_name(sd_object_parent_identity(column));
}

static char *
column_name(const SdObject *column)
{
	return unquoted(sd_object_value(column, "name"));
}

/* Is it a name that a server chooses; column is NULL for a domain. */
static bool
is_chosen(const char *name, const char *whole, const char *column)
{
	static const char suffix[] = "not_null";
	const char *label = NULL;
	const char *next = name;

	/* the last "not_null", a number may follow */
	while ((next = strstr(next, suffix)) != NULL)
		label = next++;
	if (label == NULL || strspn(label + strlen(suffix), "0123456789") != strlen(label + strlen(suffix)))
		return false;
	return strcmp(name, makeObjectName(whole, column, label)) == 0;
}

const char *
sd_not_null_name_normal(const SdObject *column, int property)
{
	const char *name = column->values[property];

	return sd_object_flag(column, "not_null_parents_name") ||
		is_chosen(unquoted(name), table_name(column), column_name(column)) ? NULL : name;
}

const char *
sd_not_null_domain_normal(const SdObject *domain, int property)
{
	const char *name = domain->values[property];

	return is_chosen(unquoted(name), last_name(domain->identity), NULL) ? NULL : name;
}

const char *
sd_not_null_domain_name(const SdObject *domain)
{
	const char *name = sd_object_value(domain, "not_null_name");

	return name ? name : quote_identifier(makeObjectName(last_name(domain->identity), NULL, "not_null"));
}

/* The name by which statements call the constraint, also where a plan makes it. */
static const char *
constraint_name(const SdObject *column)
{
	const char *name = sd_object_value(column, "not_null_name");

	return name ? name : quote_identifier(makeObjectName(table_name(column), column_name(column), "not_null"));
}

/* "CONSTRAINT name " where the name has to be said: as pg_dump does. */
static char *
name_clause(const SdObject *column)
{
	const char *name = sd_object_value(column, "not_null_name");
	char	   *usual = psprintf("%s_%s_not_null", table_name(column), column_name(column));

	if (sd_object_value(column, "not_null_comment") == NULL && (name == NULL || strcmp(unquoted(name), usual) == 0))
		return "";
	return psprintf("CONSTRAINT %s ", constraint_name(column));
}

static const char *
no_inherit_clause(const SdObject *column)
{
	return sd_object_flag(column, "not_null_no_inherit") ? " NO INHERIT" : "";
}

/* Has a parent the constraint in a form that reaches the column? */
static bool
is_inherited(const SdSnapshot *snapshot, const SdObject *column)
{
	ListCell   *cell;

	foreach(cell, sd_inherit_parent_columns(snapshot, column))
	{
		const SdObject *parents = lfirst(cell);

		if (sd_object_flag(parents, "not_null") && !sd_object_flag(parents, "not_null_no_inherit"))
			return true;
	}
	return false;
}

/*
 * Is the flag of some parent there when the child is made?  That of a column
 * which a parent has from elsewhere is set later, and for that table alone.
 */
static bool
is_written_above(const SdSnapshot *snapshot, const SdObject *column)
{
	ListCell   *cell;

	foreach(cell, sd_inherit_parent_columns(snapshot, column))
	{
		const SdObject *parents = lfirst(cell);
		const char *how = sd_object_value(parents, "inherited");

		if (sd_object_flag(parents, "not_null") &&
			(how == NULL || strcmp(how, "merged") == 0 || is_written_above(snapshot, parents)))
			return true;
	}
	return false;
}

/* Does the parent's NOT NULL give it, so that it must not be written? */
static bool
is_given(const SdDdl *ddl, const SdObject *column)
{
	return !sd_object_flag(column, "not_null_local") && is_inherited(ddl->snapshot, column) &&
		(has_constraints(ddl) || is_written_above(ddl->snapshot, column));
}

/* Is the table made standing alone, as a partition is? */
static bool
is_alone(const SdDdl *ddl, const SdObject *column)
{
	const SdObject *table = sd_snapshot_find(ddl->snapshot, column->parent);
	int			property = table ? sd_kind_property(table->kind, "partition_of") : -1;

	return property >= 0 && (table->values[property] != NULL ||
							 sd_relation_gets_parents_later(ddl->snapshot, table));
}

void
sd_not_null_append(StringInfo buf, const SdDdl *ddl, const SdObject *column)
{
	if (!sd_object_flag(column, "not_null") || (is_given(ddl, column) && !is_alone(ddl, column)))
		return;
	if (!has_constraints(ddl))
		appendStringInfoString(buf, " NOT NULL");
	else if (!sd_object_flag(column, "not_null_not_valid"))
		appendStringInfo(buf, " %sNOT NULL%s", name_clause(column), no_inherit_clause(column));
}

char *
sd_not_null_element(const SdDdl *ddl, const SdObject *column)
{
	if (!sd_object_flag(column, "not_null") || sd_object_flag(column, "not_null_not_valid") ||
		!has_constraints(ddl) || is_given(ddl, column))
		return NULL;
	return psprintf("%sNOT NULL %s%s", name_clause(column), sd_object_value(column, "name"),
					no_inherit_clause(column));
}

static void
set_comment(SdDdl *ddl, const SdObject *column, const char *name)
{
	const char *comment = sd_object_value(column, "not_null_comment");

	sd_ddl_addf(ddl, "COMMENT ON CONSTRAINT %s ON %s IS %s", name, sd_object_parent_identity(column),
				comment ? sd_literal(comment) : "NULL");
}

/* A constraint that the column has not; only: for its table alone. */
static void
add(SdDdl *ddl, const SdObject *column, const char *only)
{
	const char *table = sd_object_parent_identity(column);
	const char *name = sd_object_value(column, "name");
	bool		not_valid = sd_object_flag(column, "not_null_not_valid");

	if (has_constraints(ddl) && (not_valid || *name_clause(column) || *no_inherit_clause(column)))
		sd_ddl_addf(ddl, "ALTER TABLE %s%s ADD CONSTRAINT %s NOT NULL %s%s%s", only, table, constraint_name(column),
					name, no_inherit_clause(column), not_valid ? " NOT VALID" : "");
	else
		sd_ddl_addf(ddl, "ALTER TABLE %s%s ALTER COLUMN %s SET NOT NULL", only, table, name);
}

void
sd_not_null_create(SdDdl *ddl, const SdObject *column, bool written)
{
	/* to be attached or to inherit it is needed */
	bool		given = is_given(ddl, column) && !(ddl->inlined && is_alone(ddl, column));
	bool		not_valid = sd_object_flag(column, "not_null_not_valid") && has_constraints(ddl);

	if (!sd_object_flag(column, "not_null"))
		return;
	/* a constraint reaches the children, and must; a flag is each table's own */
	if (!given && (not_valid || !written))
		add(ddl, column, has_constraints(ddl) ? "" : "ONLY ");
	if (has_constraints(ddl) && sd_object_value(column, "not_null_comment"))
		set_comment(ddl, column, constraint_name(column));
}

/* Has a child the constraint by another name?  Then the server cannot rename it. */
static bool
has_other_name_below(const SdDdl *ddl, const SdObject *from)
{
	ListCell   *cell;

	foreach(cell, ddl->other ? sd_inherit_kept_children(ddl->other, ddl->snapshot, from) : NIL)
		if (strcmp(constraint_name(lfirst(cell)), constraint_name(from)) != 0)
			return true;
	return false;
}

/* The constraint dropped and added as it shall be. */
static void
replace(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;

	sd_ddl_addf(ddl, "ALTER TABLE %s DROP CONSTRAINT %s", sd_object_parent_identity(to),
				constraint_name(change->from));
	add(ddl, to, "");
	if (sd_object_value(to, "not_null_comment"))
		set_comment(ddl, to, constraint_name(to));
}

/* Where the parent gets or loses its own, the rest follows from that. */
static void
alter_local(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;

	if (!sd_object_flag(to, "not_null_local") && is_inherited(ddl->snapshot, to))
		sd_ddl_impossible(ddl, "NOT NULL of the column %s is its table's own besides being inherited, "
						  "which only a new table can change.", to->identity);
	else if (sd_object_flag(to, "not_null_local") && ddl->other && is_inherited(ddl->other, change->from))
		sd_ddl_addf(ddl, "ALTER TABLE ONLY %s ALTER COLUMN %s SET NOT NULL", sd_object_parent_identity(to),
					sd_object_value(to, "name"));
}

/* Changes of a constraint that both sides have. */
static void
alter_constraint(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	const char *table = sd_object_parent_identity(to);
	bool		renamed = sd_change_has(change, "not_null_name") && !is_given(ddl, to) &&
		strcmp(constraint_name(change->from), constraint_name(to)) != 0;
	const char *name = constraint_name(renamed || is_given(ddl, to) ? to : change->from);

	if ((sd_change_has(change, "not_null_not_valid") && sd_object_flag(to, "not_null_not_valid")) ||
		(renamed && has_other_name_below(ddl, change->from)))
	{
		replace(ddl, change);
		return;
	}
	if (renamed)
		sd_ddl_addf(ddl, "ALTER TABLE %s RENAME CONSTRAINT %s TO %s", table, constraint_name(change->from), name);
	if (sd_change_has(change, "not_null_no_inherit"))
		sd_ddl_addf(ddl, "ALTER TABLE %s ALTER CONSTRAINT %s%s INHERIT", table, name,
					sd_object_flag(to, "not_null_no_inherit") ? " NO" : "");
	if (sd_change_has(change, "not_null_not_valid"))
		sd_ddl_addf(ddl, "ALTER TABLE %s VALIDATE CONSTRAINT %s", table, name);
	if (sd_change_has(change, "not_null_local"))
		alter_local(ddl, change);
	if (sd_change_has(change, "not_null_comment"))
		set_comment(ddl, to, name);
}

static bool
differs_as_constraint(const SdChange *change)
{
	static const char *const names[] = {
		"not_null_name", "not_null_no_inherit", "not_null_not_valid", "not_null_local", "not_null_comment"
	};
	int			i;

	for (i = 0; i < lengthof(names); i++)
		if (sd_change_has(change, names[i]))
			return true;
	return false;
}

void
sd_not_null_alter_first(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;

	if (!sd_object_flag(to, "not_null"))
		return;
	if (sd_change_has(change, "not_null"))
	{
		bool		reached = is_given(ddl, to) && ddl->other &&
			sd_inherit_from_kept(ddl->snapshot, ddl->other, to) && !is_inherited(ddl->other, change->from);

		if (!reached)
			add(ddl, to, "");
		if (has_constraints(ddl) && sd_object_value(to, "not_null_comment"))
			set_comment(ddl, to, constraint_name(to));
	}
	else if (!has_constraints(ddl) && differs_as_constraint(change))
		sd_ddl_impossible(ddl, "NOT NULL of the column %s is no constraint of its own before PostgreSQL 18.",
						  to->identity);
	else if (has_constraints(ddl))
		alter_constraint(ddl, change);
}

/*
 * An inherited column cannot lose NOT NULL before its parent's does (of
 * partitions, and from 18 on of all); then it went with that, and saying so
 * again does no harm.
 */
void
sd_not_null_alter_last(SdDdl *ddl, const SdChange *change)
{
	const SdObject *to = change->to;
	const char *table = sd_object_parent_identity(to);
	const char *name = sd_object_value(to, "name");

	if (!sd_change_has(change, "not_null") || sd_object_flag(to, "not_null"))
		return;
	if (sd_object_value(to, "inherited"))
		sd_ddl_latef(ddl, "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL", table, name);
	else
		sd_ddl_addf(ddl, "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL", table, name);
}
