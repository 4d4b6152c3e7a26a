/*
 * delivery.h
 *	  The outbox: schemadrift.delivery.
 *
 * Everything here runs in the caller's transaction; claiming, sending and
 * recording are three of them, so that no message is sent with one open (see
 * worker/deliver.c).
 */
#ifndef SD_STORE_DELIVERY_H
#define SD_STORE_DELIVERY_H

#include "postgres.h"

#include "model/delivery.h"

/*
 * Put a message for a channel into the outbox and wake the workers at commit.
 * incident_id 0 = none; messages of one incident reach a channel in the order
 * of their ids.  idempotency_key is what makes a repeat harmless at the
 * service.  Returns the delivery's id.
 */
extern int64 sd_delivery_enqueue(const char *channel, const char *purpose,
								 int64 incident_id, const char *idempotency_key,
								 const char *payload_json);

/*
 * Put the payload into the trigger about an incident that still waits to be
 * sent to the channel, if one does: its news is part of the new one.
 */
extern bool sd_delivery_replace(const char *channel, int64 incident_id, const char *payload_json);

/* A claimed delivery with the channel it is for. */
typedef struct SdClaim
{
	SdDelivery	delivery;
	SdChannel	channel;		/* kind is NULL when the channel is gone */
} SdClaim;

/*
 * Claim the next due delivery: one attempt more, and a lease.  NULL when
 * nothing is due.  held and failing are JSON arrays of channels: the held are
 * left out, the failing come after all others.  With tests_only, only what
 * drift_channel_test() asked for.
 */
extern SdClaim *sd_delivery_claim(const char *held, const char *failing, bool tests_only);

/*
 * Record what became of a claimed delivery.  All but the first say nothing
 * when the claim was taken over meanwhile (the lease ran out): the other
 * worker's record counts.
 */
extern void sd_delivery_delivered(int64 id, const char *external_id, const char *external_url);
extern void sd_delivery_next_step(int64 id, int step, const char *external_id,
								  const char *external_url);
extern void sd_delivery_retry(int64 id, int64 wait_ms, const char *error);
extern void sd_delivery_dead(int64 id, const char *error);

/*
 * Give back what a worker that is gone had claimed.  Only for the one worker
 * that a database has.
 */
extern uint64 sd_delivery_release(void);

/*
 * Milliseconds until the next delivery is due, 0 = now, -1 = none waits; held
 * and tests_only as for claiming.
 */
extern int64 sd_delivery_next_due(const char *held, bool tests_only);

/* Delete up to batch old rows: delivered 30 days, dead 90 days. */
extern uint64 sd_delivery_expire(int batch);

/* Dead-letter what waits and is older than that many seconds. */
extern uint64 sd_delivery_park(int older_than, const char *reason);

/* Send a dead letter again, with all attempts before it.  False = none. */
extern bool sd_delivery_redeliver(int64 id);

#endif							/* SD_STORE_DELIVERY_H */
