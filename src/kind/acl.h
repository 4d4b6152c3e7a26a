/*
 * acl.h
 *	  Privileges: their canonical text, and the GRANTs between two texts.
 *
 * The form of the text is described in aspects.h.
 */
#ifndef SD_ACL_H
#define SD_ACL_H

#include "postgres.h"

#include "kind/kind.h"

/* SQL expression for the privileges of the kind's objects. */
extern char *sd_acl_expression(const SdKind *kind);

/*
 * Add the GRANT and REVOKE statements that turn one canonical text into the
 * other for this object; NULL means the server's default.
 */
extern void sd_acl_alter(SdDdl *ddl, const SdObject *object, const char *from, const char *to);

#endif							/* SD_ACL_H */
