/*
 * error.h
 *	  The SQLSTATEs of schemadrift, all in class SD.
 *
 * They are documented in doc/errors.md, which a test holds against this list.
 */
#ifndef SD_ERROR_H
#define SD_ERROR_H

#include "postgres.h"

#include "utils/elog.h"

/* drift_gate(): there is drift at or above the asked severity */
#define ERRCODE_SD_DRIFT			MAKE_SQLSTATE('S', 'D', '0', '0', '1')
/* there is no baseline to compare with */
#define ERRCODE_SD_NO_BASELINE		MAKE_SQLSTATE('S', 'D', '0', '0', '2')
/* a side is stale or cannot be reached */
#define ERRCODE_SD_UNREACHABLE		MAKE_SQLSTATE('S', 'D', '0', '0', '3')
/* the schema kept changing while its snapshot was taken */
#define ERRCODE_SD_RACED			MAKE_SQLSTATE('S', 'D', '0', '0', '4')
/* a secret's file is missing or not private */
#define ERRCODE_SD_SECRET			MAKE_SQLSTATE('S', 'D', '0', '0', '5')
/* an URL or address that policy does not allow */
#define ERRCODE_SD_HOST_REFUSED		MAKE_SQLSTATE('S', 'D', '0', '0', '6')
/* schemadrift.capture = block refused a command outside a deploy */
#define ERRCODE_SD_BLOCKED			MAKE_SQLSTATE('S', 'D', '0', '0', '7')
/* a fault asked for by schemadrift.inject_fault */
#define ERRCODE_SD_INJECTED			MAKE_SQLSTATE('S', 'D', '0', '9', '9')

#endif							/* SD_ERROR_H */
