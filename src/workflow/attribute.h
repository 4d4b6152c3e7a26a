/*
 * attribute.h
 *	  Which event explains a change.
 */
#ifndef SD_ATTRIBUTE_H
#define SD_ATTRIBUTE_H

#include "postgres.h"

#include "model/change.h"
#include "model/event.h"
#include "model/snapshot.h"

typedef struct SdAttribution
{
	const SdEvent *event;		/* the latest that counts, NULL = none */
	const SdEvent *origin;		/* of something new, what made it; else the same */
	bool		expected;		/* every event that touched it belongs to a
								 * recognised deploy, and there is one */
} SdAttribution;

typedef struct SdAttributor SdAttributor;

/* Index events (SdEvent *, oldest first) for the changes between two sides. */
extern SdAttributor *sd_attributor_create(List *events, const SdSnapshot *from,
										  const SdSnapshot *to, List *changes);

/* Of one changed property, or (-1) of the coming or going of the object. */
extern SdAttribution sd_attribute(const SdAttributor *attributor, const SdChange *change,
								  int property);

/* Did anybody touch it who was no deploy? */
extern bool sd_attribute_is_disputed(const SdAttributor *attributor, const SdChange *change);

/*
 * Say of an item which event made it; without one its class becomes
 * unattributed.
 */
extern void sd_attribute_item(SdItem *item, const SdEvent *event);

#endif							/* SD_ATTRIBUTE_H */
