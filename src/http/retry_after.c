/*
 * retry_after.c
 *	  Reads Retry-After, which a service may fill with anything.
 *
 * Only the one date form that RFC 9110 lets senders write is read; the two
 * obsolete ones count as no answer, and the ordinary back-off applies.
 */
#include "postgres.h"

#include <ctype.h>

#include "http/retry_after.h"

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static int64
days_since_epoch(int year, int month, int day)
{
	int64		y = month <= 2 ? year - 1 : year;
	int64		shifted = (month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * shifted + 2) / 5 + day - 1 - 719468;
}

/* Month 1 to 12 by its English abbreviation, or 0. */
static int
month_number(const char *name)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *found = strlen(name) == 3 ? strstr(months, name) : NULL;

	return found != NULL && (found - months) % 3 == 0 ? (int) (found - months) / 3 + 1 : 0;
}

/* Seconds since 1970 of "Sun, 06 Nov 1994 08:49:37 GMT", or -1. */
static int64
read_date(const char *value)
{
	char		month_name[4];
	int			day;
	int			year;
	int			hour;
	int			minute;
	int			second;
	int			end = 0;
	int			month;

	if (sscanf(value, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n",
			   &day, month_name, &year, &hour, &minute, &second, &end) != 6 ||
		end == 0 || value[end] != '\0')
		return -1;
	month = month_number(month_name);
	if (month == 0 || year < 1970 || day < 1 || day > 31 || hour < 0 || hour > 23 ||
		minute < 0 || minute > 59 || second < 0 || second > 60)
		return -1;
	return ((days_since_epoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
}

int
sd_retry_after(const char *value, time_t now)
{
	size_t		digits = strspn(value, "0123456789");
	int64		date;

	if (digits > 0 && value[digits] == '\0')
		return digits > 6 ? SD_RETRY_AFTER_MAX : Min(atoi(value), SD_RETRY_AFTER_MAX);
	date = read_date(value);
	if (date < 0)
		return -1;
	return (int) Max(0, Min(date - (int64) now, SD_RETRY_AFTER_MAX));
}
