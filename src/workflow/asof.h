/*
 * asof.h
 *	  The side "asof:TIME": live as the last check up to then saw it.
 *
 * TIME is what timestamptz takes ("2026-11-01", "2026-11-01 12:00+00",
 * "yesterday"), or an interval back from now with a sign ("-2 days").
 */
#ifndef SD_ASOF_H
#define SD_ASOF_H

#include "postgres.h"

#include "compare/render.h"
#include "store/observation.h"

extern bool sd_asof_is(const char *side);

/*
 * What was seen then.  Raises an error for what is no time, and ERRCODE_SD_NO_BASELINE
 * for one before the first observation.
 */
extern SdObservation *sd_asof_find(const char *side);
extern SdSnapshot *sd_asof_snapshot(const char *side, MemoryContext parent);

/* When the side was last seen to be so, for a report. */
extern void sd_asof_describe(SdReportSide *described, const char *side);

#endif							/* SD_ASOF_H */
