/*
 * recall.h
 *	  What the last check knew, and what of that no longer holds.
 */
#ifndef SD_RECALL_H
#define SD_RECALL_H

#include "postgres.h"

#include "model/snapshot.h"
#include "store/check_state.h"
#include "store/page_state.h"

typedef struct SdRecall
{
	const char *form;			/* sd_form_version() */
	SdCheckState *state;
	int64		horizon;		/* the last event before it was looked */
	SdPageNews *news;			/* NULL: every check is to look at everything */
	HTAB	   *reached;		/* what sd_recall_sides() looked at: addresses */
	List	   *keys;			/* and char *, of all that bears or bore them */
} SdRecall;

/*
 * To be called before anything else of a check, so that what changes while
 * that goes on is news to the next one.  NULL when there is no baseline.
 */
extern SdRecall *sd_recall(void);

/* Does all that the last check found still stand? */
extern bool sd_recall_stands(SdRecall *recall);

/*
 * What changed since, what that may show in, and what differed already, on both
 * sides: all differences between the whole sides are between these.  False
 * when that cannot be told, or is not less work than the whole.
 */
extern bool sd_recall_sides(SdRecall *recall, SdSnapshot **baseline, SdSnapshot **live);

/*
 * Do these changes between those sides, and the DDL that undoes them, involve
 * nothing else?
 */
extern bool sd_recall_suffices(const SdSnapshot *baseline, List *changes);

/*
 * The check ended with these changes open; the sides are those that
 * sd_recall_sides() gave, or after a full check everything.  Without changes
 * there need be no baseline.
 */
extern void sd_recall_save(SdRecall *recall, const SdSnapshot *baseline, const SdSnapshot *live,
						   List *changes);

#endif							/* SD_RECALL_H */
