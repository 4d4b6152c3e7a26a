/*
 * waiter.h
 *	  Without a launcher: sends a worker again when a message is due.
 */
#ifndef SD_WAITER_H
#define SD_WAITER_H

#include "postgres.h"

/* Have a worker look at this database again in that many milliseconds. */
extern void sd_waiter_start(int64 wait);

extern PGDLLEXPORT void sd_waiter_main(Datum arg);

#endif							/* SD_WAITER_H */
