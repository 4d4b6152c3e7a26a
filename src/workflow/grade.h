/*
 * grade.h
 *	  How grave a difference is, who owns it and what brought it about.
 */
#ifndef SD_GRADE_H
#define SD_GRADE_H

#include "postgres.h"

#include "workflow/check.h"

/*
 * Class and severity of items (SdItem *): those of their finding, as built in
 * or as users changed them; what nothing explains is unattributed.  is_live: they
 * are about this database as it is now.
 */
extern void sd_grade(List *items, bool is_live);

/* Owner and cause of the items of a check. */
extern void sd_grade_belongings(const SdCheck *check, List *items);

#endif							/* SD_GRADE_H */
