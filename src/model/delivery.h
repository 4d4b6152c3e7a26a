/*
 * delivery.h
 *	  delivery: one message for one channel; channel: a configured account.
 *
 * States of schemadrift.delivery.state and what may follow:
 *
 *		pending ──claim──▶ sending ──2xx──▶ delivered
 *		   ▲                  │
 *		   ├──── retry_at ◀───┤ transient, or the lease ran out
 *		   │                  └──permanent, or attempts used up──▶ dead
 *		   └── drift_redeliver() ◀── dead
 *
 * A delivery with several requests (find, then create) keeps its place in
 * step; the sink decides what each step is.
 */
#ifndef SD_DELIVERY_H
#define SD_DELIVERY_H

#include "postgres.h"

#include "utils/jsonb.h"

typedef struct SdChannel
{
	const char *name;
	const char *kind;			/* sink's name: pagerduty */
	const Jsonb *config;		/* object, never holds a secret */
	const char *secret_name;	/* file in schemadrift.secrets_directory */
	const char *secret;			/* its text; workers only, else NULL */
	bool		enabled;		/* false: keep its messages in the outbox */
} SdChannel;

typedef struct SdDelivery
{
	int64		id;
	const char *idempotency_key;	/* the same on every repeat */
	const char *purpose;		/* trigger, acknowledge, resolve, change, test */
	const Jsonb *payload;		/* what the message says, for every sink */
	int			attempts;		/* this one included */
	int			step;
	const char *external_id;	/* what the service answered so far */
	const char *external_url;
} SdDelivery;

#endif							/* SD_DELIVERY_H */
