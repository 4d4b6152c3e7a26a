/*
 * time_window.h
 *	  schemadrift.time_window: windows that recur on a schedule.
 */
#ifndef SD_STORE_TIME_WINDOW_H
#define SD_STORE_TIME_WINDOW_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "nodes/pg_list.h"

typedef struct SdTimeWindow
{
	int64		id;
	char	   *mode;			/* allow, deny, quiet */
	char	   *schedule;		/* of its beginnings, in cron's notation */
	int64		duration;		/* µs */
	char	   *timezone;		/* that the schedule is in */
	char	   *role;			/* NULL = of all */
	char	   *label;
	TimestampTz added_at;
} SdTimeWindow;

/*
 * All of them, without SQL and without waiting; raises an error when that is
 * not possible.
 */
extern List *sd_time_window_scan(void);

#endif							/* SD_STORE_TIME_WINDOW_H */
