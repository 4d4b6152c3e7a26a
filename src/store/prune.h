/*
 * prune.h
 *	  Deletes what is too old to keep: each call at most batch rows of a table,
 *	  and how many in all.
 *
 * Nothing of an open drift, nor what a moment that can still be asked for is
 * rebuilt from.  Baselines stay for ever; events, deliveries and runs have
 * rules of their own (event.h, delivery.h, run.h).
 */
#ifndef SD_PRUNE_H
#define SD_PRUNE_H

#include "postgres.h"

/* Changes, and observations but the last one of that age. */
extern uint64 sd_prune_history(int older_than_minutes, int batch);

/* Drifts and incidents that are closed, decisions about them, and deploys that ended. */
extern uint64 sd_prune_closed(int older_than_minutes, int batch);

#endif							/* SD_PRUNE_H */
