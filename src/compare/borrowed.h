/*
 * borrowed.h
 *	  Unqualified names of other objects in identities and properties.
 */
#ifndef SD_BORROWED_H
#define SD_BORROWED_H

#include "postgres.h"

#include "compare/naming.h"

/* An identity that is put together from others' names alone, under the new ones. */
extern char *sd_borrowed_identity(const SdNaming *naming, const SdObject *object);

/*
 * A property that is or lists such names, under the new ones; NULL where it is
 * none.  After is what it may be then, NULL = unknown: lists are sorted.
 */
extern char *sd_borrowed_value(const SdNaming *naming, const SdObject *object, int property, const char *after);

#endif							/* SD_BORROWED_H */
