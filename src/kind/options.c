/*
 * options.c
 *	  Lists of options as text.
 *
 * The server quotes names and values, doubling the quotes inside, so a quote
 * of either sort is open until the next of its own sort.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/text.h"
#include "kind/options.h"

/* The next place outside quotes where the text goes on so; NULL: nowhere. */
static const char *
find_outside_quotes(const char *text, const char *what)
{
	char		open = '\0';
	const char *p;

	for (p = text; *p; p++)
	{
		if (open)
			open = *p == open ? '\0' : open;
		else if (*p == '\'' || *p == '"')
			open = *p;
		else if (strncmp(p, what, strlen(what)) == 0)
			return p;
	}
	return NULL;
}

List *
sd_options_split(const char *options)
{
	List	   *list = NIL;
	const char *start = options;
	const char *end;

	if (options == NULL || *options == '\0')
		return NIL;
	while ((end = find_outside_quotes(start, ", ")) != NULL)
	{
		list = lappend(list, pnstrdup(start, end - start));
		start = end + strlen(", ");
	}
	return lappend(list, pstrdup(start));
}

static const char *
equals_sign(const char *option)
{
	const char *sign = find_outside_quotes(option, "=");

	if (sign == NULL)
		elog(ERROR, "malformed option \"%s\"", option);
	return sign;
}

char *
sd_option_name(const char *option)
{
	const char *end = equals_sign(option);

	while (end > option && end[-1] == ' ')
		end--;
	return pnstrdup(option, end - option);
}

char *
sd_option_value(const char *option)
{
	const char *start = equals_sign(option) + 1;

	while (*start == ' ')
		start++;
	return pstrdup(start);
}

const char *
sd_option_find(List *options, const char *name)
{
	ListCell   *cell;

	foreach(cell, options)
		if (strcmp(sd_option_name(lfirst(cell)), name) == 0)
			return lfirst(cell);
	return NULL;
}

/* "a 'x'", with a verb before it where one is given */
static char *
foreign_option(const char *verb, const char *option)
{
	return psprintf("%s%s %s", verb, sd_option_name(option), sd_option_value(option));
}

/* Say what cannot be written of a secret. */
static void
note_mask(SdDdl *ddl, const SdObject *object, const char *text)
{
	if (ddl && strstr(text, SD_MASK))
		sd_ddl_impossible(ddl, "The %s %s has a secret, which is kept nowhere; write it in the place of %s.",
						  object->kind->name, object->identity, SD_MASK);
}

char *
sd_options_foreign(SdDdl *ddl, const SdObject *object, const char *property)
{
	const char *options = sd_object_value(object, property);
	List	   *texts = NIL;
	ListCell   *cell;

	if (sd_object_unreadable(object, property))
	{
		if (ddl)
			sd_ddl_impossible(ddl, "The options of the %s %s could not be read and are left out.",
							  object->kind->name, object->identity);
		return pstrdup("");
	}
	foreach(cell, sd_options_split(options))
		texts = lappend(texts, foreign_option("", lfirst(cell)));
	if (texts == NIL)
		return pstrdup("");
	note_mask(ddl, object, options);
	return psprintf(" OPTIONS (%s)", sd_join(texts, ", "));
}

void
sd_options_foreign_alter(SdDdl *ddl, const SdChange *change, const char *property, const char *prefix)
{
	List	   *before = sd_options_split(sd_object_value(change->from, property));
	List	   *after = sd_options_split(sd_object_value(change->to, property));
	List	   *steps = NIL;
	ListCell   *cell;

	foreach(cell, after)
	{
		const char *old = sd_option_find(before, sd_option_name(lfirst(cell)));

		if (old && strcmp(old, lfirst(cell)) == 0)
			continue;
		steps = lappend(steps, foreign_option(old ? "SET " : "ADD ", lfirst(cell)));
		note_mask(ddl, change->to, lfirst(cell));
	}
	foreach(cell, before)
		if (sd_option_find(after, sd_option_name(lfirst(cell))) == NULL)
			steps = lappend(steps, psprintf("DROP %s", sd_option_name(lfirst(cell))));
	if (steps)
		sd_ddl_addf(ddl, "%s OPTIONS (%s)", prefix, sd_join(steps, ", "));
}

void
sd_options_create(SdDdl *ddl, const SdObject *object, const SdProperty *properties)
{
	List	   *options = NIL;
	int			i;

	for (i = 0; properties[i].name != NULL; i++)
		if (object->values[i])
			options = lappend(options, psprintf("%s = %s", properties[i].name, object->values[i]));
	sd_ddl_addf(ddl, "CREATE %s %s (%s)", object->kind->keyword, object->identity, sd_join(options, ", "));
}
