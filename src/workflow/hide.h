/*
 * hide.h
 *	  What somebody decided is not to be told: ignore rules at work.
 */
#ifndef SD_HIDE_H
#define SD_HIDE_H

#include "postgres.h"

#include "model/change.h"

/* The rules that count now, for sd_hide(). */
extern List *sd_hide_rules(void);

/*
 * Set item->rule_id to the oldest rule that hides the item, 0 = none does.
 * What is wrong with the watch itself is never hidden.
 */
extern void sd_hide(List *rules, SdItem *item);

#endif							/* SD_HIDE_H */
