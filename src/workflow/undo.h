/*
 * undo.h
 *	  Decisions taken back.
 */
#ifndef SD_UNDO_H
#define SD_UNDO_H

#include "postgres.h"

/*
 * Take a decision back, and look what that shows: what was accepted gets its
 * earlier form in the baseline again, as a new version; a rule is removed; what
 * was silenced is told.  Raises an error when the decision is not there, was
 * taken back already, cannot be, or when others build on it.  Returns a
 * sentence that says what came of it.
 */
extern char *sd_undo(int64 decision_id, const char *reason);

#endif							/* SD_UNDO_H */
