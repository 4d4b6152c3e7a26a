/*
 * naming.c
 *	  The identities of objects while some of them bear new names.
 *
 * An identity is put together from names; a new one of a schema reaches all
 * that stands in it, one of a table its parts, one of a type the functions that
 * take it.  What a table has from another follows that one's names.
 */
#include "postgres.h"

#include "base/hash.h"
#include "compare/follow.h"
#include "compare/naming.h"
#include "kind/kind.h"

/* Partitions of partitions of … */
#define SD_MAX_GENERATIONS 32

typedef struct PlaceEntry
{
	const char *key;			/* hash key, must be first */
	SdPlace    *place;
} PlaceEntry;

SdNaming *
sd_naming_create(const SdSnapshot *side)
{
	SdNaming   *naming = palloc0(sizeof(SdNaming));

	naming->side = side;
	naming->by_key = sd_text_hash_create("schemadrift places", sizeof(PlaceEntry), CurrentMemoryContext);
	naming->by_name = sd_text_hash_create("schemadrift names", sizeof(PlaceEntry), CurrentMemoryContext);
	return naming;
}

static SdPlace *
find(HTAB *table, const char *key)
{
	PlaceEntry *entry = hash_search(table, &key, HASH_FIND, NULL);

	return entry ? entry->place : NULL;
}

static void
enter(HTAB *table, const char *key, SdPlace *place)
{
	((PlaceEntry *) hash_search(table, &key, HASH_ENTER, NULL))->place = place;
}

static bool
is_schema(const SdObject *object)
{
	return strcmp(object->kind->name, "schema") == 0;
}

static const char *
value_of(const SdObject *object, const char *property)
{
	int			i = sd_kind_property(object->kind, property);

	return i < 0 ? NULL : object->values[i];
}

SdNameParts
sd_naming_parse(const SdObject *object)
{
	SdNameParts parts = {SD_NAME_FREE, NULL, NULL, NULL};
	const char *whole = sd_object_parent_identity(object);
	size_t		length = strlen(object->identity);
	size_t		whole_length = strlen(whole);
	const char *rest;

	if (whole_length > 0 && strncmp(object->identity, whole, whole_length) == 0 &&
		object->identity[whole_length] == '.')
	{
		parts.shape = SD_NAME_COLUMN;
		parts.name = sd_text_identifier(object->identity + whole_length + 1, &parts.rest);
		return parts;
	}
	parts.name = sd_text_identifier(object->identity, &rest);
	if (whole_length > 0 && length > whole_length && parts.name && strncmp(rest, " ON ", 4) == 0 &&
		strcmp(object->identity + length - whole_length, whole) == 0)
	{
		parts.shape = SD_NAME_ON;
		parts.rest = pnstrdup(rest, object->identity + length - whole_length - rest);
		return parts;
	}
	if (parts.name && *rest == '.')
	{
		parts.schema = parts.name;
		parts.name = sd_text_identifier(rest + 1, &parts.rest);
		if (parts.name == NULL)
			parts.rest = rest + 1;
	}
	else
		parts.rest = parts.name ? rest : object->identity;
	if (parts.name == NULL)
		parts.name = "";
	return parts;
}

void
sd_naming_add(SdNaming *naming, const SdObject *object, const char *schema, const char *name)
{
	SdPlace    *place = find(naming->by_key, object->key);
	SdNameParts parts;

	if (place == NULL)
	{
		place = palloc0(sizeof(SdPlace));
		place->object = object;
		naming->places = lappend(naming->places, place);
		enter(naming->by_key, object->key, place);
		parts = sd_naming_parse(object);
		if (is_schema(object))
			enter(naming->by_name, psprintf("%s.", object->identity), place);
		else if (parts.shape == SD_NAME_COLUMN || (parts.schema && *parts.rest == '\0'))
			enter(naming->by_name, object->identity, place);
	}
	if (schema)
		place->schema = schema;
	if (name)
		place->name = name;
}

bool
sd_naming_is_inherited(const SdObject *object)
{
	const char *type = value_of(object, "type");

	if (value_of(object, "parent_enabled"))
		return true;
	if (strcmp(object->kind->name, "constraint") == 0)
		return type && strcmp(type, "CHECK") == 0;
	return strcmp(object->kind->name, "column") == 0 && value_of(object, "inherited");
}

int
sd_naming_phase(const SdObject *object)
{
	if (is_schema(object))
		return 0;
	if (object->parent == NULL)
		return 1;
	return sd_naming_is_inherited(object) ? 3 : 2;
}

/* The part of the same name of what the object's whole is made from. */
static const SdObject *
find_ancestor(const SdNaming *naming, const SdObject *object, const char *whole_key, SdNameParts parts)
{
	const char *space = strchr(whole_key, ' ');
	const char *kind = object->kind->name;

	if (strncmp(whole_key, "composite ", 10) == 0 && strcmp(kind, "column") == 0)
		kind = "attribute";
	else if (strncmp(whole_key, "table ", 6) != 0)
		return NULL;
	return sd_snapshot_find(naming->side, parts.shape == SD_NAME_ON ?
							psprintf("%s %s%s%s", kind, parts.name, parts.rest, space + 1) :
							psprintf("%s %s.%s", kind, space + 1, parts.name));
}

static const SdPlace *
find_place(const SdNaming *naming, const SdObject *object, int generation)
{
	const SdPlace *place = find(naming->by_key, object->key);
	const SdObject *whole;
	SdNameParts parts;
	ListCell   *cell;

	if (place || generation >= SD_MAX_GENERATIONS || !sd_naming_is_inherited(object))
		return place;
	whole = object->parent ? sd_snapshot_find(naming->side, object->parent) : NULL;
	parts = sd_naming_parse(object);
	foreach(cell, whole ? whole->depends : NIL)
	{
		const SdObject *ancestor = find_ancestor(naming, object, ((SdDepend *) lfirst(cell))->key, parts);

		if (ancestor && ancestor != object &&
			(place = find_place(naming, ancestor, generation + 1)) != NULL)
			return place;
	}
	return NULL;
}

const SdPlace *
sd_naming_place(const SdNaming *naming, const SdObject *object)
{
	return find_place(naming, object, 0);
}

/* What stands for a name in a text. */
static const char *
look_up(void *arg, const char *name)
{
	const SdNaming *naming = arg;
	const SdPlace *place = find(naming->by_name, name);

	if (place == NULL)
		return NULL;
	if (is_schema(place->object))
		return psprintf("%s.", place->name);
	if (sd_naming_parse(place->object).shape == SD_NAME_COLUMN)
		return place->name;
	return sd_naming_identity(naming, place->object);
}

char *
sd_naming_text(const SdNaming *naming, const char *text)
{
	return sd_text_replace(text, look_up, unconstify(SdNaming *, naming));
}

/* The first name of a qualified one under the new names. */
static const char *
schema_of(const SdNaming *naming, const char *qualified)
{
	const char *rest;

	return sd_text_identifier(sd_naming_text(naming, qualified), &rest);
}

/*
 * The schema that the object is in by itself.  Indexes and owned sequences
 * stand where their table does.
 */
static const char *
own_schema(const SdNaming *naming, const SdObject *object, const char *schema)
{
	const char *owner = value_of(object, "owned_by");
	SdPlace    *place;

	if (owner)
		return schema_of(naming, owner);
	if (object->parent && strcmp(object->kind->catalog, "pg_class") == 0)
		return schema_of(naming, sd_object_parent_identity(object));
	place = find(naming->by_name, psprintf("%s.", schema));
	return place ? place->name : schema;
}

char *
sd_naming_identity(const SdNaming *naming, const SdObject *object)
{
	SdNameParts parts = sd_naming_parse(object);
	const SdPlace *place = sd_naming_place(naming, object);
	const char *name = place && place->name ? place->name : parts.name;
	const char *schema;

	if (parts.shape == SD_NAME_COLUMN)
		return psprintf("%s.%s", sd_naming_text(naming, sd_object_parent_identity(object)), name);
	if (parts.shape == SD_NAME_ON)
		return psprintf("%s%s%s", name, parts.rest,
						sd_naming_text(naming, sd_object_parent_identity(object)));
	if (parts.schema == NULL)
		return psprintf("%s%s", name, sd_naming_text(naming, parts.rest));
	schema = place && place->schema ? place->schema : own_schema(naming, object, parts.schema);
	return psprintf("%s.%s%s", schema, name, sd_naming_text(naming, parts.rest));
}

List *
sd_naming_spaces(const SdNaming *naming, const SdObject *object)
{
	const char *catalog = object->kind->catalog;
	SdNameParts parts = sd_naming_parse(object);
	const char *identity = sd_naming_identity(naming, object);
	const char *space = object->kind->name;
	const char *rest;

	/* tables, indexes, views, sequences and types share one */
	if (parts.shape == SD_NAME_FREE && parts.schema &&
		(strcmp(catalog, "pg_class") == 0 || strcmp(catalog, "pg_type") == 0))
		space = "relation";
	else if (strcmp(catalog, "pg_proc") == 0)
		space = "routine";
	else if (parts.shape == SD_NAME_ON && value_of(object, "index"))
		return list_make2(psprintf("%s %s", space, identity),
						  psprintf("relation %s.%s", schema_of(naming, sd_object_parent_identity(object)),
								   sd_text_identifier(identity, &rest)));
	return list_make1(psprintf("%s %s", space, identity));
}
