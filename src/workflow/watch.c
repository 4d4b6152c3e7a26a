/*
 * watch.c
 *	  A place to stand on until the watch workflow is written.
 */
#include "postgres.h"

#include "workflow/watch.h"

int
sd_watch_run(void)
{
	return 0;
}
