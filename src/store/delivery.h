/*
 * delivery.h
 *	  schemadrift.delivery: the outbox.
 */
#ifndef SD_STORE_DELIVERY_H
#define SD_STORE_DELIVERY_H

#include "postgres.h"

/*
 * Put one message for one channel into the outbox; it is due when the current
 * transaction commits.  incident_id 0 = none.  Returns the delivery's id.
 */
extern int64 sd_delivery_enqueue(const char *channel, const char *purpose, int64 incident_id,
								 const char *idempotency_key, const char *payload_json);

#endif							/* SD_STORE_DELIVERY_H */
