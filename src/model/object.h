/*
 * object.h
 *	  object: one schema object: kind + identity + properties.
 *
 * An object's key is "kind identity" ("table public.orders"); its identity is
 * the quoted, schema-qualified text that SQL uses for it, so a key is unique
 * in a database and equal between databases.  A part (a column, a constraint)
 * is an object of its own that names its whole by parent key.
 */
#ifndef SD_OBJECT_H
#define SD_OBJECT_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "base/digest.h"

struct SdKind;

/* property: a named text value; its definition is kind->properties[i] */
typedef struct SdObject
{
	const struct SdKind *kind;
	char	   *key;			/* "kind identity" */
	char	   *identity;		/* points into key */
	char	   *parent;			/* key of the whole this is a part of, or NULL */
	bool		local;			/* a matter of this one database, see SD_K_LOCAL */
	char	  **values;			/* [kind->nproperties]; NULL = has none */
	List	   *depends;		/* SdDepend *, what it needs to exist */
	uint8		digest[SD_DIGEST_LENGTH];	/* of the canonical form and of
											 * digests of secrets */
	bool		has_secrets;	/* then this is of the canonical form alone: */
	uint8		open_digest[SD_DIGEST_LENGTH];
	bool		unread;			/* a property could not be read, so that an equal
								 * digest does not mean the same */

	/* where it lives in its own database; zero when it came from storage */
	Oid			classid;
	Oid			objid;
	int32		objsubid;
} SdObject;

/* When a thing that an object needs must be there. */
typedef enum SdNeed
{
	SD_NEED_EARLY,				/* before the object is created */
	SD_NEED_LATE,				/* only before its late statements: a column's
								 * default, a sequence's owner */
	SD_NEED_LAST,				/* its late statements wait for those of the
								 * needed object too */
	SD_NEED_OWNER				/* late, and dropped together with the needed
								 * object (an owned sequence) */
} SdNeed;

/* one thing that an object needs */
typedef struct SdDepend
{
	char	   *key;			/* of the object needed */
	SdNeed		need;
} SdDepend;

/* The digest of the canonical form alone, which fingerprints are made of. */
extern const uint8 *sd_object_open_digest(const SdObject *object);

/* "kind identity", palloc'd */
extern char *sd_object_key(const char *kind, const char *identity);

#endif							/* SD_OBJECT_H */
