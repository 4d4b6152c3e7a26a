/*
 * arm.h
 *	  Switching capture on and off for this database.
 */
#ifndef SD_ARM_H
#define SD_ARM_H

#include "postgres.h"

#define SD_TRIGGER_DDL "schemadrift_capture_ddl"
#define SD_TRIGGER_DROP "schemadrift_capture_drop"

typedef struct SdCaptureTrigger
{
	const char *name;
	const char *event;
	const char *function;		/* in schema schemadrift */
} SdCaptureTrigger;

#define SD_CAPTURE_TRIGGERS 2
extern const SdCaptureTrigger sd_capture_triggers[SD_CAPTURE_TRIGGERS];

/*
 * Create the two event triggers, or mend them.  Ordinary objects, not members
 * of the extension, ENABLE ALWAYS.  Needs a superuser; idempotent.
 */
extern void sd_capture_arm(void);

/* Drop them; nothing happens where there are none. */
extern void sd_capture_disarm(void);

/* Is the trigger that records commands there and enabled?  Never raises. */
extern bool sd_capture_is_armed(void);

#endif							/* SD_ARM_H */
