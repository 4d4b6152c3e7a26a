/*
 * blame.c
 *	  Who gave an object each of its values.
 *
 * The last change of a value is the last row of the history about it, under
 * whatever name the object had then: renames are followed back in time, those of
 * what it stands in as well.  What came with the object is its creation, and a
 * column that a parent table hands down is explained by the parent's.
 */
#include "postgres.h"

#include "base/hash.h"
#include "base/json.h"
#include "compare/form.h"
#include "kind/inherit.h"
#include "kind/kind.h"
#include "store/history.h"
#include "store/observation.h"
#include "workflow/blame.h"
#include "workflow/named.h"
#include "workflow/past.h"

/* Parents of parents, and wholes of wholes, that are looked at. */
#define SD_MOST_ANCESTORS 64
#define SD_MOST_WHOLES 8

/* One object, and the rows of the history about it, latest first. */
typedef struct Subject
{
	const SdObject *object;
	struct Subject *whole;		/* NULL = is part of nothing that is told of */
	bool		is_silent;		/* only for what it tells of its parts */
	List	   *tables;			/* char *, names of a table's parents and theirs */
	List	   *ancestors;		/* char *, names of the same column in these */
	List	   *rows;			/* of ints: places in Blame.rows */
	int64		floor;			/* what is older is about another object of that name */
	int			creation;		/* place of the row, -1 = not known */
} Subject;

typedef struct SubjectEntry
{
	const char *key;			/* hash key, must be first */
	Subject    *subject;
} SubjectEntry;

typedef struct Blame
{
	SdRows	   *renames;
	List	   *subjects;		/* Subject *, wholes before their parts */
	HTAB	   *by_key;
	SdRows	   *rows;
	char	   *begin;			/* when observing began */
} Blame;

/* -- what is told of -------------------------------------------------------------- */

static Subject *
find_subject(const Blame *blame, const char *key)
{
	SubjectEntry *entry = key ? hash_search(blame->by_key, &key, HASH_FIND, NULL) : NULL;

	return entry ? entry->subject : NULL;
}

/* The name of the same part of a table's parent; only columns are handed down in silence. */
static char *
inherited_name(const SdObject *part, const char *parent)
{
	int			name = sd_kind_property(part->kind, "name");

	return name >= 0 && part->values[name] ? psprintf("%s.%s", parent, part->values[name]) : NULL;
}

/* Names of a table's parents and theirs. */
static List *
ancestors_of(const SdObservation *observation, const SdObject *table)
{
	List	   *names = list_copy(sd_inherit_parents(table));
	int			i;

	for (i = 0; i < list_length(names) && i < SD_MOST_ANCESTORS; i++)
	{
		SdSnapshot *snapshot = sd_snapshot_create(CurrentMemoryContext);
		char	   *key = sd_object_key("table", list_nth(names, i));
		SdRows	   *rows = sd_observation_whole(observation, key, false);
		SdObject   *parent = rows->nrows > 0 ? sd_form_read(snapshot, key, sd_rows_value(rows, 0, "form")) : NULL;

		if (parent)
			names = list_concat_unique(names, sd_inherit_parents(parent));
	}
	return names;
}

static void
add_subject(Blame *blame, const SdObservation *observation, const SdObject *object)
{
	Subject    *subject = palloc0(sizeof(Subject));
	SubjectEntry *entry;
	ListCell   *cell;

	subject->object = object;
	subject->whole = find_subject(blame, object->parent);
	subject->creation = -1;
	if (strcmp(object->kind->name, "table") == 0)
		subject->tables = ancestors_of(observation, object);
	foreach(cell, subject->whole ? subject->whole->tables : NIL)
	{
		char	   *name = inherited_name(object, lfirst(cell));

		if (name)
			subject->ancestors = lappend(subject->ancestors, name);
	}
	entry = hash_search(blame->by_key, &object->key, HASH_ENTER, NULL);
	entry->subject = subject;
	blame->subjects = lappend(blame->subjects, subject);
}

/* What the object is a part of, outermost first, since it may have come with that. */
static void
find_wholes(Blame *blame, const SdObservation *observation, SdSnapshot *snapshot, const char *key, int depth)
{
	SdRows	   *rows = sd_observation_whole(observation, key, false);
	SdObject   *object = rows->nrows > 0 ? sd_form_read(snapshot, key, sd_rows_value(rows, 0, "form")) : NULL;

	if (object == NULL)
		return;
	if (object->parent && depth < SD_MOST_WHOLES)
		find_wholes(blame, observation, snapshot, object->parent, depth + 1);
	if (depth == 0)
		return;
	add_subject(blame, observation, object);
	((Subject *) llast(blame->subjects))->is_silent = true;
}

static void
find_subjects(Blame *blame, const SdObservation *observation, const char *key)
{
	SdSnapshot *wholes = sd_snapshot_create(CurrentMemoryContext);
	SdSnapshot *snapshot = sd_snapshot_create(CurrentMemoryContext);
	SdRows	   *rows = sd_observation_whole(observation, key, true);
	int			r;

	blame->by_key = sd_text_hash_create("schemadrift blame", sizeof(SubjectEntry), CurrentMemoryContext);
	find_wholes(blame, observation, wholes, key, 0);
	for (r = 0; r < rows->nrows; r++)
	{
		SdObject   *object = sd_form_read(snapshot, sd_rows_value(rows, r, "key"), sd_rows_value(rows, r, "form"));

		if (object)
			add_subject(blame, observation, object);
	}
}

/* -- their rows --------------------------------------------------------------------- */

static void
find_rows(Blame *blame)
{
	StringInfoData json;
	ListCell   *cell;
	ListCell   *inner;
	int			r;

	initStringInfo(&json);
	sd_json_begin(&json, '[');
	foreach(cell, blame->subjects)
	{
		const Subject *subject = lfirst(cell);

		sd_past_names(&json, blame->renames, foreach_current_index(cell), subject->object->kind->name,
					  subject->object->identity);
		foreach(inner, subject->ancestors)
			sd_past_names(&json, blame->renames, foreach_current_index(cell), subject->object->kind->name,
						  lfirst(inner));
	}
	sd_json_end(&json, ']');
	blame->rows = sd_history_of(json.data, NULL, NULL);
	for (r = 0; r < blame->rows->nrows; r++)
	{
		Subject    *subject = list_nth(blame->subjects, (int) sd_rows_int(blame->rows, r, "n"));

		subject->rows = lappend_int(subject->rows, r);
	}
}

/* Did the whole object come with that row? */
static bool
is_creation(const SdRows *rows, int r)
{
	return sd_rows_value(rows, r, "attribute") == NULL && strcmp(sd_rows_value(rows, r, "change"), "removed") != 0;
}

/* What came with its whole has that one's creation. */
static void
find_creation(const Blame *blame, Subject *subject)
{
	ListCell   *cell;

	if (subject->whole)
	{
		subject->floor = subject->whole->floor;
		subject->creation = subject->whole->creation;
	}
	foreach(cell, subject->rows)
	{
		int64		id = sd_rows_int(blame->rows, lfirst_int(cell), "id");

		if (id < subject->floor)
			return;
		if (is_creation(blame->rows, lfirst_int(cell)))
		{
			subject->floor = id;
			subject->creation = lfirst_int(cell);
			return;
		}
	}
}

/* The row that tells of an attribute; -1 = nothing does. */
static int
find_change(const Blame *blame, const Subject *subject, const char *attribute)
{
	ListCell   *cell;

	foreach(cell, subject->rows)
	{
		const char *changed = sd_rows_value(blame->rows, lfirst_int(cell), "attribute");

		if (sd_rows_int(blame->rows, lfirst_int(cell), "id") < subject->floor)
			break;
		if (changed && strcmp(changed, attribute) == 0)
			return lfirst_int(cell);
	}
	return -1;
}

/* -- the answer --------------------------------------------------------------------- */

static List *
tell(List *told, const Blame *blame, const Subject *subject, const char *attribute, const char *value, int r)
{
	SdBlame    *one = palloc0(sizeof(SdBlame));

	one->object_type = subject->object->kind->name;
	one->object = subject->object->identity;
	one->attribute = attribute;
	one->value = value;
	if (r < 0)
		one->who = psprintf("unknown: before %s", blame->begin);
	else
	{
		one->who = sd_rows_value(blame->rows, r, "who");
		one->via = sd_rows_value(blame->rows, r, "via");
		one->at = sd_rows_value(blame->rows, r, "at");
		one->deploy = sd_rows_value(blame->rows, r, "deploy");
		one->statement = sd_rows_value(blame->rows, r, "statement");
		one->event_id = sd_rows_value(blame->rows, r, "event_id");
		if (one->who == NULL)
			one->who = "unknown: no command was captured";
	}
	return lappend(told, one);
}

static List *
tell_subject(List *told, const Blame *blame, const Subject *subject)
{
	const SdKind *kind = subject->object->kind;
	int			renamed = find_change(blame, subject, SD_RENAMED_ATTRIBUTE);
	int			i;

	told = tell(told, blame, subject, NULL, NULL, subject->creation);
	if (renamed >= 0)
		told = tell(told, blame, subject, SD_RENAMED_ATTRIBUTE, subject->object->identity, renamed);
	for (i = 0; i < kind->nproperties; i++)
	{
		const SdProperty *p = &kind->properties[i];
		int			r = find_change(blame, subject, p->name);
		const char *value = subject->object->values[i];

		if ((p->flags & SD_P_DETAIL) || (value == NULL && r < 0) || strcmp(p->name, SD_RENAMED_ATTRIBUTE) == 0)
			continue;
		/* columns that come and go change it without a word */
		if (r < 0 && strcmp(p->name, "column_order") == 0)
			continue;
		told = tell(told, blame, subject, p->name, value && (p->flags & SD_P_SECRET) ? "(set)" : value,
					r >= 0 ? r : subject->creation);
	}
	return told;
}

List *
sd_blame(const char *name)
{
	SdObservation *observation = sd_named_observation();
	const char *key = sd_named_object(observation, name);
	Blame		blame = {0};
	List	   *told = NIL;
	ListCell   *cell;

	blame.begin = sd_history_begin();
	blame.renames = sd_history_renames();
	find_subjects(&blame, observation, key);
	find_rows(&blame);
	foreach(cell, blame.subjects)
	{
		find_creation(&blame, lfirst(cell));
		if (!((Subject *) lfirst(cell))->is_silent)
			told = tell_subject(told, &blame, lfirst(cell));
	}
	return told;
}
