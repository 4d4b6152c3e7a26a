/*
 * noise.h
 *	  What maintenance tools make for themselves while they are at work.
 */
#ifndef SD_NOISE_H
#define SD_NOISE_H

#include "postgres.h"

#include "store/drift.h"
#include "workflow/check.h"

/*
 * Set item->rule_id to the number, below zero, of the built-in rule that hides
 * the item as long as that work goes on; schemadrift.noise_rules() names them.
 * What is left over when it is not going on is drift like any other.
 */
extern void sd_noise_hide(const SdCheck *check, const SdKnownDrifts *known, SdItem *item);

/*
 * Is another session about a command CONCURRENTLY?  What that does is there
 * before its event is; where there is none after both sides were read, events
 * that are read from now on tell of all that is there.
 */
extern bool sd_noise_is_building(void);

#endif							/* SD_NOISE_H */
