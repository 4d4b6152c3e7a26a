/*
 * baseline_read.h
 *	  Reads schemadrift.baseline for people; versions are stored and loaded in
 *	  baseline.c.
 */
#ifndef SD_STORE_BASELINE_READ_H
#define SD_STORE_BASELINE_READ_H

#include "postgres.h"

#include "base/rows.h"
#include "store/baseline.h"

/* One row: created_at, created_by, reason, server_version. */
extern SdRows *sd_baseline_origin(const SdBaseline *baseline);

#endif							/* SD_STORE_BASELINE_READ_H */
