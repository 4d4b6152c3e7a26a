/*
 * items.h
 *	  Rows of type drift_item from C.
 */
#ifndef SD_ITEMS_H
#define SD_ITEMS_H

#include "postgres.h"

#include "fmgr.h"

#include "base/rows.h"
#include "model/change.h"

/* Start the result set of a set-returning function. */
extern void sd_items_begin(FunctionCallInfo fcinfo);

/* Add one difference; id, state and hint are NULL where it is no recorded drift. */
extern void sd_items_add(FunctionCallInfo fcinfo, const SdItem *item);

/* Add rows of a query by casting each text to its column's type; the query
 * has the columns of drift_item in order. */
extern void sd_rows_return(FunctionCallInfo fcinfo, const SdRows *rows);

#endif							/* SD_ITEMS_H */
