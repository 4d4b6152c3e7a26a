/*
 * naming.h
 *	  The identities of objects while some of them bear new names.
 */
#ifndef SD_NAMING_H
#define SD_NAMING_H

#include "postgres.h"

#include "utils/hsearch.h"

#include "model/snapshot.h"

/* How an identity is put together. */
typedef enum SdNameShape
{
	SD_NAME_FREE,				/* [schema.]name[rest] */
	SD_NAME_COLUMN,				/* identity of the whole.name */
	SD_NAME_ON					/* name ON identity of the whole */
} SdNameShape;

typedef struct SdNameParts
{
	SdNameShape shape;
	char	   *schema;			/* NULL = none */
	char	   *name;			/* "" where it is not an identifier */
	const char *rest;			/* after the name; " ON " for SD_NAME_ON */
} SdNameParts;

/* One object's new place; NULL = that stays. */
typedef struct SdPlace
{
	const SdObject *object;
	const char *schema;
	const char *name;
} SdPlace;

typedef struct SdNaming
{
	const SdSnapshot *side;
	HTAB	   *by_key;			/* key → SdPlace */
	HTAB	   *by_name;		/* name in texts → SdPlace */
	List	   *places;			/* SdPlace * */
} SdNaming;

extern SdNaming *sd_naming_create(const SdSnapshot *side);

/* From now on the object stands there; wholes before parts, schemas first. */
extern void sd_naming_add(SdNaming *naming, const SdObject *object, const char *schema, const char *name);

/* Its own place, or the one that it has from what it is inherited from; NULL = none. */
extern const SdPlace *sd_naming_place(const SdNaming *naming, const SdObject *object);

extern SdNameParts sd_naming_parse(const SdObject *object);

/* The identity and the whole under the new names, and a text with them. */
extern char *sd_naming_identity(const SdNaming *naming, const SdObject *object);
extern char *sd_naming_parent(const SdNaming *naming, const SdObject *object);
extern char *sd_naming_text(const SdNaming *naming, const char *text);

/* char *: the names that no other object may bear at the same time. */
extern List *sd_naming_spaces(const SdNaming *naming, const SdObject *object);

/* Does the part follow its name on a parent table, on a type or on a trigger? */
extern bool sd_naming_is_inherited(const SdObject *object);

/* 0 schemas, 1 wholes, 2 parts, 3 parts that inherit their names and what has none */
extern int	sd_naming_phase(const SdObject *object);

#endif							/* SD_NAMING_H */
