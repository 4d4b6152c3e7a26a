/*
 * owner.c
 *	  Which team a difference belongs to.
 *
 * The comments of the side before count first: who changes a table behind its
 * owner's back may well have changed its comment, too.
 */
#include "postgres.h"

#include <ctype.h>

#include "mb/pg_wchar.h"

#include "base/hash.h"
#include "compare/owner.h"
#include "kind/kind.h"

typedef struct OwnerEntry
{
	const char *key;			/* hash key, must be first: of an object */
	const char *owner;			/* NULL = its comment names none */
} OwnerEntry;

typedef struct Owners
{
	const SdSnapshot *from;
	const SdSnapshot *to;
	SdCommentOf elsewhere;
	void	   *arg;
	HTAB	   *found;			/* OwnerEntry: schemas and tables are asked for often */
} Owners;

/* May this stand in the name of a team?  Names are shown and compared, no more. */
static bool
is_name_character(char c)
{
	return IS_HIGHBIT_SET(c) || isalnum((unsigned char) c) || strchr("_-./#@+&", c) != NULL;
}

char *
sd_owner_in(const char *comment)
{
	static const char mark[] = "@owner:";
	const char *p = comment;
	size_t		length;

	while (p && (p = strstr(p, mark)) != NULL)
	{
		bool		starts = p == comment || !is_name_character(p[-1]);

		p += strlen(mark);
		p += strspn(p, " \t");
		for (length = 0; p[length] && is_name_character(p[length]);)
			length++;
		/* a full stop ends the sentence, not the name */
		while (length > 0 && p[length - 1] == '.')
			length--;
		if (starts && length > 0)
			return pnstrdup(p, pg_mbcliplen(p, length, SD_MAX_OWNER));
	}
	return NULL;
}

static const char *
comment_of(const SdObject *object)
{
	int			i = sd_kind_property(object->kind, "comment");

	return i < 0 ? NULL : object->values[i];
}

/* The owner that the comment of the object with this key names. */
static const char *
own_owner(const Owners *owners, const char *key)
{
	bool		known;
	OwnerEntry *entry = hash_search(owners->found, &key, HASH_ENTER, &known);
	const SdObject *before;
	const SdObject *after;

	if (known)
		return entry->owner;
	before = sd_snapshot_find(owners->from, key);
	after = sd_snapshot_find(owners->to, key);
	if (before || after)
		entry->owner = sd_owner_in(comment_of(before ? before : after));
	else
		entry->owner = sd_owner_in(owners->elsewhere(key, owners->arg));
	return entry->owner;
}

/*
 * The schema that it stands in, as a key; NULL = none.  By its name, since a
 * side that is only a part of a database does not hold all that is needed.
 */
static const char *
schema_of(const SdObject *object)
{
	const char *p = object->identity;
	bool		quoted = false;

	for (; *p; p++)
	{
		if (*p == '"')
			quoted = !quoted;
		else if (!quoted && *p == '.')
			return sd_object_key("schema", pnstrdup(object->identity, p - object->identity));
		else if (!quoted && !is_name_character(*p) && *p != '$')
			return NULL;
	}
	return NULL;
}

/* Of the object, what it is a part of and their schema, on one side. */
static const char *
find_owner(const Owners *owners, const SdSnapshot *side, const SdObject *object)
{
	const char *owner = NULL;

	while (object && owner == NULL)
	{
		const SdObject *whole = object->parent ? sd_snapshot_find(side, object->parent) : NULL;
		const char *next = whole ? NULL : object->parent ? object->parent : schema_of(object);

		owner = own_owner(owners, object->key);
		if (owner == NULL && next)
			owner = own_owner(owners, next);
		object = whole;
	}
	return owner;
}

void
sd_owners_find(const SdSnapshot *from, const SdSnapshot *to, List *items, SdCommentOf elsewhere, void *arg)
{
	Owners		owners = {from, to, elsewhere, arg};
	ListCell   *cell;

	owners.found = sd_text_hash_create("schemadrift owners", sizeof(OwnerEntry), CurrentMemoryContext);
	foreach(cell, items)
	{
		SdItem	   *item = lfirst(cell);
		const SdChange *change = item->source;

		if (change == NULL)
			continue;
		if (change->from)
			item->owner = find_owner(&owners, from, change->from);
		if (item->owner == NULL && change->to)
			item->owner = find_owner(&owners, to, change->to);
	}
	hash_destroy(owners.found);
}
