/*
 * command.h
 *	  The parts that one collected command touched besides its main object.
 */
#ifndef SD_COMMAND_H
#define SD_COMMAND_H

#include "postgres.h"

#include "commands/event_trigger.h"
#include "nodes/pg_list.h"
#include "tcop/deparse_utility.h"

/*
 * ALTER TABLE: each column, constraint, trigger, partition it named and what
 * follows the table; GRANT: each object and column; ALTER DEFAULT PRIVILEGES:
 * each entry; CREATE EXTENSION CASCADE: the extensions it needs.
 */
extern List *sd_command_add_parts(List *objects, const CollectedCommand *command);

#endif							/* SD_COMMAND_H */
