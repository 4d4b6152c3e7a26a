/*
 * miss.c
 *	  Counts what could not be captured.
 *
 * The count is a sequence because drawing from one is the only write that waits for
 * nobody and outlives a rollback of the DDL.  The price is that a rolled back
 * command counts too; a miss only tells the next check that an event may be
 * absent, so one too many is harmless.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/fault.h"
#include "base/spi.h"
#include "base/wake.h"
#include "capture/guard.h"
#include "capture/miss.h"
#include "store/counter.h"
#include "store/table.h"

/* Time between two warnings in one session, in milliseconds. */
#define SD_WARNING_INTERVAL 60000

static TimestampTz last_warning = 0;
static uint64 unreported = 0;

static void
count_step(void *arg)
{
	SD_FAULT_POINT("capture.miss");
	(void) sd_counter_next(sd_table_lock_sequence("capture_miss_seq"), 0);
}

void
sd_capture_miss(const char *problem)
{
	TimestampTz now = GetCurrentTimestamp();
	char	   *uncounted = sd_guard_run(count_step, NULL);

	sd_wake_request();
	unreported++;
	if (last_warning != 0 &&
		!TimestampDifferenceExceeds(last_warning, now, SD_WARNING_INTERVAL))
		return;
	/* the statement, which the server would log along with it, may hold secrets */
	ereport(WARNING,
			(errmsg("schemadrift could not capture a command: %s", problem),
			 uncounted ? errdetail("Nor could it count the miss: %s.", uncounted) :
			 unreported > 1 ?
			 errdetail_plural("%lu command was missed in this session since the last warning.",
							  "%lu commands were missed in this session since the last warning.",
							  (unsigned long) unreported, (unsigned long) unreported) : 0,
			 errhint("The command itself was not affected; the next check finds what it changed."),
			 errhidestmt(true), errhidecontext(true)));
	last_warning = now;
	unreported = 0;
}

int64
sd_capture_misses(void)
{
	SdRows	   *rows = sd_spi_query("SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS misses"
									"  FROM schemadrift.capture_miss_seq", 0, NULL);

	return sd_rows_int(rows, 0, "misses");
}
