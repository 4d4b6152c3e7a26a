/*
 * fence.c
 *	  May this database send and check?
 *
 * A recovery to a point in time brings messages back that were sent long ago.
 * Their keys are the same, but a trigger whose incident was resolved since
 * would page again; so with a new timeline old messages become dead letters,
 * which drift_redeliver() sends if somebody wants them.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "store/arming.h"
#include "store/delivery.h"
#include "store/incident.h"
#include "worker/fence.h"
#include "worker/shared.h"
#include "worker/step.h"

#define STEP_TIMEOUT 30000
/* Age in seconds beyond which a message is not sent after a promotion. */
#define STALE_AFTER 3600

typedef struct Look
{
	SdArmingState state;
	char	   *problem;
	uint64		parked;
} Look;

static void
look_step(void *arg)
{
	Look	   *look = arg;

	look->state = sd_arming_state(&look->problem);
	if (look->state != SD_ARMED_MOVED)
		return;
	look->parked = sd_delivery_park(STALE_AFTER,
									"older than an hour when the server was promoted or recovered; "
									"drift_redeliver() sends it");
	(void) sd_incident_tell_parked();
	sd_arming_advance();
}

/* Workers come and go; the slot remembers that one of them said it. */
static bool
first_time(void)
{
	static bool own = false;
	SdSlot	   *slot = sd_slot(MyDatabaseId, false);
	bool		said = slot ? pg_atomic_exchange_u32(&slot->fence_logged, 1) != 0 : own;

	own = true;
	return !said;
}

static void
log_once(const char *problem)
{
	if (first_time())
		ereport(LOG,
				(errmsg("schemadrift sends nothing from database %u: %s", MyDatabaseId, problem)));
}

SdFence
sd_fence(void)
{
	Look		look = {0};
	char	   *error = NULL;

	switch (sd_step("schemadrift: looking at the fence", STEP_TIMEOUT, look_step, &look, &error))
	{
		case SD_STEP_GONE:
			return SD_FENCE_GONE;
		case SD_STEP_FAILED:
			log_once(error);
			return SD_FENCE_SHUT;
		case SD_STEP_DONE:
			break;
	}
	switch (look.state)
	{
		case SD_UNARMED:
			return SD_FENCE_TESTS;
		case SD_QUARANTINED:
			log_once(look.problem);
			return SD_FENCE_SHUT;
		case SD_ARMED_MOVED:
			ereport(LOG,
					(errmsg("schemadrift goes on after a promotion or recovery in database %u; "
							UINT64_FORMAT " old messages are parked", MyDatabaseId, look.parked)));
			return SD_FENCE_OPEN;
		case SD_ARMED:
			break;
	}
	return SD_FENCE_OPEN;
}
