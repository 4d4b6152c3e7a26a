/*
 * role.h
 *	  What kinds of things that roles have share.
 */
#ifndef SD_ROLE_H
#define SD_ROLE_H

#include "postgres.h"

#include "kind/kind.h"

/*
 * Does the plan give the role (quoted) another name?  Then what it has stays
 * with it, and no statement could name it any more.
 */
extern bool sd_role_is_renamed(const SdDdl *ddl, const char *role);

#endif							/* SD_ROLE_H */
