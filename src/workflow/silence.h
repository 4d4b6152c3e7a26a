/*
 * silence.h
 *	  What people want not to be told: ignored, acknowledged, snoozed.
 */
#ifndef SD_SILENCE_H
#define SD_SILENCE_H

#include "postgres.h"

/* A drift sleeps this long at most. */
#define SD_SNOOZE_LONGEST "30 days"

/*
 * Hide what a pattern is about until a time (text), and look what that is:
 * *hidden.  Raises an error for a pattern that is about everything, or about
 * the watch itself, and for a time that is not to come or too far away.
 * Returns the rule's id.
 */
extern int64 sd_silence_ignore(const char *pattern, const char *reason, const char *until, int64 *hidden);

/* Show it again: what differs still is told. */
extern void sd_silence_unignore(int64 rule);

/*
 * An open drift stays silent as long as it is what it is now; until a time
 * (text); or is only noted.  note may be NULL in the first two.
 */
extern void sd_silence_acknowledge(int64 id, const char *note);
extern void sd_silence_snooze(int64 id, const char *until, const char *note);
extern void sd_silence_comment(int64 id, const char *note);

#endif							/* SD_SILENCE_H */
