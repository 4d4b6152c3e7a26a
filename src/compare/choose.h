/*
 * choose.h
 *	  Which differences a pattern (base/pattern.h) is about.
 */
#ifndef SD_CHOOSE_H
#define SD_CHOOSE_H

#include "postgres.h"

#include "base/pattern.h"
#include "model/change.h"

/*
 * The pattern, palloc'd.  Raises an error that names the place where it is
 * none, and one that lists the right names where it gives a kind, class or
 * change that there is not.
 */
extern SdPattern *sd_choose_pattern(const char *text);

/* Raises an error that lists the right ones where there is no such class. */
extern void sd_choose_check_class(const char *name);

/* Is it about this difference? */
extern bool sd_choose_item(const SdPattern *pattern, const SdItem *item);

#endif							/* SD_CHOOSE_H */
