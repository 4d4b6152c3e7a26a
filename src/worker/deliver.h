/*
 * deliver.h
 *	  Sends what is due in the outbox of this database, one message at a time.
 */
#ifndef SD_DELIVER_H
#define SD_DELIVER_H

#include "postgres.h"

/*
 * Claim, send and record one message.  Returns false when nothing was due, or
 * the extension is gone.  No transaction may be open.
 */
extern bool sd_deliver_one(bool tests_only);

/* Milliseconds until the next message is due, -1 = none waits. */
extern int64 sd_deliver_next_due(bool tests_only);

/*
 * How long to wait after that many attempts, in ms: exponential with full
 * jitter; retry_after (seconds, -1 = none) is what the service asked for.
 */
extern int64 sd_deliver_backoff(int attempts, int retry_after);

#endif							/* SD_DELIVER_H */
