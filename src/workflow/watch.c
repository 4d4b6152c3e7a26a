/*
 * watch.c
 *	  The watch workflow: live against its baseline, into drift and incidents.
 */
#include "postgres.h"

#include "workflow/check.h"
#include "workflow/watch.h"

int
sd_watch_run(void)
{
	SdCheck		check = {0};

	sd_check_take_turn();
	return sd_check_run(&check, false);
}
