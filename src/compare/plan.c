/*
 * plan.c
 *	  Turns changes into ordered statements.
 *
 * Each object that has something to be done gets up to three steps: drop,
 * build (create or alter) and late (what waits for objects that themselves
 * need this one).  Dependencies of the "from" side order the drops, those of
 * the "to" side the builds; sort.c does the rest.
 *
 * An object that cannot be altered is dropped and created again, and so is
 * everything that PostgreSQL would not let stand meanwhile (spread_rebuilds).
 * Tables and columns are never rebuilt as mere dependents: a late property of
 * theirs (a default) is taken off and set again, and where that does not help
 * the plan says so.
 */
#include "postgres.h"

#include "utils/hsearch.h"

#include "compare/plan.h"
#include "compare/possible.h"
#include "compare/rename.h"
#include "compare/sort.h"
#include "compare/work.h"
#include "kind/inherit.h"
#include "kind/relation.h"

static SdStep *
make_step(SdWorks *works, int phase, const SdObject *object, List *statements)
{
	SdStep	   *step = palloc0(sizeof(SdStep));
	int			position = sd_kind_property(object->kind, "position");

	step->phase = phase;
	step->rank = phase == 0 ? -object->kind->index : object->kind->index;
	step->position = position >= 0 && object->values[position] ? atoi(object->values[position]) : 0;
	step->key = object->key;
	step->statements = statements;
	works->steps = lappend(works->steps, step);
	return step;
}

static SdWork *
whole_of(const SdWorks *works, const SdObject *object)
{
	return object->parent ? sd_work_find(works, object->parent) : NULL;
}

/* The whole on the "from" side, unless the plan creates it. */
static const SdObject *
whole_before(const SdWorks *works, const SdObject *object)
{
	SdWork	   *whole = whole_of(works, object);

	if (object->parent == NULL || (whole && whole->create))
		return NULL;
	return sd_snapshot_find(works->from, object->parent);
}

/* Does the whole's CREATE write this new part? */
static bool
is_inlined(const SdWorks *works, const SdWork *work)
{
	SdWork	   *whole = whole_of(works, work->to);

	return (work->to->kind->traits & SD_K_INLINE) && whole && whole->create;
}

/*
 * Does the dropped object, or what it needs, need the whole?  An owned
 * sequence goes with the whole.
 */
static bool
leads_to(const SdWorks *works, const SdWork *work, const char *whole, List **seen)
{
	const SdObject *object = work->from;
	ListCell   *cell;

	if (strcmp(object->key, whole) == 0 || (object->parent && strcmp(object->parent, whole) == 0))
		return true;
	if (list_member_ptr(*seen, work))
		return false;
	*seen = lappend(*seen, unconstify(SdWork *, work));
	foreach(cell, object->depends)
	{
		SdDepend   *depend = lfirst(cell);
		SdWork	   *needed = depend->need == SD_NEED_OWNER ? NULL : sd_work_find(works, depend->key);

		if (needed && needed->drop && leads_to(works, needed, whole, seen))
			return true;
	}
	return false;
}

/*
 * Can the part go with its whole, for all that is dropped and that it needs?
 * That must belong to the whole, so that no circle of wholes arises; a part
 * that holds data is dropped by itself only where there really is one.
 */
static bool
may_go_with_whole(const SdWorks *works, const SdObject *object)
{
	bool		holds_data = (object->kind->traits & SD_K_HOLDS_DATA) != 0;
	ListCell   *cell;

	foreach(cell, object->depends)
	{
		SdDepend   *depend = lfirst(cell);
		SdWork	   *needed = sd_work_find(works, depend->key);
		List	   *seen = NIL;
		bool		is_own;

		if (needed == NULL || !needed->drop)
			continue;
		is_own = strcmp(needed->from->parent ? needed->from->parent : needed->from->key, object->parent) == 0;
		if (!is_own && (!holds_data || leads_to(works, needed, object->parent, &seen)))
			return false;
	}
	return true;
}

/* Is this one of the functions that the type is made of and that take it? */
static bool
is_made_of(const SdObject *type, const SdObject *function)
{
	ListCell   *cell;

	if (!(type->kind->traits & SD_K_TWO_PHASE))
		return false;
	foreach(cell, type->depends)
	{
		SdDepend   *depend = lfirst(cell);

		if (depend->need == SD_NEED_LATE && strcmp(depend->key, function->key) == 0)
			return true;
	}
	return false;
}

/* The step after which the object is there for others. */
static SdStep *
defining_step(const SdWork *work)
{
	const SdObject *object = work->to ? work->to : work->from;

	return (object->kind->traits & SD_K_TWO_PHASE) && work->late_step ? work->late_step : work->build_step;
}

/*
 * The partition that stays while its table is dropped, perhaps to be built
 * anew, and which that would take along: the object itself or its whole.
 */
static SdWork *
freed_partition(const SdWorks *works, const SdObject *object)
{
	const char *key = object && object->parent ? object->parent : object ? object->key : NULL;
	const SdObject *partition = key ? sd_snapshot_find(works->from, key) : NULL;
	int			property = partition ? sd_kind_property(partition->kind, "partition_of") : -1;
	SdWork	   *work = key ? sd_work_find(works, key) : NULL;
	SdWork	   *table;

	if (property < 0 || sd_inherit_table(key) == NULL || partition->values[property] == NULL ||
		work == NULL || work->drop)
		return NULL;
	table = sd_work_find(works, sd_object_key("table", partition->values[property]));
	return table && table->drop ? work : NULL;
}

/* The dropped object that takes this one with it, or NULL. */
static SdWork *
taken_along_by(const SdWorks *works, const SdWork *work)
{
	SdWork	   *whole = whole_of(works, work->from);
	ListCell   *cell;

	if (work->from->parent && freed_partition(works, work->from))
		return NULL;
	if ((work->from->kind->traits & SD_K_WITH_WHOLE) && whole && whole->drop &&
		may_go_with_whole(works, work->from))
		return whole;
	foreach(cell, work->from->depends)
	{
		SdDepend   *depend = lfirst(cell);
		SdWork	   *owner = sd_work_find(works, depend->key);

		if (owner && owner->drop && (depend->need == SD_NEED_OWNER || is_made_of(owner->from, work->from)))
			return owner;
	}
	return NULL;
}

/* Take the late properties of a kept object off, to be set again later. */
static List *
detach_late(const SdWorks *works, SdWork *work)
{
	const SdObject *object = work->from;
	SdDdl		ddl;
	int			i;

	sd_ddl_init(&ddl, works->from, object->key);
	for (i = 0; i < object->kind->nproperties; i++)
	{
		const SdProperty *p = &object->kind->properties[i];

		if ((p->flags & SD_P_LATE) && p->unset && object->values[i])
			sd_ddl_add(&ddl, sd_ddl_fill(p->unset, object, NULL, object->values[i]));
	}
	return ddl.statements;
}

static List *
attach_late(const SdWorks *works, SdWork *work)
{
	const SdObject *object = work->to;
	SdDdl		ddl;
	int			i;

	sd_ddl_init(&ddl, works->to, object->key);
	for (i = 0; i < object->kind->nproperties; i++)
	{
		const SdProperty *p = &object->kind->properties[i];

		if ((p->flags & SD_P_LATE) && p->set && object->values[i])
			sd_ddl_add(&ddl, sd_ddl_fill(p->set, object, object->values[i], NULL));
	}
	return ddl.statements;
}

static void
make_drop(SdWorks *works, SdWork *work)
{
	SdDdl		ddl;

	sd_ddl_init(&ddl, works->from, work->from->key);
	ddl.other = works->to;
	ddl.no_cascade = works->plan->impossible != NIL;
	ddl.is_detached = freed_partition(works, work->from) != NULL;
	if (taken_along_by(works, work) == NULL)
		sd_kind_drop(&ddl, work->from);
	works->plan->impossible = list_concat(works->plan->impossible, ddl.impossible);
	work->drop_step = make_step(works, 0, work->from, ddl.statements);
}

/* What a kept object has to let go of before anything is dropped. */
static void
make_unlate(SdWorks *works, SdWork *work, List *statements)
{
	SdDdl		ddl;

	if (work->create)
		return;
	sd_ddl_init(&ddl, works->from, work->from->key);
	ddl.is_detached = freed_partition(works, work->from) != NULL;
	if (ddl.is_detached && work->from->parent == NULL)
		sd_relation_detach(&ddl, work->from);
	if (work->released_from)
		work->from->kind->release(&ddl, work->from, work->released_from);
	else if (work->relate)
		ddl.statements = list_concat(ddl.statements, detach_late(works, work));
	statements = list_concat(statements, ddl.statements);
	if (statements)
		work->unlate_step = make_step(works, 0, work->from, statements);
}

/* Is the table a partition afterwards that its own change does not attach? */
static bool
keeps_partition(const SdWork *work)
{
	return work->to->parent == NULL && sd_object_value(work->to, "partition_of") != NULL &&
		!(work->change && (sd_change_has(work->change, "partition_of") ||
						   sd_change_has(work->change, "partition_bound")));
}

static void
make_build(SdWorks *works, SdWork *work)
{
	SdDdl		ddl;

	sd_ddl_init(&ddl, works->to, work->to->key);
	ddl.other = works->from;
	ddl.is_detached = freed_partition(works, work->from ? work->from : work->to) != NULL;
	if (work->released_from)
		work->to->kind->restore(&ddl, work->to, work->change);
	if (work->create)
	{
		ddl.whole_before = whole_before(works, work->to);
		sd_kind_create(&ddl, work->to, is_inlined(works, work));
	}
	else if (work->change)
		(void) sd_kind_alter(&ddl, work->change);
	works->plan->impossible = list_concat(works->plan->impossible, ddl.impossible);
	works->plan->notes = list_concat(works->plan->notes, ddl.notes);
	if (work->relate && ddl.late == NIL)
		ddl.late = attach_late(works, work);
	if (ddl.is_detached && !work->create && keeps_partition(work))
		sd_relation_attach(&ddl, work->to);
	make_unlate(works, work, ddl.first);
	work->build_step = make_step(works, 1, work->to, ddl.statements);
	if (ddl.late)
		work->late_step = make_step(works, (work->to->kind->traits & SD_K_TWO_PHASE) ? 1 : 2, work->to, ddl.late);
	sd_step_order(work->build_step, work->late_step);
	sd_step_order(work->unlate_step, work->build_step);
	if (ddl.last)
	{
		SdStep	   *last = make_step(works, 3, work->to, ddl.last);

		sd_step_order(work->build_step, last);
		sd_step_order(work->late_step, last);
	}
}

static void
make_steps(SdWorks *works)
{
	ListCell   *cell;

	foreach(cell, works->list)
	{
		SdWork	   *work = lfirst(cell);

		if (work->drop)
			make_drop(works, work);
		if (work->create || work->change || work->relate || work->released_from)
			make_build(works, work);
		sd_step_order(work->drop_step, work->build_step);
	}
	/* what goes along with another's DROP is gone when that has run */
	foreach(cell, works->list)
	{
		SdWork	   *work = lfirst(cell);
		SdWork	   *other = work->drop ? taken_along_by(works, work) : NULL;

		if (other)
			work->taken_by = other;
	}
}

/* The step that really drops the object. */
static SdStep *
drop_step(const SdWork *work)
{
	int			hops = 0;

	while (work->taken_by && hops++ < 8)
		work = work->taken_by;
	return work->drop_step;
}

/* The partitioned table that this new table becomes a partition of, if new too. */
static SdWork *
new_partitioned_table(const SdWorks *works, const SdObject *object)
{
	int			property = sd_kind_property(object->kind, "partition_of");
	SdWork	   *whole;

	if (property < 0 || object->values[property] == NULL || sd_inherit_table(object->key) == NULL)
		return NULL;
	whole = sd_work_find(works, sd_object_key("table", object->values[property]));
	return whole && whole->create ? whole : NULL;
}

/* Is the object an index, or a constraint that rests on one? */
static bool
has_index(const SdObject *object)
{
	int			index = sd_kind_property(object->kind, "index");

	return sd_kind_property(object->kind, "attached_to") >= 0 &&
		(index < 0 || object->values[index] != NULL);
}

/* Has a column's NOT NULL the name that the server chose for the parent's? */
static bool
repeats_name(const SdSnapshot *snapshot, const SdObject *table)
{
	ListCell   *cell;

	foreach(cell, sd_snapshot_parts(snapshot, table->key, "column"))
		if (sd_object_flag(lfirst(cell), "not_null_parents_name"))
			return true;
	return false;
}

/*
 * A partition of a new table is attached before either has indexes, as pg_dump
 * does: with them there, ATTACH would pair equal indexes as it likes.  Where it
 * has the table's name for a NOT NULL it is made after the table, for which the
 * server would choose another name were that taken.
 */
static void
order_partition(const SdWorks *works, SdWork *work)
{
	SdWork	   *whole = work->create ? new_partitioned_table(works, work->to) : NULL;
	SdWork	   *wholes[] = {whole, work};
	ListCell   *cell;
	int			i;

	if (whole && repeats_name(works->to, work->to))
		sd_step_order(whole->build_step, work->build_step);
	for (i = 0; whole && i < lengthof(wholes); i++)
		foreach(cell, sd_snapshot_parts(works->to, wholes[i]->key, NULL))
		{
			SdObject   *part = lfirst(cell);
			SdWork	   *part_work = sd_work_find(works, part->key);

			if (part_work && part_work->build_step && has_index(part))
				sd_step_order(work->late_step, part_work->build_step);
		}
}

/*
 * A check that a child has by itself as well is added there first; its parent's
 * then merges with it, which the other way round fails where that is NOT VALID.
 */
static void
order_check(const SdWorks *works, SdWork *work)
{
	const SdObject *whole = work->to->parent ? sd_snapshot_find(works->to, work->to->parent) : NULL;
	ListCell   *cell;

	if (!work->create || whole == NULL || strcmp(work->to->kind->name, "constraint") != 0 ||
		sd_object_value(work->to, "partition_of") != NULL)
		return;
	foreach(cell, whole->depends)
	{
		const char *table = strchr(((SdDepend *) lfirst(cell))->key, ' ') + 1;
		SdWork	   *parent = sd_work_find(works, psprintf("constraint %s ON %s",
														  sd_object_value(work->to, "name"), table));

		if (parent && parent->create && strcmp(sd_object_value(parent->to, "type"), "CHECK") == 0)
			sd_step_order(work->build_step, parent->build_step);
	}
}

/* Builds follow what they need on the "to" side. */
static void
order_build(const SdWorks *works, SdWork *work, const char *key, SdNeed need)
{
	SdWork	   *needed = sd_work_find(works, key);

	if (needed == NULL || needed->build_step == NULL)
		return;
	if (need == SD_NEED_LATE && has_index(needed->to) && new_partitioned_table(works, work->to))
		return;
	if (need == SD_NEED_EARLY)
	{
		SdStep	   *step = is_made_of(needed->to, work->to) ? needed->build_step : defining_step(needed);

		sd_step_order(step, work->build_step);
		if (work->create && is_inlined(works, work) && strcmp(work->to->parent, key) != 0 &&
			!(needed->to->parent && strcmp(needed->to->parent, work->to->parent) == 0))
			sd_step_order(step, whole_of(works, work->to)->build_step);
	}
	else
		sd_step_order(needed->build_step, work->late_step);
	if (need == SD_NEED_LAST)
		sd_step_order(needed->late_step, work->late_step);
}

/* Drops precede what they need on the "from" side. */
static void
order_drop(const SdWorks *works, SdWork *work, const char *key, SdNeed need)
{
	SdWork	   *needed = sd_work_find(works, key);

	if (needed == NULL)
		return;
	/* a partition waits for its own keys to be attached, not to be dropped */
	if (work->drop && needed->from && needed->from->parent && strcmp(needed->from->parent, work->key) == 0)
		return;
	if (work->drop && need != SD_NEED_OWNER)
	{
		sd_step_order(drop_step(work), needed->drop ? drop_step(needed) : NULL);
		if (!is_made_of(needed->from ? needed->from : needed->to, work->from))
			sd_step_order(drop_step(work), needed->build_step);
		if (needed->released_from)
			sd_step_order(drop_step(work), needed->unlate_step);
	}
	if (!work->drop && needed->drop)
	{
		sd_step_order(work->unlate_step, drop_step(needed));
		if (!work->relate && !work->released_from)
			sd_step_order(need == SD_NEED_EARLY ? defining_step(work) : work->late_step,
						  drop_step(needed));
	}
}

/*
 * What a table lets go of first (a parent) comes before columns are dropped,
 * its own and its parents', since DROP COLUMN would reach the table.
 */
static void
order_departure(const SdWorks *works, SdWork *work)
{
	List	   *wholes = list_make1((char *) work->key);
	ListCell   *cell;
	ListCell   *inner;

	foreach(cell, work->from->depends)
	{
		const SdObject *needed = sd_snapshot_find(works->from, ((SdDepend *) lfirst(cell))->key);

		if (needed && (needed->kind == work->from->kind ||
					   (sd_inherit_table(work->key) && sd_inherit_table(needed->key))))
			wholes = lappend(wholes, needed->key);
	}
	foreach(cell, wholes)
		foreach(inner, sd_snapshot_parts(works->from, lfirst(cell), NULL))
		{
			const SdObject *part = lfirst(inner);
			SdWork	   *dropped = sd_work_find(works, part->key);

			if (dropped && dropped->drop && (part->kind->traits & SD_K_HOLDS_DATA))
				sd_step_order(work->unlate_step, drop_step(dropped));
		}
}

/* What becomes of a partition's parts waits until it is detached. */
static void
order_freed(const SdWorks *works, SdWork *work)
{
	const SdObject *object = work->from ? work->from : work->to;
	SdWork	   *partition = object->parent ? freed_partition(works, object) : NULL;

	if (partition == NULL)
		return;
	sd_step_order(partition->unlate_step, work->unlate_step);
	sd_step_order(partition->unlate_step, work->drop_step);
	sd_step_order(partition->unlate_step, work->build_step);
}

static void
order_steps(SdWorks *works)
{
	ListCell   *cell;
	ListCell   *inner;

	foreach(cell, works->list)
	{
		SdWork	   *work = lfirst(cell);

		order_freed(works, work);
		if (work->to && work->build_step)
		{
			foreach(inner, work->to->depends)
				order_build(works, work, ((SdDepend *) lfirst(inner))->key,
							((SdDepend *) lfirst(inner))->need);
			if (work->to->parent)
				order_build(works, work, work->to->parent, SD_NEED_EARLY);
			order_partition(works, work);
			order_check(works, work);
		}
		if (work->from)
		{
			foreach(inner, work->from->depends)
				order_drop(works, work, ((SdDepend *) lfirst(inner))->key,
						   ((SdDepend *) lfirst(inner))->need);
			if (work->from->parent)
				order_drop(works, work, work->from->parent, SD_NEED_EARLY);
			if (work->unlate_step)
				order_departure(works, work);
		}
	}
}

/*
 * Renames come before all else, which then speaks of the new names; but new
 * schemas come before what moves into them.
 */
static void
add_renames(SdWorks *works, const SdRebase *rebase)
{
	SdDdl		schemas;
	SdDdl		others;
	ListCell   *cell;

	sd_ddl_init(&schemas, works->to, NULL);
	sd_ddl_init(&others, works->to, NULL);
	sd_rename_statements(rebase, &schemas, &others);
	works->plan->statements = schemas.statements;
	foreach(cell, others.statements ? works->list : NIL)
	{
		SdWork	   *work = lfirst(cell);

		if (work->create && !work->drop && strcmp(work->to->kind->name, "schema") == 0)
		{
			works->plan->statements = list_concat(works->plan->statements, work->build_step->statements);
			work->build_step->statements = NIL;
		}
	}
	works->plan->statements = list_concat(works->plan->statements, others.statements);
}

SdPlan *
sd_plan(const SdSnapshot *from, const SdSnapshot *to, List *changes)
{
	SdRebase   *rebase = sd_rebase(from, to, changes, true);
	SdWorks    *works = sd_works_create(rebase->after, to, sd_rebase_changes(rebase, changes));
	ListCell   *cell;

	sd_works_spread(works);
	make_steps(works);
	order_steps(works);
	add_renames(works, rebase);
	foreach(cell, sd_steps_sort(works->steps))
		works->plan->statements = list_concat(works->plan->statements,
											  ((SdStep *) lfirst(cell))->statements);
	works->plan->notes = list_concat(sd_possible_renames(from, to, changes), works->plan->notes);
	return works->plan;
}
