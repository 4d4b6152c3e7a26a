/*
 * cron_expression.h
 *	  When a schedule in cron's notation is due, in a time zone.
 *
 * Five fields: minute, hour, day of the month, month, day of the week.  Each
 * is a list of *, numbers, ranges and steps (*, 5, 1-5, 0-59/15); months
 * and days of the week may be names of three letters, and Sunday is 0 or 7.
 * Where both days are restricted either suffices, as in Vixie's cron; a field
 * that begins with * restricts nothing.
 *
 * Clock changes: a minute that the clock leaves out is due at the moment it
 * jumps; a minute that comes twice is due twice.
 */
#ifndef SD_CRON_EXPRESSION_H
#define SD_CRON_EXPRESSION_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

typedef struct SdCron
{
	uint64		minutes;		/* bit n = minute n */
	uint32		hours;
	uint32		days;			/* of the month, 1 to 31 */
	uint32		months;			/* 1 to 12 */
	uint32		weekdays;		/* 0 = Sunday to 6 */
	bool		any_day;		/* the field begins with * */
	bool		any_weekday;
} SdCron;

/* False with *problem, a whole sentence, when it is no schedule that can be due. */
extern bool sd_cron_parse(const char *schedule, SdCron *cron, const char **problem);

/* The zone by name, NULL when there is none. */
extern pg_tz *sd_cron_zone(const char *name);

/*
 * The last time at or before AT, and not before SINCE, when it is due: the
 * beginning of a minute.  False when there is none.
 */
extern bool sd_cron_last(const SdCron *cron, pg_tz *zone, TimestampTz at, TimestampTz since,
						 TimestampTz *due);

/* The first time after AT, and not after UNTIL, when it is due. */
extern bool sd_cron_next(const SdCron *cron, pg_tz *zone, TimestampTz at, TimestampTz until,
						 TimestampTz *due);

#endif							/* SD_CRON_EXPRESSION_H */
