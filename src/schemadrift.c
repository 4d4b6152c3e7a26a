/*
 * schemadrift.c
 *	  The library's entry: settings, hooks, worker registration.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"

#include "base/compat.h"
#include "base/settings.h"
#include "base/wake.h"
#include "capture/capture.h"
#include "worker/worker.h"

SD_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	sd_settings_define();
	sd_wake_init();
	sd_capture_init();
	sd_worker_init();
}
