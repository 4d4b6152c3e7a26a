/*
 * default_privileges.h
 *	  What default privileges mean for the objects that a plan creates.
 *
 * They apply to everything created while they are there, so a plan takes away
 * those that go before it creates anything, and sets new ones last.  What
 * stays, or changes, applies meanwhile: a new object is rid of it by
 * sd_acl_create(), and around an extension, whose members nobody can name
 * beforehand, it is suspended.
 */
#ifndef SD_DEFAULT_PRIVILEGES_H
#define SD_DEFAULT_PRIVILEGES_H

#include "postgres.h"

#include "kind/kind.h"

/*
 * The entries (SdObject *) that may apply while the plan creates an object of
 * that letter of acldefault() in that schema (NULL = none).
 */
extern List *sd_default_privileges_of(const SdDdl *ddl, const char *schema, char type);

/* Statements that take all of them away, or set them again. */
extern void sd_default_privileges_suspend(SdDdl *ddl, bool suspend);

#endif							/* SD_DEFAULT_PRIVILEGES_H */
