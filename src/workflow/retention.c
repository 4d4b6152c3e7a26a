/*
 * retention.c
 *	  How long events and history are kept.
 */
#include "postgres.h"

#include "base/settings.h"
#include "store/baseline.h"
#include "store/event.h"
#include "store/event_seal.h"
#include "store/prune.h"
#include "workflow/check.h"
#include "workflow/retention.h"

/*
 * An event is kept while it may still explain a difference from the baseline,
 * however old it is; where there is no baseline it explains none.
 */
static uint64
prune_events(int batch)
{
	SdBaseline *baseline = sd_baseline_latest(SD_DEFAULT_BASELINE);

	if (!sd_check_try_turn())
		return 0;
	/* where nobody checks, nobody seals, and what is not sealed is kept */
	if (sd_event_is_left_unsealed())
		sd_event_seal();
	return sd_event_prune(baseline ? baseline->event_horizon : sd_event_last_id(), sd_event_retention, batch);
}

uint64
sd_retention_apply(int batch)
{
	uint64		deleted = 0;

	if (sd_event_retention > 0)
		deleted += prune_events(batch);
	if (sd_history_retention > 0)
	{
		deleted += sd_prune_history(sd_history_retention, batch);
		deleted += sd_prune_closed(sd_history_retention, batch);
	}
	return deleted;
}
