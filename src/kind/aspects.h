/*
 * aspects.h
 *	  Owner, privileges, comment and security label: the same for all kinds.
 *
 * Privileges are kept as one line per grantee and grantor, sorted:
 *		bob: SELECT, UPDATE*		(* = with grant option)
 *		OWNER: ALL					(the object's owner, whoever that is)
 *		PUBLIC by carol: SELECT		(granted by somebody else than the owner)
 * and no value at all where they are what the server gives by default.  Naming
 * the owner by its part makes a change of owner one difference, not two.
 */
#ifndef SD_ASPECTS_H
#define SD_ASPECTS_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "kind/kind.h"

#define SD_MAX_ASPECTS 4

/* Fill in the properties of the kind's aspects; returns how many. */
extern int	sd_aspects_append(const SdKind *kind, SdProperty *properties);

/* The joins that those properties need, to go before WHERE. */
extern void sd_aspects_append_joins(StringInfo sql, const SdKind *kind);

extern bool sd_aspects_is(const SdKind *kind, int property);

/* Statements that give a freshly created object its aspects. */
extern void sd_aspects_create(SdDdl *ddl, const SdObject *object);

/* Statements that take from an object what its aspects give, but for its owner. */
extern void sd_aspects_drop(SdDdl *ddl, const SdObject *object);

/* Statements for those aspects that differ. */
extern void sd_aspects_alter(SdDdl *ddl, const SdChange *change);

#endif							/* SD_ASPECTS_H */
