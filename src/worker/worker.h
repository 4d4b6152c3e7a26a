/*
 * worker.h
 *	  The door of this folder for _PG_init.
 */
#ifndef SD_WORKER_H
#define SD_WORKER_H

/* Shared memory, launcher and hooks when preloading; wake-ups in any case. */
extern void sd_worker_init(void);

#endif							/* SD_WORKER_H */
