/*
 * named.c
 *	  The object that somebody means by a name.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/varlena.h"

#include "base/error.h"
#include "base/text.h"
#include "kind/kind.h"
#include "store/history.h"
#include "workflow/named.h"

/* Names in a hint. */
#define SD_MOST_NAMED 5

/* How well a key fits, best first. */
enum
{
	FITS_EXACTLY,				/* the identity */
	FITS_WITHOUT_ARGUMENTS,
	FITS_WITHOUT_SCHEMA,
	FITS
};

SdObservation *
sd_named_observation(void)
{
	SdObservation *observation = sd_observation_latest();

	if (observation == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SD_NO_BASELINE),
				 errmsg("nothing is known of any object: no check has been made yet"),
				 errhint("SELECT drift_watch() or SELECT * FROM drift_check() begins.")));
	return observation;
}

static const char *
identity_of(const char *key)
{
	return strchr(key, ' ') + 1;
}

static bool
is_of_kind(const char *key, const SdKind *kind)
{
	return kind == NULL || strncmp(key, kind->name, identity_of(key) - key - 1) == 0;
}

static int
fit_of(const char *key, const char *name)
{
	const char *identity = identity_of(key);
	size_t		length = strlen(name);

	if (strcmp(identity, name) == 0)
		return FITS_EXACTLY;
	if (strncmp(identity, name, length) == 0 && identity[length] == '(')
		return FITS_WITHOUT_ARGUMENTS;
	return FITS_WITHOUT_SCHEMA;
}

static void
raise_several(const char *name, List *keys)
{
	StringInfoData list;
	ListCell   *cell;

	initStringInfo(&list);
	foreach(cell, keys)
	{
		if (foreach_current_index(cell) == SD_MOST_NAMED)
		{
			appendStringInfoString(&list, ", ...");
			break;
		}
		appendStringInfo(&list, "%s%s", list.len ? ", " : "", sd_display(lfirst(cell), false));
	}
	ereport(ERROR,
			(errcode(ERRCODE_AMBIGUOUS_ALIAS),
			 errmsg("\"%s\" may be one of %d objects", sd_display(name, false), list_length(keys)),
			 errdetail("%s", list.data),
			 errhint("Write its kind before it, and its schema.")));
}

/* The one that fits best; those that are no parts before those that are. */
static const char *
best_of(const SdRows *rows, const SdKind *kind, const char *name)
{
	int			fit;
	int			pass;
	int			r;

	for (fit = FITS_EXACTLY; fit < FITS; fit++)
		for (pass = 0; pass <= 1; pass++)
		{
			List	   *keys = NIL;

			for (r = 0; r < rows->nrows; r++)
			{
				const char *key = sd_rows_value(rows, r, "key");

				if (is_of_kind(key, kind) && fit_of(key, name) == fit && sd_rows_bool(rows, r, "whole") == (pass == 0))
					keys = lappend(keys, unconstify(char *, key));
			}
			if (list_length(keys) > 1)
				raise_several(name, keys);
			if (keys)
				return linitial(keys);
		}
	return NULL;
}

/* -- when there is none -------------------------------------------------------------- */

/* The last part of an identity, without arguments and quotes. */
static char *
last_part(const char *identity)
{
	char	   *name = pnstrdup(identity, strcspn(identity, "("));
	char	   *dot = strrchr(name, '.');
	char	   *last = dot ? dot + 1 : name;
	size_t		length = strlen(last);

	if (length > 2 && last[0] == '"')
		last = pnstrdup(last + 1, length - 2);
	return asc_tolower(last, strlen(last));
}

static int
distance(const char *a, const char *b, int most)
{
	if (strlen(a) > 255 || strlen(b) > 255)
		return most + 1;
	return varstr_levenshtein_less_equal(a, strlen(a), b, strlen(b), 1, 1, 1, most, true);
}

/* Names that differ in a third of their letters at most, nearest first. */
static char *
near_names(const SdObservation *observation, const char *name)
{
	SdRows	   *rows = sd_observation_names(observation);
	char	   *part = last_part(name);
	int			most = Max(1, (int) strlen(part) / 3);
	StringInfoData list;
	int			named = 0;
	int			d;
	int			r;

	initStringInfo(&list);
	for (d = 0; d <= most; d++)
		for (r = 0; r < rows->nrows && named < SD_MOST_NAMED; r++)
		{
			const char *key = sd_rows_value(rows, r, "key");

			if (distance(part, last_part(identity_of(key)), most) != d)
				continue;
			appendStringInfo(&list, "%s%s", list.len ? ", " : "", sd_display(key, false));
			named++;
		}
	return list.len ? list.data : NULL;
}

static void
raise_none(const SdObservation *observation, const char *name)
{
	SdRows	   *removed = sd_history_removed(name);
	char	   *near = near_names(observation, name);

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("there was no object \"%s\" at the last check that saw a change", sd_display(name, false)),
			 removed->nrows == 0 ? 0 :
			 errdetail("%s %s was removed by %s, seen at %s.", sd_rows_value(removed, 0, "object_type"),
					   sd_display(sd_rows_value(removed, 0, "object"), false),
					   sd_display(sd_rows_value(removed, 0, "who"), false), sd_rows_value(removed, 0, "seen_at")),
			 near ? errhint("Do you mean %s?", near) :
			 errhint("SELECT kind, identity FROM drift_objects('asof:now') lists them;"
					 " SELECT drift_check() looks for new ones.")));
}

/* -- finding it ------------------------------------------------------------------------ */

/* "table public.orders": its kind, and the name without that; NULL = it says none. */
static const SdKind *
take_kind(const char **name)
{
	const char *space = strchr(*name, ' ');
	const SdKind *kind = space ? sd_kind_find(pnstrdup(*name, space - *name)) : NULL;

	if (kind)
		*name = space + 1;
	return kind;
}

/* As SQL reads it: letters outside quotes are small. */
static char *
fold(const char *name)
{
	char	   *folded = pstrdup(name);
	bool		quoted = false;
	char	   *p;

	for (p = folded; *p; p++)
	{
		if (*p == '"')
			quoted = !quoted;
		if (!quoted)
			*p = pg_ascii_tolower((unsigned char) *p);
	}
	return folded;
}

const char *
sd_named_object(const SdObservation *observation, const char *name)
{
	const char *rest = name;
	const SdKind *kind = take_kind(&rest);
	const char *tries[3];
	int			i;

	tries[0] = rest;
	tries[1] = fold(rest);
	tries[2] = sd_quote_identifier(rest);
	for (i = 0; i < lengthof(tries); i++)
	{
		const char *key;

		if (i > 0 && strcmp(tries[i], tries[i - 1]) == 0)
			continue;
		key = best_of(sd_observation_named(observation, tries[i]), kind, tries[i]);
		if (key)
			return key;
	}
	raise_none(observation, rest);
	return NULL;
}
