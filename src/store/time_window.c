/*
 * time_window.c
 *	  Rows of schemadrift.time_window.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/timestamp.h"

#include "store/table.h"
#include "store/time_window.h"

static const SdTableColumn columns[] = {
	{"id", INT8OID},
	{"mode", TEXTOID},
	{"schedule", TEXTOID},
	{"duration", INTERVALOID},
	{"timezone", TEXTOID},
	{"role", TEXTOID},
	{"label", TEXTOID},
	{"added_at", TIMESTAMPTZOID},
	{"added_by", TEXTOID}
};

/* A day counts 24 hours and a month 30 days, as when intervals are compared. */
static int64
microseconds(const Interval *interval)
{
	return interval->time + ((int64) interval->month * DAYS_PER_MONTH + interval->day) * USECS_PER_DAY;
}

static List *
add_window(List *list, Datum *values, bool *nulls)
{
	SdTimeWindow *window = palloc(sizeof(SdTimeWindow));

	window->id = DatumGetInt64(values[0]);
	window->mode = sd_table_text(values[1], nulls[1]);
	window->schedule = sd_table_text(values[2], nulls[2]);
	window->duration = microseconds(DatumGetIntervalP(values[3]));
	window->timezone = sd_table_text(values[4], nulls[4]);
	window->role = sd_table_text(values[5], nulls[5]);
	window->label = sd_table_text(values[6], nulls[6]);
	window->added_at = DatumGetTimestampTz(values[7]);
	return lappend(list, window);
}

List *
sd_time_window_scan(void)
{
	return sd_table_scan("time_window", columns, lengthof(columns), NULL, add_window);
}
