/*
 * delivery_read.h
 *	  Looking at deliveries without claiming them.
 */
#ifndef SD_STORE_DELIVERY_READ_H
#define SD_STORE_DELIVERY_READ_H

#include "postgres.h"

#include "model/delivery.h"

/* The incident's newest delivery on any channel, or NULL. */
extern SdDelivery *sd_delivery_latest(int64 incident_id);

/* The state of a delivery, or NULL when there is none of that number. */
extern char *sd_delivery_state(int64 id);

#endif							/* SD_STORE_DELIVERY_READ_H */
