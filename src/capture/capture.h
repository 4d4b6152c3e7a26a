/*
 * capture.h
 *	  From a DDL command to its event.
 *
 * Called by the two event triggers and by the hook on utility statements.
 * Whatever goes wrong inside is a miss (miss.h), never the user's error; the
 * one exception is ERRCODE_SD_BLOCKED, which schemadrift.capture = block asks
 * for.
 */
#ifndef SD_CAPTURE_H
#define SD_CAPTURE_H

#include "postgres.h"

#include "commands/event_trigger.h"

/* ddl_command_end and sql_drop. */
extern void sd_capture_command_end(const EventTriggerData *trigger);
extern void sd_capture_sql_drop(const EventTriggerData *trigger);

/* Put the hook in place; called once, from _PG_init. */
extern void sd_capture_init(void);

/* While suspended, commands of ours run uncaptured; calls nest. */
extern void sd_capture_suspend(bool suspend);

/*
 * From now on in this transaction, roles that are made and privileges that are
 * granted are the work of drift_create_roles(), which is expected.
 */
extern void sd_capture_own_change(bool begins);

/* Names of the fault points in capture's steps, NULL-terminated; for tests. */
extern const char *const sd_capture_fault_points[];

#endif							/* SD_CAPTURE_H */
