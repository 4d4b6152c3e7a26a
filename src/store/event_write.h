/*
 * event_write.h
 *	  Writes one event, from inside the transaction of the DDL it tells of.
 */
#ifndef SD_EVENT_WRITE_H
#define SD_EVENT_WRITE_H

#include "postgres.h"

#include "model/event.h"

/*
 * Insert the event and return its id; event->id is not looked at.  Needs no
 * privilege, waits for nothing, uses neither SPI nor a subtransaction, and
 * raises an error for whatever stands in the way: call it guarded.
 */
extern int64 sd_event_write(const SdEvent *event);

#endif							/* SD_EVENT_WRITE_H */
