/*
 * vacate.h
 *	  Leaves a database alone while a command needs it for itself.
 */
#ifndef SD_VACATE_H
#define SD_VACATE_H

#include "postgres.h"

/* Called from _PG_init while preloading: without a launcher nothing returns
 * by itself, so there is nothing to keep away. */
extern void sd_vacate_install(void);

#endif							/* SD_VACATE_H */
