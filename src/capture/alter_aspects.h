/*
 * alter_aspects.h
 *	  What an ALTER TABLE may have changed, and so what it has not.
 */
#ifndef SD_ALTER_ASPECTS_H
#define SD_ALTER_ASPECTS_H

#include "postgres.h"

#include "commands/event_trigger.h"
#include "nodes/pg_list.h"
#include "tcop/deparse_utility.h"

/* Is it one of those that sd_alter_aspects_add() can tell of? */
extern bool sd_alter_aspects_known(const CollectedCommand *command);

/* Note at the table and its columns in the list what the command may have changed. */
extern List *sd_alter_aspects_add(List *objects, const CollectedCommand *command);

#endif							/* SD_ALTER_ASPECTS_H */
