/*
 * route_scan.h
 *	  Which channels would be told, read without SQL and without waiting.
 */
#ifndef SD_STORE_ROUTE_SCAN_H
#define SD_STORE_ROUTE_SCAN_H

#include "postgres.h"

#include "nodes/pg_list.h"

/*
 * Names of the enabled channels with a route for the workflow, whatever
 * conditions that has, char *, each once.  Raises an error when it cannot read
 * them at once: call it guarded.
 */
extern List *sd_route_scan(const char *workflow);

#endif							/* SD_STORE_ROUTE_SCAN_H */
