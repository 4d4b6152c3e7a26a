/*
 * retention.h
 *	  How long events and history are kept.
 */
#ifndef SD_RETENTION_H
#define SD_RETENTION_H

#include "postgres.h"

/*
 * Delete what schemadrift.event_retention and schemadrift.history_retention no
 * longer keep, at most batch rows of a table; how many in all.
 */
extern uint64 sd_retention_apply(int batch);

#endif							/* SD_RETENTION_H */
