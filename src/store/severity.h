/*
 * severity.h
 *	  The only SQL on schemadrift.severity: what users gave to findings instead
 *	  of their built-in class and severity.
 */
#ifndef SD_STORE_SEVERITY_H
#define SD_STORE_SEVERITY_H

#include "postgres.h"

#include "model/change.h"

typedef struct SdSeverities SdSeverities;

/* All that was changed, read at once. */
extern SdSeverities *sd_severities(void);

/* What was given to the finding; false, and nothing set, where nothing was. */
extern bool sd_severity_of(const SdSeverities *severities, const char *finding,
						   SdClass *class, SdSeverity *severity);

/* Give them to a finding, or take back what was given; false = nothing had been. */
extern void sd_severity_store(const char *finding, SdClass class, SdSeverity severity);
extern bool sd_severity_delete(const char *finding);

#endif							/* SD_STORE_SEVERITY_H */
