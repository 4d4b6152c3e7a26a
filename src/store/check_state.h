/*
 * check_state.h
 *	  The only SQL on schemadrift.check_state: what the last check compared.
 */
#ifndef SD_CHECK_STATE_H
#define SD_CHECK_STATE_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "store/baseline.h"

typedef struct SdCheckState
{
	SdBaseline *baseline;		/* the newest */
	bool		is_known;		/* there was a check of this database by this
								 * library; else the rest is of no use */
	bool		is_recent;		/* its last full check is not long ago */
	bool		same_baseline;
	bool		same_drifts;	/* open or ignored are those that it left so */
	bool		same_events;	/* and since the baseline's horizon, nothing was
								 * captured, nor capture switched */
	bool		same_rules;		/* what is to be hidden or silent is what it was */
	bool		is_watching;
	bool		is_unsealed;	/* there are events that no seal covers */
	int			nopen;			/* open drifts */
	int			nstanding;		/* with those that are ignored */
	bool		is_capture_open;	/* capture that is off is among them */
	bool		has_claims;		/* an event since the horizon has a refused claim */
	const char *open_addresses; /* "class oid,…" of what differed; NULL: unknown */
	List	   *open_keys;		/* char *, of what the baseline has and differs */
	int64		last_event;		/* id, 0 = none above the baseline's horizon */
} SdCheckState;

/* How things stand; NULL when there is no default baseline. */
extern SdCheckState *sd_check_state_load(const char *form, int full_interval);

/*
 * A check ended, having looked at everything or not; what differs is given by
 * addresses (or NULL) and a JSON array of keys.
 */
extern void sd_check_state_save(const char *form, bool full, const char *open_addresses,
								const char *open_keys);

/* Make the next check look at everything: what counts as drift is now another matter. */
extern void sd_check_state_forget(void);

#endif							/* SD_CHECK_STATE_H */
