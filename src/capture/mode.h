/*
 * mode.h
 *	  schemadrift.capture = notice and block: what the person typing is told.
 */
#ifndef SD_CAPTURE_MODE_H
#define SD_CAPTURE_MODE_H

#include "postgres.h"

#include "nodes/nodes.h"
#include "tcop/cmdtag.h"

#include "base/compat.h"

/*
 * Say that this command will be reported and how to do it in a deploy: once
 * for each sort of command in a transaction.  Never an error.
 */
extern void sd_mode_notice(CommandTag tag, const char *refused_claim);

/*
 * Raise ERRCODE_SD_BLOCKED.  statement: its redacted text for the server's log,
 * NULL = not known.  problem: why it cannot be told whether this is a deploy;
 * NULL = it is none.
 */
SD_NORETURN extern void sd_mode_refuse(CommandTag tag, const char *statement, const char *problem);

/*
 * Does the command end a transaction on its way, or reach another server?
 * Then it is too late to refuse it when it has run.
 */
extern bool sd_mode_is_hasty(Node *tree);

#endif							/* SD_CAPTURE_MODE_H */
