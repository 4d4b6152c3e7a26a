/*
 * arm.h
 *	  Switching capture on and off for this database.
 */
#ifndef SD_ARM_H
#define SD_ARM_H

#include "postgres.h"

#define SD_TRIGGER_DDL "schemadrift_capture_ddl"
#define SD_TRIGGER_DROP "schemadrift_capture_drop"

/*
 * Create the two event triggers, or mend them.  Ordinary objects, not members
 * of the extension, ENABLE ALWAYS.  Needs a superuser; idempotent.
 */
extern void sd_capture_arm(void);

/* Drop them; nothing happens where there are none. */
extern void sd_capture_disarm(void);

/* Is the trigger that records commands there and enabled?  Never raises. */
extern bool sd_capture_is_armed(void);

/*
 * NULL when capture is armed and sound, else a sentence for people: a trigger
 * is missing, not enabled always, calls another function, or the library and
 * the extension have different versions.
 */
extern char *sd_capture_problem(void);

#endif							/* SD_ARM_H */
