/*
 * free.h
 *	  Objects that come and go by design, and so are no drift.
 */
#ifndef SD_FREE_H
#define SD_FREE_H

#include "workflow/check.h"

/*
 * Put into the baseline what partition policies and extensions that make
 * tables of their own leave free; what is left stays in check->changes.
 */
extern void sd_free_absorb(SdCheck *check);

/*
 * Might anything of that be among the changes?  Then it takes both sides whole
 * to tell.
 */
extern bool sd_free_concerns(const SdCheck *check);

#endif							/* SD_FREE_H */
