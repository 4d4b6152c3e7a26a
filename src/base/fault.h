/*
 * fault.h
 *	  Named points at which a test can make schemadrift fail.
 *
 * SD_FAULT_POINT("capture.insert") raises an error when the superuser-only
 * setting schemadrift.inject_fault holds that name; otherwise it costs a
 * pointer and a byte comparison.
 */
#ifndef SD_FAULT_H
#define SD_FAULT_H

#include "postgres.h"

#include "base/error.h"
#include "base/settings.h"

#define SD_FAULT_POINT(name) \
	do { \
		if (sd_inject_fault != NULL && sd_inject_fault[0] != '\0' && \
			strcmp(sd_inject_fault, (name)) == 0) \
			ereport(ERROR, \
					(errcode(ERRCODE_SD_INJECTED), \
					 errmsg("injected fault at \"%s\"", (name)))); \
	} while (0)

#endif							/* SD_FAULT_H */
