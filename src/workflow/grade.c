/*
 * grade.c
 *	  How grave a difference is, who owns it and what brought it about.
 */
#include "postgres.h"

#include "base/spi.h"
#include "compare/cause.h"
#include "compare/classify.h"
#include "compare/owner.h"
#include "store/baseline_read.h"
#include "store/severity.h"
#include "workflow/grade.h"

/* Whoever owns it: does the catalog say that it is a superuser now? */
static bool
is_superuser(const char *quoted_role)
{
	return sd_spi_queryv("SELECT FROM pg_catalog.pg_roles WHERE rolsuper AND pg_catalog.quote_ident(rolname) = $1",
						 quoted_role)->nrows > 0;
}

static void
grade_item(SdItem *item, const SdSeverities *severities)
{
	const SdFinding *finding = sd_finding(item->finding);
	SdSeverity	least = SD_SEVERITY_CRITICAL;
	SdClass		class;

	if (finding)
	{
		item->class = finding->class;
		item->severity = finding->severity;
	}
	if (item->finding)
		(void) sd_severity_of(severities, item->finding, &item->class, &item->severity);
	if (!item->unattributed)
		return;
	(void) sd_severity_of(severities, SD_FINDING_UNATTRIBUTED, &class, &least);
	item->class = SD_CLASS_UNATTRIBUTED;
	item->severity = Max(item->severity, least);
}

void
sd_grade(List *items, bool is_live)
{
	SdSeverities *severities = items ? sd_severities() : NULL;
	ListCell   *cell;

	foreach(cell, items)
	{
		SdItem	   *item = lfirst(cell);

		/* what only the catalog of now can tell */
		if (is_live && item->finding && strcmp(item->finding, "owner_changed") == 0 && item->actual &&
			is_superuser(item->actual))
			item->finding = "owner_to_superuser";
		grade_item(item, severities);
	}
}

/* A part of the schema may have been looked at only: the rest is stored. */
static const char *
stored_comment(const char *key, void *arg)
{
	return sd_baseline_value(((const SdCheck *) arg)->stored, key, "comment");
}

void
sd_grade_belongings(const SdCheck *check, List *items)
{
	if (check->baseline == NULL)
		return;
	sd_causes_find(check->baseline, items);
	sd_owners_find(check->baseline, check->live, items, stored_comment, unconstify(SdCheck *, check));
}
