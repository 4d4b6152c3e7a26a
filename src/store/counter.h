/*
 * counter.h
 *	  Numbers of a sequence of ours, drawn without nextval().
 */
#ifndef SD_STORE_COUNTER_H
#define SD_STORE_COUNTER_H

#include "postgres.h"

/*
 * The next number of "schemadrift.name", which a rollback does not give back.
 * Waits for nobody but another draw, needs no privilege, and leaves lastval()
 * of the session alone.  Raises an error when it cannot: call it guarded.
 *
 * The log is written once for 1 + ahead numbers; a crash or a promotion skips
 * what of these was not drawn yet.  With 0 the sequence counts exactly.
 */
extern int64 sd_counter_next(Oid sequence, int ahead);

#endif							/* SD_STORE_COUNTER_H */
