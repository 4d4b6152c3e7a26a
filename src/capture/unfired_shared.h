/*
 * unfired_shared.h
 *	  What belongs to the server and not to one database.
 */
#ifndef SD_UNFIRED_SHARED_H
#define SD_UNFIRED_SHARED_H

#include "postgres.h"

#include "nodes/parsenodes.h"
#include "nodes/pg_list.h"

/* A database by name: this one is an object of its schema, others are not. */
extern List *sd_unfired_add_database(List *objects, const char *name, bool dropped);

/* A database, tablespace, role or event trigger, by the object of a parse tree. */
extern List *sd_unfired_add_shared(List *objects, ObjectType type, Node *object);

/* GRANT on databases, tablespaces or parameters. */
extern List *sd_unfired_add_granted(List *objects, const GrantStmt *stmt);

#endif							/* SD_UNFIRED_SHARED_H */
