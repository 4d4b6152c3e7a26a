/*
 * withhold.h
 *	  Commands whose text is never kept, because carrying a secret is what
 *	  they are for.
 */
#ifndef SD_WITHHOLD_H
#define SD_WITHHOLD_H

#include "postgres.h"

#include "nodes/nodes.h"
#include "tcop/cmdtag.h"

/*
 * For a command on a server, user mapping, subscription, role, setting or
 * security label that may hold a secret: what can be said instead, such as
 *
 *		CREATE USER MAPPING FOR alice SERVER srv [options user, password withheld]
 *
 * palloc'd.  NULL for every other command.
 */
extern char *sd_withhold(Node *tree, CommandTag tag);

#endif							/* SD_WITHHOLD_H */
