/*
 * unfired.h
 *	  Statements that change the schema without firing an event trigger.
 *
 * REASSIGN OWNED, EXPLAIN ANALYZE CREATE TABLE AS, CLUSTER … USING, commands
 * on event triggers, on databases, tablespaces, roles and their memberships,
 * on settings of databases, roles and the server, privileges on parameters;
 * and SET of what switches capture off.
 */
#ifndef SD_UNFIRED_H
#define SD_UNFIRED_H

#include "postgres.h"

#include "nodes/nodes.h"
#include "nodes/pg_list.h"

/* A look at the node's type alone: cheap, and raises nothing. */
extern bool sd_unfired_is_candidate(Node *tree);

/*
 * The objects that the statement is about to touch and has touched; each
 * object is in one of the two.  Call both guarded.
 */
extern List *sd_unfired_before(Node *tree);
extern List *sd_unfired_after(Node *tree);

#endif							/* SD_UNFIRED_H */
