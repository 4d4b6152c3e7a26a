/*
 * possible.c
 *	  What may have been renamed, where addresses cannot tell.
 *
 * Between databases nothing says that a table is another one's old name.  Where
 * exactly one that holds data goes and exactly one with the same
 * definition comes, people are told; the plan stays as it is.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/hash.h"
#include "compare/possible.h"
#include "kind/aspects.h"
#include "kind/kind.h"
#include "model/change.h"

typedef struct LikenessEntry
{
	const char *text;			/* hash key, must be first */
	const SdObject *gone;
	const SdObject *come;
	int			ngone;
	int			ncome;
} LikenessEntry;

/* What an object is but for its name: its own properties that are compared. */
static void
append_values(StringInfo buf, const SdObject *object)
{
	int			i;

	for (i = 0; i < object->kind->nproperties; i++)
		if (object->values[i] && !(object->kind->properties[i].flags & SD_P_DETAIL) &&
			!sd_aspects_is(object->kind, i))
			appendStringInfo(buf, "%s=%s\n", object->kind->properties[i].name, object->values[i]);
}

/* NULL where nothing is known but its name. */
static char *
likeness(const SdSnapshot *side, const SdObject *object)
{
	StringInfoData buf;
	ListCell   *cell;
	int			length;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s\n%s\n", object->kind->name, object->parent ? object->parent : "");
	length = buf.len;
	append_values(&buf, object);
	foreach(cell, sd_snapshot_parts(side, object->key, NULL))
	{
		const SdObject *part = lfirst(cell);

		/* the texts of other parts may name their table */
		if (part->kind->traits & SD_K_HOLDS_DATA)
		{
			appendStringInfo(&buf, "%s\n", part->identity + strlen(object->identity));
			append_values(&buf, part);
		}
	}
	return buf.len > length ? buf.data : NULL;
}

static void
note(HTAB *table, const SdSnapshot *side, const SdObject *object, bool is_gone)
{
	const char *text = likeness(side, object);
	bool		found;
	LikenessEntry *entry;

	if (text == NULL)
		return;
	entry = hash_search(table, &text, HASH_ENTER, &found);
	if (!found)
	{
		entry->gone = entry->come = NULL;
		entry->ngone = entry->ncome = 0;
	}
	if (is_gone)
	{
		entry->gone = object;
		entry->ngone++;
	}
	else
	{
		entry->come = object;
		entry->ncome++;
	}
}

List *
sd_possible_renames(const SdSnapshot *from, const SdSnapshot *to, List *changes)
{
	HTAB	   *table = NULL;
	List	   *notes = NIL;
	ListCell   *cell;

	foreach(cell, changes)
	{
		const SdChange *change = lfirst(cell);
		const SdObject *object = change->to ? change->to : change->from;

		if (change->folded || change->what >= SD_CHANGE_CHANGED ||
			!(object->kind->traits & SD_K_HOLDS_DATA))
			continue;
		if (table == NULL)
			table = sd_text_hash_create("schemadrift likeness", sizeof(LikenessEntry), CurrentMemoryContext);
		note(table, change->to ? to : from, object, change->to == NULL);
	}
	foreach(cell, table ? changes : NIL)
	{
		const SdChange *change = lfirst(cell);
		const char *text;
		LikenessEntry *entry;

		if (change->folded || change->what != SD_CHANGE_REMOVED ||
			!(change->from->kind->traits & SD_K_HOLDS_DATA))
			continue;
		text = likeness(from, change->from);
		entry = text ? hash_search(table, &text, HASH_FIND, NULL) : NULL;
		if (entry && entry->ngone == 1 && entry->ncome == 1)
			notes = lappend(notes, psprintf("The %s %s may be %s under another name: both are defined alike."
											" Renaming would keep its data, this plan drops it.",
											entry->gone->kind->name, entry->gone->identity,
											entry->come->identity));
	}
	return notes;
}
