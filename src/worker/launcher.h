/*
 * launcher.h
 *	  Sends workers to the databases that need one.
 */
#ifndef SD_LAUNCHER_H
#define SD_LAUNCHER_H

#include "postgres.h"

/* Called from _PG_init while preloading. */
extern void sd_launcher_register(void);

extern PGDLLEXPORT void sd_launcher_main(Datum arg);

#endif							/* SD_LAUNCHER_H */
