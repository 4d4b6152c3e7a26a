/*
 * noise.h
 *	  What maintenance tools make for themselves while they are at work.
 */
#ifndef SD_NOISE_H
#define SD_NOISE_H

#include "postgres.h"

#include "model/change.h"
#include "store/drift.h"

/*
 * Set item->rule_id to the number, below zero, of the built-in rule that hides
 * the item as long as that work goes on; schemadrift.noise_rules() names them.
 * What is left over when it is not going on is drift like any other.
 */
extern void sd_noise_hide(const SdKnownDrifts *known, SdItem *item);

#endif							/* SD_NOISE_H */
