/*
 * worker.c
 *	  What of this folder is set up when the library is loaded.
 *
 * Never an error or worse: a server must start, and a session go on, whatever
 * else is amiss.  Nothing at all during pg_upgrade.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "worker/demand.h"
#include "worker/launcher.h"
#include "worker/shared.h"
#include "worker/vacate.h"
#include "worker/worker.h"

void
sd_worker_init(void)
{
	if (IsBinaryUpgrade)
		return;
	if (process_shared_preload_libraries_in_progress)
	{
		sd_shared_register();
		sd_launcher_register();
		sd_vacate_install();
	}
	sd_demand_install();
}
