/*
 * free.c
 *	  Objects that come and go by design, and so are no drift.
 *
 * Partitions, by the policy of their parent: with "structure" they come and go
 * freely as long as they are like the parent, with "ignore" whatever they are.
 * What makes a partition differ from its parent stays drift.  And the tables
 * that TimescaleDB and Citus keep rows in.
 */
#include "postgres.h"

#include <ctype.h>

#include "catalog/namespace.h"
#include "commands/extension.h"
#include "utils/lsyscache.h"

#include "compare/choose.h"
#include "compare/diff.h"
#include "compare/merge.h"
#include "kind/kind.h"
#include "store/baseline.h"
#include "store/partition_policy.h"
#include "workflow/absorb.h"
#include "workflow/free.h"

/* Partitions of partitions of …; deeper ones are watched as any table. */
#define SD_MOST_LEVELS 32

typedef struct Policy
{
	const char *parent;
	SdPattern  *pattern;		/* NULL = it is none */
	bool		strict;
	bool		ignore;
} Policy;

typedef struct Freedom
{
	const SdCheck *check;
	List	   *policies;		/* Policy *, the first that fits counts */
	bool		has_timescaledb;
	bool		has_citus;
	List	   *accepted;		/* SdAccepted * */
	List	   *left_out;		/* SdAccepted *, applied after those */
} Freedom;

static Freedom *
load(const SdCheck *check)
{
	Freedom    *freedom = palloc0(sizeof(Freedom));
	ListCell   *cell;

	freedom->check = check;
	freedom->has_timescaledb = OidIsValid(get_extension_oid("timescaledb", true));
	freedom->has_citus = OidIsValid(get_extension_oid("citus", true));
	foreach(cell, sd_partition_policy_load())
	{
		const SdPartitionPolicy *stored = lfirst(cell);
		Policy	   *policy = palloc(sizeof(Policy));
		SdPatternProblem problem;

		policy->parent = stored->parent;
		/* of another version of the library, it may be no pattern any more; then it is only a name */
		policy->pattern = sd_pattern_parse(stored->parent, &problem);
		policy->strict = strcmp(stored->policy, "strict") == 0;
		policy->ignore = strcmp(stored->policy, "ignore") == 0;
		freedom->policies = lappend(freedom->policies, policy);
	}
	return freedom;
}

static bool
is_idle(const Freedom *freedom)
{
	return freedom->policies == NIL && !freedom->has_timescaledb && !freedom->has_citus;
}

/* -- which policy ----------------------------------------------------------- */

static const char *
value_of(const SdObject *object, const char *property)
{
	int			i = object ? sd_kind_property(object->kind, property) : -1;

	return i < 0 ? NULL : object->values[i];
}

/* What a partition is one of; indexes have the like, but those are parts. */
static const char *
parent_of(const SdObject *table)
{
	return table && table->parent == NULL ? value_of(table, "partition_of") : NULL;
}

/* That of the very table before that of a pattern. */
static const Policy *
policy_for(const Freedom *freedom, const char *parent)
{
	SdPatternSubject subject = {.kind = "table", .object = parent};
	ListCell   *cell;

	foreach(cell, freedom->policies)
		if (strcmp(((Policy *) lfirst(cell))->parent, parent) == 0)
			return lfirst(cell);
	foreach(cell, freedom->policies)
	{
		const Policy *policy = lfirst(cell);

		if (policy->pattern && sd_pattern_matches(policy->pattern, &subject))
			return policy;
	}
	return NULL;
}

/* The policy of the nearest ancestor that has one; NULL = it is watched as any table. */
static const Policy *
policy_of(const Freedom *freedom, const SdSnapshot *side, const SdObject *table)
{
	int			level;

	for (level = 0; level < SD_MOST_LEVELS; level++)
	{
		const char *parent = parent_of(table);
		const Policy *policy = parent ? policy_for(freedom, parent) : NULL;

		if (policy)
			return policy->strict ? NULL : policy;
		if (parent == NULL)
			return NULL;
		table = sd_snapshot_find(side, sd_object_key("table", parent));
	}
	return NULL;
}

static const SdObject *
whole_of(const SdSnapshot *side, const SdObject *object)
{
	while (object && object->parent)
		object = sd_snapshot_find(side, object->parent);
	return object;
}

/* -- is it like its parent? ------------------------------------------------- */

static bool
same_value(const SdObject *a, const SdObject *b, const char *property)
{
	const char *x = value_of(a, property);
	const char *y = value_of(b, property);

	return x == y || (x && y && strcmp(x, y) == 0);
}

/* Are all these the same?  What stands after a NULL in the list may also be unset. */
static bool
has_same(const SdObject *child, const SdObject *parent, const char *const *properties)
{
	for (; *properties; properties++)
		if (!same_value(child, parent, *properties))
			return false;
	for (properties++; *properties; properties++)
		if (value_of(child, *properties) && !same_value(child, parent, *properties))
			return false;
	return true;
}

static bool
table_is_like(const SdObject *table, const SdObject *parent)
{
	static const char *const properties[] = {
		"owner", "row_security", "force_row_security", "unlogged", NULL, "privileges", NULL
	};

	return parent && has_same(table, parent, properties);
}

/* The parent's part of that kind and name. */
static const SdObject *
part_named(const SdSnapshot *side, const char *parent_key, const SdObject *part)
{
	const char *name = value_of(part, "name");
	ListCell   *cell;

	foreach(cell, name ? sd_snapshot_parts(side, parent_key, part->kind->name) : NIL)
		if (same_value(lfirst(cell), part, "name"))
			return lfirst(cell);
	return NULL;
}

static bool
column_is_like(const SdObject *column, const SdObject *original)
{
	static const char *const properties[] = {
		"type", "collation", "not_null", "default", "generated", "generated_virtual", NULL, "privileges", NULL
	};

	return original && has_same(column, original, properties);
}

/* A trigger's clone, switched as its original is. */
static bool
clone_is_like(const SdObject *clone)
{
	const char *enabled = value_of(clone, "enabled");
	const char *original = value_of(clone, "parent_enabled");

	return original && strcmp(enabled ? enabled : "ENABLE", original) == 0;
}

static bool
part_is_like(const SdSnapshot *side, const SdObject *part, const char *parent)
{
	const char *parent_key = sd_object_key("table", parent);
	const char *kind = part->kind->name;

	if (strcmp(kind, "column") == 0)
		return column_is_like(part, part_named(side, parent_key, part));
	if (strcmp(kind, "index") == 0)
		return value_of(part, "attached_to") && !value_of(part, "invalid");
	if (strcmp(kind, "trigger") == 0)
		return clone_is_like(part);
	if (strcmp(kind, "constraint") == 0)
	{
		const SdObject *original = part_named(side, parent_key, part);

		return value_of(part, "attached_to") ||
			(original && same_value(part, original, "definition") && same_value(part, original, "type"));
	}
	return false;
}

/* -- what is free ----------------------------------------------------------- */

static void
accept(Freedom *freedom, const SdChange *change, int property)
{
	freedom->accepted = lappend(freedom->accepted, sd_absorb_accepted(change, property));
}

/* A partition comes: it, and those of its parts that are like the parent's. */
static void
accept_new(Freedom *freedom, const SdChange *change)
{
	const SdSnapshot *live = freedom->check->live;
	const char *parent = parent_of(change->to);
	ListCell   *cell;

	if (!table_is_like(change->to, sd_snapshot_find(live, sd_object_key("table", parent))))
		return;
	accept(freedom, change, -1);
	foreach(cell, freedom->check->changes)
	{
		const SdChange *part = lfirst(cell);
		SdAccepted *left_out;

		if (part->what != SD_CHANGE_ADDED || part->to->parent == NULL ||
			strcmp(part->to->parent, change->to->key) != 0 || part_is_like(live, part->to, parent))
			continue;
		left_out = sd_absorb_accepted(part, -1);
		left_out->left_out = true;
		freedom->left_out = lappend(freedom->left_out, left_out);
	}
}

/* Only what says whose partition it is, and what its parts are copies of. */
static void
accept_attachment(Freedom *freedom, const SdChange *change)
{
	static const char *const properties[] = {
		"partition_of", "partition_bound", "inherits", "attached_to", "inherited", "inherited_only", "parent_enabled"
	};
	int			i;

	for (i = 0; i < lengthof(properties); i++)
	{
		int			property = sd_kind_property(change->to->kind, properties[i]);

		if (property >= 0 && bms_is_member(property, change->properties))
			accept(freedom, change, property);
	}
}

/* The partition becomes a table: it loses clones of triggers, and may get its bound as a check. */
static void
accept_leaving(Freedom *freedom, const SdChange *change)
{
	const SdObject *object = change->to ? change->to : change->from;
	const char *type = value_of(object, "type");

	if (change->what == SD_CHANGE_CHANGED)
		accept_attachment(freedom, change);
	else if (change->what == SD_CHANGE_REMOVED ?
			 value_of(object, "parent_enabled") != NULL :
			 strcmp(object->kind->name, "constraint") == 0 && type && strcmp(type, "CHECK") == 0)
		accept(freedom, change, -1);
}

/* A change of a table, or of its part, that is or was a partition left free. */
static void
accept_partition(Freedom *freedom, const SdChange *change, const SdObject *was, const SdObject *is,
				 const Policy *policy)
{
	bool		is_part = (change->to ? change->to : change->from)->parent != NULL;

	if (policy->ignore || is == NULL || (change->what == SD_CHANGE_REMOVED && !is_part))
		accept(freedom, change, -1);
	else if (parent_of(was) && !parent_of(is))
		accept_leaving(freedom, change);
	else if (change->what == SD_CHANGE_ADDED && !is_part)
		accept_new(freedom, change);
	else if (parent_of(was))
		return;					/* it stays: only coming and going is free */
	else if (change->what == SD_CHANGE_CHANGED)
		accept_attachment(freedom, change);
	else if (change->what == SD_CHANGE_ADDED && part_is_like(freedom->check->live, change->to, parent_of(is)))
		accept(freedom, change, -1);
}

/* public.orders_102008 where there is public.orders: a shard of it. */
static bool
is_shard(const SdObject *table)
{
	const char *name = strchr(table->identity, '.');
	const char *end = table->identity + strlen(table->identity);
	const char *digits = end;
	Oid			namespace;

	while (digits > table->identity && isdigit((unsigned char) digits[-1]))
		digits--;
	if (name == NULL || strchr(table->identity, '"') || end - digits < 6 || digits - 1 <= name || digits[-1] != '_')
		return false;
	namespace = get_namespace_oid(pnstrdup(table->identity, name - table->identity), true);
	return OidIsValid(namespace) &&
		OidIsValid(get_relname_relid(pnstrdup(name + 1, digits - 1 - (name + 1)), namespace));
}

/* Does an extension keep its rows in it? */
static bool
is_storage(const Freedom *freedom, const SdObject *table)
{
	if (freedom->has_timescaledb && strncmp(table->identity, "_timescaledb_internal.", 22) == 0)
		return true;
	return freedom->has_citus && strcmp(table->kind->name, "table") == 0 && is_shard(table);
}

static void
consider(Freedom *freedom, const SdChange *change)
{
	const SdObject *was = whole_of(freedom->check->baseline, change->from);
	const SdObject *is = whole_of(freedom->check->live, change->to);
	const Policy *policy;

	if (change->folded && !change->leader)
		return;					/* goes with its whole */
	if (is_storage(freedom, is ? is : was ? was : change->to ? change->to : change->from))
	{
		accept(freedom, change, -1);
		return;
	}
	/* a part that came or went stands on one side, what it is a part of on both */
	if (was == NULL && is)
		was = sd_snapshot_find(freedom->check->baseline, is->key);
	if (is == NULL && was)
		is = sd_snapshot_find(freedom->check->live, was->key);
	policy = is ? policy_of(freedom, freedom->check->live, is) : NULL;
	if (policy == NULL && was)
		policy = policy_of(freedom, freedom->check->baseline, was);
	if (policy)
		accept_partition(freedom, change, was, is, policy);
}

void
sd_free_absorb(SdCheck *check)
{
	Freedom    *freedom;
	ListCell   *cell;

	if (check->changes == NIL)
		return;
	freedom = load(check);
	if (is_idle(freedom))
		return;
	foreach(cell, check->changes)
		consider(freedom, lfirst(cell));
	if (freedom->accepted == NIL)
		return;
	check->baseline = sd_merge(check->baseline, check->live,
							   list_concat(freedom->accepted, freedom->left_out), CurrentMemoryContext);
	check->changes = sd_diff(check->baseline, check->live);
	sd_baseline_save(SD_DEFAULT_BASELINE, check->baseline, "come and gone as is their way", 0,
					 check->changes ? check->stored->event_horizon : check->horizon);
}

bool
sd_free_concerns(const SdCheck *check)
{
	Freedom    *freedom;
	ListCell   *cell;

	if (check->changes == NIL)
		return false;
	freedom = load(check);
	if (is_idle(freedom))
		return false;
	foreach(cell, check->changes)
	{
		const SdChange *change = lfirst(cell);
		const SdObject *is = whole_of(check->live, change->to);
		const SdObject *was = whole_of(check->baseline, change->from);

		if (parent_of(is) || parent_of(was) || (change->to && change->to->parent && is == NULL) ||
			(change->from && change->from->parent && was == NULL) ||
			(is && is_storage(freedom, is)) || (was && is_storage(freedom, was)))
			return true;
	}
	return false;
}
