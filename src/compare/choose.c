/*
 * choose.c
 *	  Which differences a pattern is about.
 *
 * Attributes are not looked up: each kind has its own, and what one kind lacks
 * may be just what the pattern is about in another.
 */
#include "postgres.h"

#include "base/text.h"
#include "compare/choose.h"
#include "kind/kind.h"

static bool
is_class(const char *name)
{
	SdClass		class;

	return sd_class_parse(name, &class);
}

static bool
is_change(const char *name)
{
	SdChangeKind change;

	for (change = SD_CHANGE_ADDED; change <= SD_CHANGE_RENAMED; change++)
		if (strcmp(sd_change_name(change), name) == 0)
			return true;
	return false;
}

/* What stands as object_type where the watch itself is concerned: routes may name it. */
static const char *const self_kinds[] = {"capture", "deploy claim"};

static bool
is_kind(const char *name)
{
	int			i;

	for (i = 0; i < lengthof(self_kinds); i++)
		if (strcmp(self_kinds[i], name) == 0)
			return true;
	return sd_kind_find(name) != NULL;
}

static const char *const class_hint = "The classes are additive, risky, breaking, security and unattributed.";

static void
check_value(const char *field, const char *value, bool (*exists) (const char *), const char *hint)
{
	if (!exists(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s \"%s\" does not exist", field, sd_display(value, false)),
				 errhint("%s", hint)));
}

void
sd_choose_check_class(const char *name)
{
	check_value("class", name, is_class, class_hint);
}

static void
check_values(const SdPattern *pattern, const char *field, bool (*exists) (const char *), const char *hint)
{
	ListCell   *cell;

	foreach(cell, sd_pattern_values(pattern, field))
		check_value(field, lfirst(cell), exists, hint);
}

SdPattern *
sd_choose_pattern(const char *text)
{
	SdPatternProblem problem;
	SdPattern  *pattern = sd_pattern_parse(text, &problem);

	if (pattern == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" is not a pattern of objects: see character %d",
						sd_display(sd_cut(text, 100), false), problem.place),
				 errdetail_internal("%s", problem.detail),
				 errhint("Such as public.tmp_*, public.orders.** or [kind=view,matview] reports.*;"
						 " SELECT drift_help('patterns') has more.")));
	check_values(pattern, "kind", is_kind, "SELECT drift_help('kinds') lists the kinds.");
	check_values(pattern, "class", is_class, class_hint);
	check_values(pattern, "change", is_change, "The changes are added, removed, changed and renamed.");
	return pattern;
}

bool
sd_choose_item(const SdPattern *pattern, const SdItem *item)
{
	SdPatternSubject subject;

	subject.kind = item->object_type;
	subject.class = sd_class_name(item->class);
	subject.change = sd_change_name(item->change);
	subject.object = item->object;
	subject.attribute = item->attribute;
	return sd_pattern_matches(pattern, &subject);
}
