/*
 * cron_expression.c
 *	  When a schedule in cron's notation is due, in a time zone.
 *
 * Time is searched in blocks of 15 minutes, since every zone's offset is a
 * multiple of that today: a block lies in one hour of the local clock, and the
 * clock jumps between blocks only.  A month takes 3000 blocks and less than a
 * millisecond.
 */
#include "postgres.h"

#include <ctype.h>

#include "utils/timestamp.h"

#include "base/cron_expression.h"

#define BLOCK 900				/* s */
#define SPACES " \t\r\n"

typedef struct Field
{
	const char *name;
	int			low;
	int			high;
	const char *const *words;	/* names of low, low + 1 …; NULL = none */
} Field;

static const char *const month_words[] = {
	"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", NULL
};
static const char *const weekday_words[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL};

static const Field fields[] = {
	{"minute", 0, 59, NULL},
	{"hour", 0, 23, NULL},
	{"day of the month", 1, 31, NULL},
	{"month", 1, 12, month_words},
	{"day of the week", 0, 7, weekday_words}
};

/* -- reading --------------------------------------------------------------- */

/* A number or a name at *p, which moves on; -1 when it is neither. */
static int
read_value(const Field *field, const char **p)
{
	int			value = 0;
	int			i;

	if (!isdigit((unsigned char) **p))
	{
		for (i = 0; field->words && field->words[i]; i++)
			if (pg_strncasecmp(*p, field->words[i], 3) == 0 && !isalpha((unsigned char) (*p)[3]))
			{
				*p += 3;
				return field->low + i;
			}
		return -1;
	}
	for (; isdigit((unsigned char) **p); (*p)++)
		value = Min(value * 10 + (**p - '0'), 1000);
	return value;
}

/* One of a list: *, n, n-m, each with /step. */
static bool
read_item(const Field *field, const char **p, uint64 *bits)
{
	int			from = field->low;
	int			to = field->high;
	int			step = 1;
	int			value;

	if (**p == '*')
		(*p)++;
	else
	{
		from = to = read_value(field, p);
		if (**p == '-')
		{
			(*p)++;
			to = read_value(field, p);
		}
		else if (**p == '/')
			to = field->high;
	}
	if (**p == '/')
	{
		(*p)++;
		step = isdigit((unsigned char) **p) ? read_value(&fields[0], p) : 0;
	}
	if (from < field->low || to > field->high || from > to || step < 1)
		return false;
	for (value = from; value <= to; value += step)
		*bits |= UINT64CONST(1) << value;
	return true;
}

static bool
read_field(const Field *field, const char **p, uint64 *bits, bool *any)
{
	*bits = 0;
	*any = **p == '*';
	for (;;)
	{
		if (!read_item(field, p, bits))
			return false;
		if (**p != ',')
			break;
		(*p)++;
	}
	return **p == '\0' || strchr(SPACES, **p) != NULL;
}

/* Is there a month with one of the days? */
static bool
can_be_due(const SdCron *cron)
{
	static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int			month;
	int			day;

	if (!cron->any_weekday)
		return true;
	for (month = 1; month <= 12; month++)
		for (day = 1; (cron->months & (1U << month)) && day <= lengths[month - 1]; day++)
			if (cron->days & (1U << day))
				return true;
	return false;
}

bool
sd_cron_parse(const char *schedule, SdCron *cron, const char **problem)
{
	uint64		bits[lengthof(fields)];
	bool		any[lengthof(fields)];
	const char *p = schedule;
	int			i;

	*problem = "It has five fields: minute, hour, day of the month, month and day of the week.";
	for (i = 0; i < (int) lengthof(fields); i++)
	{
		p += strspn(p, SPACES);
		if (*p == '\0')
			return false;
		if (!read_field(&fields[i], &p, &bits[i], &any[i]))
		{
			*problem = psprintf("Its %s is wrong: it takes numbers from %d to %d%s, ranges, steps and lists of them.",
								fields[i].name, fields[i].low, fields[i].high, fields[i].words ? " or names" : "");
			return false;
		}
	}
	if (p[strspn(p, SPACES)] != '\0')
		return false;
	cron->minutes = bits[0];
	cron->hours = (uint32) bits[1];
	cron->days = (uint32) bits[2];
	cron->months = (uint32) bits[3];
	cron->weekdays = (uint32) ((bits[4] | (bits[4] >> 7)) & 0x7f);
	cron->any_day = any[2];
	cron->any_weekday = any[4];
	*problem = "There is no such day.";
	return can_be_due(cron);
}

pg_tz *
sd_cron_zone(const char *name)
{
	pg_tz	   *zone = strlen(name) <= TZ_STRLEN_MAX ? pg_tzset(name) : NULL;

	return zone && pg_tz_acceptable(zone) ? zone : NULL;
}

/* -- searching ------------------------------------------------------------- */

static bool
is_day(const SdCron *cron, const struct pg_tm *local)
{
	bool		day = (cron->days >> local->tm_mday) & 1;
	bool		weekday = (cron->weekdays >> local->tm_wday) & 1;

	if (!((cron->months >> (local->tm_mon + 1)) & 1))
		return false;
	return cron->any_day || cron->any_weekday ? day && weekday : day || weekday;
}

static bool
is_due(const SdCron *cron, const struct pg_tm *local)
{
	return is_day(cron, local) && ((cron->hours >> local->tm_hour) & 1) &&
		((cron->minutes >> local->tm_min) & 1);
}

/* Is any minute due that the clock leaves out at this moment? */
static bool
is_due_in_jump(const SdCron *cron, pg_time_t at, long before, long after)
{
	pg_tz	   *utc = pg_tzset("GMT");
	pg_time_t	clock;

	for (clock = at + before; clock < at + after; clock += SECS_PER_MINUTE)
		if (is_due(cron, pg_localtime(&clock, utc)))
			return true;
	return false;
}

/*
 * How many blocks around this one lie in a day when it is not due: back to the
 * morning, or on to the evening.  The hours next to midnight are left, because
 * the clock may jump by as much on that day.
 */
static int
idle_blocks(const SdCron *cron, pg_tz *zone, pg_time_t block, bool back)
{
	struct pg_tm *local = pg_localtime(&block, zone);
	int			hours = back ? local->tm_hour - 3 : 20 - local->tm_hour;

	return hours > 0 && !is_day(cron, local) ? hours * SECS_PER_HOUR / BLOCK : 0;
}

/* Is it due in this block, and when first or last? */
static bool
search_block(const SdCron *cron, pg_tz *zone, pg_time_t block, bool last, pg_time_t *due)
{
	struct pg_tm local = *pg_localtime(&block, zone);
	pg_time_t	before = block - 1;
	long		offset = pg_localtime(&before, zone)->tm_gmtoff;
	bool		jumps = offset < local.tm_gmtoff && is_due_in_jump(cron, block, offset, local.tm_gmtoff);
	bool		found = false;
	int			minute;
	int			i;

	if (is_day(cron, &local) && ((cron->hours >> local.tm_hour) & 1))
		for (i = 0; i < BLOCK / SECS_PER_MINUTE && !(found && !last); i++)
		{
			minute = local.tm_min + i;
			if (minute >= 60 || !((cron->minutes >> minute) & 1))
				continue;
			*due = block + i * SECS_PER_MINUTE;
			found = true;
		}
	if (jumps && (!found || !last))
		*due = block;
	return found || jumps;
}

/* Seconds of the Unix epoch, whose blocks and minutes are those of UTC. */
static pg_time_t
block_of(TimestampTz at)
{
	pg_time_t	t = timestamptz_to_time_t(at);

	return t - ((t % BLOCK) + BLOCK) % BLOCK;
}

/*
 * The block of AT is searched from its first minute, so what is found may lie
 * on the wrong side of it; then the minutes are gone through one by one.
 */
static bool
search_part(const SdCron *cron, pg_tz *zone, TimestampTz from, TimestampTz to, bool last,
			TimestampTz *due)
{
	pg_time_t	block = block_of(from);
	pg_time_t	minute;
	bool		found = false;

	for (minute = block; minute < block + BLOCK; minute += SECS_PER_MINUTE)
	{
		TimestampTz at = time_t_to_timestamptz(minute);
		pg_time_t	before = minute - 1;
		long		offset = pg_localtime(&before, zone)->tm_gmtoff;
		struct pg_tm local = *pg_localtime(&minute, zone);

		if (at < from || at > to ||
			!(is_due(cron, &local) ||
			  (offset < local.tm_gmtoff && is_due_in_jump(cron, minute, offset, local.tm_gmtoff))))
			continue;
		*due = at;
		found = true;
		if (!last)
			return true;
	}
	return found;
}

bool
sd_cron_last(const SdCron *cron, pg_tz *zone, TimestampTz at, TimestampTz since, TimestampTz *due)
{
	pg_time_t	block = block_of(at);
	pg_time_t	first = block_of(since);
	pg_time_t	found;

	if (search_part(cron, zone, Max(since, time_t_to_timestamptz(block)), at, true, due))
		return true;
	for (block -= BLOCK; block > first; block -= BLOCK)
	{
		block = Max(first + BLOCK, block - idle_blocks(cron, zone, block, true) * BLOCK);
		if (search_block(cron, zone, block, true, &found))
		{
			*due = time_t_to_timestamptz(found);
			return true;
		}
	}
	return block == first && search_part(cron, zone, since, at, true, due);
}

bool
sd_cron_next(const SdCron *cron, pg_tz *zone, TimestampTz at, TimestampTz until, TimestampTz *due)
{
	pg_time_t	block = block_of(at);
	pg_time_t	last = block_of(until);
	pg_time_t	found;

	if (search_part(cron, zone, at + 1, until, false, due))
		return true;
	for (block += BLOCK; block <= last; block += BLOCK)
	{
		block = Min(last, block + idle_blocks(cron, zone, block, false) * BLOCK);
		if (search_block(cron, zone, block, false, &found))
		{
			*due = time_t_to_timestamptz(found);
			return *due <= until;
		}
	}
	return false;
}
