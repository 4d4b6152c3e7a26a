/*
 * rename_ddl.c
 *	  Statements that carry renames out.
 *
 * A name must be free when an object takes it: whoever bears it is renamed
 * first, and in a circle (two tables that swap their names) one of them takes
 * a temporary name on the way.
 */
#include "postgres.h"

#include "base/hash.h"
#include "compare/naming.h"
#include "compare/rename.h"
#include "kind/kind.h"

typedef struct Move
{
	const SdObject *object;
	SdNameParts goal;
	bool		has_new_name;
	bool		is_moved;
	bool		begun;
	bool		done;
} Move;

typedef struct SpaceEntry
{
	const char *key;			/* hash key, must be first */
	const SdObject *object;
} SpaceEntry;

typedef struct Moves
{
	SdNaming   *naming;			/* as far as carried out */
	HTAB	   *spaces;			/* who bears which name now */
	List	   *list;			/* Move * */
	SdDdl	   *ddl;
	int			ntemporary;
} Moves;

static const SdObject *
holder(const Moves *moves, const char *space)
{
	SpaceEntry *entry = hash_search(moves->spaces, &space, HASH_FIND, NULL);

	return entry ? entry->object : NULL;
}

static void
hold(Moves *moves, const SdObject *object)
{
	ListCell   *cell;

	foreach(cell, sd_naming_spaces(moves->naming, object))
	{
		const char *space = lfirst(cell);

		((SpaceEntry *) hash_search(moves->spaces, &space, HASH_ENTER, NULL))->object = object;
	}
}

static void
let_go(Moves *moves, const SdObject *object)
{
	ListCell   *cell;

	foreach(cell, sd_naming_spaces(moves->naming, object))
	{
		const char *space = lfirst(cell);

		if (holder(moves, space) == object)
			(void) hash_search(moves->spaces, &space, HASH_REMOVE, NULL);
	}
}

/* Who else has a name that the object would have at another place? */
static const SdObject *
in_the_way(Moves *moves, const SdObject *object, const char *schema, const char *name)
{
	const SdPlace *now = sd_naming_place(moves->naming, object);
	SdPlace		before = {NULL, NULL, NULL};
	SdPlace    *place;
	const SdObject *other = NULL;
	ListCell   *cell;

	if (now && now->object == object)
		before = *now;
	sd_naming_add(moves->naming, object, schema, name);
	foreach(cell, sd_naming_spaces(moves->naming, object))
		if (other == NULL || other == object)
			other = holder(moves, lfirst(cell));
	place = unconstify(SdPlace *, sd_naming_place(moves->naming, object));
	place->schema = before.schema;
	place->name = before.name;
	return other == object ? NULL : other;
}

static const char *
keyword_of_whole(const SdObject *object)
{
	const char *space = object->parent ? strchr(object->parent, ' ') : NULL;
	const SdKind *kind = space ? sd_kind_find(pnstrdup(object->parent, space - object->parent)) : NULL;

	return kind ? kind->keyword : "TABLE";
}

static void
add_rename(Moves *moves, const SdObject *object, const char *new_name)
{
	const char *identity = sd_naming_identity(moves->naming, object);
	const char *parent = sd_naming_parent(moves->naming, object);
	const char *whole = parent ? strchr(parent, ' ') + 1 : "";
	const SdPlace *place = sd_naming_place(moves->naming, object);
	SdNameParts parts = sd_naming_parse(object);
	const char *name = place && place->name ? place->name : parts.name;
	const char *keyword = object->kind->keyword;

	if (parts.shape == SD_NAME_COLUMN && strcmp(keyword_of_whole(object), "TYPE") == 0)
		sd_ddl_addf(moves->ddl, "ALTER TYPE %s RENAME ATTRIBUTE %s TO %s CASCADE", whole, name, new_name);
	else if (parts.shape == SD_NAME_COLUMN)
		sd_ddl_addf(moves->ddl, "ALTER %s %s RENAME COLUMN %s TO %s", keyword_of_whole(object), whole,
					name, new_name);
	else if (parts.shape == SD_NAME_ON && strcmp(keyword, "CONSTRAINT") == 0)
		sd_ddl_addf(moves->ddl, "ALTER %s %s RENAME CONSTRAINT %s TO %s",
					strcmp(keyword_of_whole(object), "DOMAIN") == 0 ? "DOMAIN" : "TABLE", whole, name, new_name);
	else
		sd_ddl_addf(moves->ddl, "ALTER %s %s RENAME TO %s", keyword, identity, new_name);
}

static void
step(Moves *moves, const SdObject *object, const char *schema, const char *name)
{
	moves->ddl->key = object->key;
	if (name)
		add_rename(moves, object, name);
	if (schema)
		sd_ddl_addf(moves->ddl, "ALTER %s %s SET SCHEMA %s", object->kind->keyword,
					sd_naming_identity(moves->naming, object), schema);
	let_go(moves, object);
	sd_naming_add(moves->naming, object, schema, name);
	hold(moves, object);
}

static void
step_aside(Moves *moves, const SdObject *object)
{
	step(moves, object, NULL, psprintf("schemadrift_aside_%d", ++moves->ntemporary));
}

static Move *
find_move(const Moves *moves, const SdObject *object)
{
	ListCell   *cell;

	foreach(cell, moves->list)
		if (((Move *) lfirst(cell))->object == object)
			return lfirst(cell);
	return NULL;
}

/* Both at once is two steps; the name in between must be free as well. */
static void
carry_out_both(Moves *moves, const SdObject *object, const char *schema, const char *name)
{
	if (in_the_way(moves, object, schema, NULL) == NULL)
	{
		step(moves, object, schema, NULL);
		step(moves, object, NULL, name);
		return;
	}
	if (in_the_way(moves, object, NULL, name) == NULL)
	{
		step(moves, object, NULL, name);
		step(moves, object, schema, NULL);
		return;
	}
	step_aside(moves, object);
	step(moves, object, schema, NULL);
	step(moves, object, NULL, name);
}

static void
carry_out(Moves *moves, Move *move)
{
	const char *schema = move->is_moved ? move->goal.schema : NULL;
	const char *name = move->has_new_name ? move->goal.name : NULL;
	const SdObject *other;

	move->begun = true;
	while ((other = in_the_way(moves, move->object, schema, name)) != NULL)
	{
		Move	   *first = find_move(moves, other);

		if (first && !first->begun)
			carry_out(moves, first);
		else
			step_aside(moves, other);
	}
	if (schema && name)
		carry_out_both(moves, move->object, schema, name);
	else
		step(moves, move->object, schema, name);
	move->done = true;
}

/* Everybody's name at the start of a phase. */
static void
hold_all(Moves *moves, const SdSnapshot *side, int phase)
{
	int			i;

	moves->spaces = sd_text_hash_create("schemadrift spaces", sizeof(SpaceEntry), CurrentMemoryContext);
	for (i = 0; i < side->nobjects; i++)
		if (phase == 0 || sd_naming_phase(side->objects[i]) > 0)
			hold(moves, side->objects[i]);
}

static List *
make_moves(const SdRebase *rebase)
{
	List	   *list = NIL;
	ListCell   *cell;

	foreach(cell, rebase->renames)
	{
		const SdChange *change = lfirst(cell);
		Move	   *move = palloc0(sizeof(Move));

		move->object = change->from;
		move->goal = sd_naming_parse(sd_rebase_after(rebase, change->from));
		move->has_new_name = change->has_new_name;
		move->is_moved = change->is_moved;
		list = lappend(list, move);
	}
	return list;
}

void
sd_rename_statements(const SdRebase *rebase, SdDdl *schemas, SdDdl *others)
{
	Moves		moves = {sd_naming_create(rebase->before), NULL, make_moves(rebase), NULL, 0};
	ListCell   *cell;
	int			phase;

	for (phase = 0; moves.list && phase <= 3; phase++)
	{
		moves.ddl = phase == 0 ? schemas : others;
		hold_all(&moves, rebase->before, phase);
		foreach(cell, moves.list)
		{
			Move	   *move = lfirst(cell);

			if (sd_naming_phase(move->object) == phase && !move->done)
				carry_out(&moves, move);
		}
	}
}
