/*
 * runs.h
 *	  Runs the commands that schedules queued.
 */
#ifndef SD_RUNS_H
#define SD_RUNS_H

#include "postgres.h"

/*
 * Take one queued run and run it to its end.  Returns false when none was
 * queued, or the extension is gone.  No transaction may be open.
 */
extern bool sd_run_one(void);

/*
 * Raises an error unless command is one SELECT of one of our own functions
 * with constants for arguments.  For drift_schedule(), so that a mistake shows
 * at once, and again before each run.
 */
extern void sd_run_check_command(const char *command);

#endif							/* SD_RUNS_H */
