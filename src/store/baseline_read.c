/*
 * baseline_read.c
 *	  Reads schemadrift.baseline for people.
 */
#include "postgres.h"

#include "base/spi.h"
#include "store/baseline_read.h"

SdRows *
sd_baseline_origin(const SdBaseline *baseline)
{
	return sd_spi_queryv("SELECT pg_catalog.to_char(created_at, 'YYYY-MM-DD HH24:MI:SSOF') AS created_at,"
						 "       created_by, reason, server_version"
						 "  FROM schemadrift.baseline"
						 " WHERE name = $1 AND version = $2::pg_catalog.int4",
						 baseline->name, psprintf("%d", baseline->version));
}
