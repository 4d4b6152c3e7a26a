/*
 * page_state.h
 *	  The only SQL on schemadrift.page_state: the catalogs' pages as the last
 *	  check saw them.
 */
#ifndef SD_PAGE_STATE_H
#define SD_PAGE_STATE_H

#include "postgres.h"

#include "utils/hsearch.h"

/* An object about which catalog rows came, went or changed. */
typedef struct SdTouched
{
	Oid			classid;		/* hash key, with objid */
	Oid			objid;
	uint64		difference;		/* of the sums of its rows, never 0 */
} SdTouched;

typedef struct SdPageNews
{
	HTAB	   *touched;		/* SdTouched */
	bool		everywhere;		/* something changed whose users cannot be told */
} SdPageNews;

/* Forget all pages, so that the next comparison touches everything. */
extern void sd_page_state_forget(void);

/*
 * Compare the catalogs, as the current command sees them, with the pages of
 * last time, and remember them as they are now.  News is about what changed
 * from then to a snapshot that is no later than the end of this call.
 */
extern SdPageNews *sd_page_state_compare(void);

#endif							/* SD_PAGE_STATE_H */
