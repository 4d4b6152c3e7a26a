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
	char	  **values;			/* [kind->nproperties]; NULL = has none */
	List	   *depends;		/* SdDepend *, what it needs to exist */
	uint8		digest[SD_DIGEST_LENGTH];	/* of the canonical form */

	/* where it lives in its own database; zero when it came from storage */
	Oid			classid;
	Oid			objid;
	int32		objsubid;
} SdObject;

/* one thing that an object needs */
typedef struct SdDepend
{
	char	   *key;			/* the object needed */
	bool		late;			/* only a later statement needs it (a column's
								 * default, a sequence's owner), so that it
								 * may be created after the object itself */
} SdDepend;

/* "kind identity", palloc'd */
extern char *sd_object_key(const char *kind, const char *identity);

/* The value of the named property; raises an internal error for a name that
 * the kind has not. */
extern const char *sd_object_value(const SdObject *object, const char *property);

/* The same as a truth value: 't', 'true' and 'yes' are true. */
extern bool sd_object_flag(const SdObject *object, const char *property);

#endif							/* SD_OBJECT_H */
