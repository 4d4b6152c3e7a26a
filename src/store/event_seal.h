/*
 * event_seal.h
 *	  The only SQL on schemadrift.event_seal: a chain of digests over the log.
 */
#ifndef SD_STORE_EVENT_SEAL_H
#define SD_STORE_EVENT_SEAL_H

#include "postgres.h"

#include "base/rows.h"

/*
 * Seal the events that are decided and not sealed yet, a bounded number of
 * them.  For whoever has the check's turn; keeps nobody from writing events.
 */
extern void sd_event_seal(void);

/* Is there an event that no seal covers?  As SQL, for a query that asks more. */
#define SD_EVENT_UNSEALED_SQL \
	"EXISTS (SELECT FROM schemadrift.event WHERE id >" \
	" COALESCE((SELECT pg_catalog.max(last_event) FROM schemadrift.event_seal WHERE what <> 'pruned'), 0))"

/* The newest seal as "number:digest in hex", NULL = none; and as SQL. */
extern char *sd_event_seal_head(void);
#define SD_EVENT_SEAL_HEAD_SQL \
	"(SELECT pg_catalog.concat(id, ':', pg_catalog.encode(digest, 'hex'))" \
	"   FROM schemadrift.event_seal ORDER BY id DESC LIMIT 1)"

/*
 * Delete events up to an id that are, and were sealed, longer than keep_minutes minutes
 * ago, and say so in the chain.  In the check's turn; how many were deleted.
 */
extern uint64 sd_event_prune(int64 keep_horizon, int keep_minutes, int batch);

/*
 * What is wrong: rows (event_id, problem, sealed_at), oldest first; none is good.
 * All of it, or the newest seals with about that many events.
 */
extern SdRows *sd_event_seal_verify(int64 newest);

/* Has an event waited for its seal for longer than a day? */
extern bool sd_event_is_left_unsealed(void);

/* Events not sealed yet: one row (count, first, last). */
extern SdRows *sd_event_unsealed(void);

#endif							/* SD_STORE_EVENT_SEAL_H */
