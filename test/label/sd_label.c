/*
 * sd_label.c
 *	  A security label provider for tests: takes any label but "refused".
 *
 * No provider is packaged, and without one no label can be set.  Built by
 * test/t/043_shared.pl with PGXS; never installed.
 */
#include "postgres.h"

#include "commands/seclabel.h"
#include "fmgr.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

static void
check_label(const ObjectAddress *object, const char *label)
{
	if (label && strcmp(label, "refused") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("label \"%s\" is refused", label)));
}

void
_PG_init(void)
{
	register_label_provider("sd test", check_label);
	register_label_provider("other", check_label);
}
