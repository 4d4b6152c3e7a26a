/*
 * arguments.h
 *	  Arguments of SQL functions, and what they all refuse.
 */
#ifndef SD_ARGUMENTS_H
#define SD_ARGUMENTS_H

#include "postgres.h"

#include "fmgr.h"

/* Text, NULL for NULL. */
extern char *sd_text_argument(FunctionCallInfo fcinfo, int n);

/* Text that must be there and not empty, or an error that names it. */
extern const char *sd_required_text(FunctionCallInfo fcinfo, int n, const char *name);

/* What writes cannot run on a standby; the hint says what can. */
extern void sd_refuse_on_standby(const char *function);

#endif							/* SD_ARGUMENTS_H */
