/*
 * demand.h
 *	  Wakes the workers at commit; starts one where there is no launcher.
 */
#ifndef SD_DEMAND_H
#define SD_DEMAND_H

#include "postgres.h"

typedef enum SdStartResult
{
	SD_START_STARTED,
	SD_START_WOKEN,				/* it is there, or the launcher was told */
	SD_START_NO_PLACE			/* no background worker slot is free */
} SdStartResult;

/* Become what sd_wake_request() ends in.  Called from _PG_init. */
extern void sd_demand_install(void);

/* Have a worker look at this database now. */
extern SdStartResult sd_demand_start(void);

#endif							/* SD_DEMAND_H */
