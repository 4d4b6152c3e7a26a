/*
 * selfcheck.h
 *	  What is wrong with the watch itself is drift, too.
 */
#ifndef SD_SELFCHECK_H
#define SD_SELFCHECK_H

#include "postgres.h"

#include "model/event.h"
#include "workflow/check.h"

/* object_type of the drift that says that DDL is not captured as it should be */
#define SD_CAPTURE_DRIFT "capture"

/*
 * Capture that is meant to be on and is not, whoever switched it off and during
 * whatever deploy: what happens meanwhile would have no author.  NULL = it is on.
 */
extern SdItem *sd_selfcheck_capture(void);

/* The last command about event triggers, for who switched it off; NULL = none. */
extern const SdEvent *sd_selfcheck_event(const SdCheck *check);

#endif							/* SD_SELFCHECK_H */
